"""Shared fixtures: a real embedded Postgres for the session, a migrated database of its own for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from prefect.testing.utilities import prefect_test_harness
from psycopg.conninfo import make_conninfo

from internflow.settings import Settings, read_settings
from internflow.warehouse.embedded import Cluster, running_postgres
from internflow.warehouse.migrate import apply_migrations

os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
# How fast a machine is says nothing about the code.
hypothesis.settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any-machine")
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def private_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes this machine's home or InternFlow's own data folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("INTERNFLOW_DATA_DIR", str(tmp_path / "data"))
    read_settings.cache_clear()
    yield
    read_settings.cache_clear()


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """One Prefect server for all flow tests: starting it takes longer than all of them."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public data that lies beside some checkouts."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{SHARED_DATA} is absent: this test needs the real samples")
    return SHARED_DATA


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="internflow-test-"))
    with running_postgres(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


def _admin(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=cluster.socket_dir,
        port=cluster.port,
        user="postgres",
        password=cluster.passwords["admin"],
        dbname="postgres",
        autocommit=True,
    )


def _settings_for(cluster: Cluster, database: str, data_dir: Path) -> Settings:
    urls = {
        role: make_conninfo(cluster.url(role), dbname=database)
        for role in ("owner", "pipeline", "app", "analyst")
    }
    return Settings(
        data_dir=data_dir,
        database_url=urls["owner"],
        database_url_pipeline=urls["pipeline"],
        database_url_app=urls["app"],
        database_url_analyst=urls["analyst"],
    )  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def template_database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    with _admin(cluster) as admin:
        admin.execute("create database migrated owner internflow_owner")
    apply_migrations(_settings_for(cluster, "migrated", tmp_path_factory.mktemp("migrated")))
    return "migrated"


@contextmanager
def make_database(cluster: Cluster, template_database: str, data_dir: Path) -> Iterator[Settings]:
    """A fresh, migrated database with all four roles and a data folder; the database is dropped at the end."""
    database = f"test_{uuid4().hex[:12]}"
    with _admin(cluster) as admin:
        admin.execute(
            f"create database {database} template {template_database} owner internflow_owner"
        )
        for role in ("pipeline", "app", "analyst"):
            admin.execute(f"grant connect on database {database} to internflow_{role}")
    yield _settings_for(cluster, database, data_dir)
    with _admin(cluster) as admin:
        admin.execute(f"drop database {database} with (force)")


@pytest.fixture
def settings(
    cluster: Cluster, template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of a fresh database, in the environment too, for subprocesses and for code that reads it."""
    with make_database(cluster, template_database, tmp_path / "data") as chosen:
        for name in ("url", "url_pipeline", "url_app", "url_analyst"):
            value = getattr(chosen, f"database_{name}").get_secret_value()
            monkeypatch.setenv(f"INTERNFLOW_DATABASE_{name.upper()}", value)
        read_settings.cache_clear()
        yield chosen
