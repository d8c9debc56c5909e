"""The seeded database, modelled by the real dbt project, as a template for the tests of pages and API."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from internflow.settings import ROOT, Settings, read_settings
from internflow.warehouse.connections import connect
from internflow.warehouse.dbt_profile import build_dbt_environment
from internflow.warehouse.embedded import Cluster
from tests.dashboards.seeding import World, seed

TEMPLATE = "seeded"
SHARED = "seeded_shared"
EMPTY = "seeded_emptied"
ROLES = ("pipeline", "app", "analyst")


def build_template(cluster: Cluster, migrated: str, world: World, folder: Path) -> str:
    """Create the template once per cluster: migrated, seeded, built by dbt."""
    if clone_database(cluster, TEMPLATE, migrated):
        settings = settings_for(cluster, TEMPLATE, folder)
        with connect(settings, "owner") as connection:
            seed(connection, world, datetime.now(UTC))
        build_marts(settings, folder)
    return TEMPLATE


def clone_database(cluster: Cluster, name: str, template: str) -> bool:
    """Create a database that all roles reach; False when it is there already."""
    with psycopg.connect(
        host=cluster.socket_dir,
        port=cluster.port,
        user="postgres",
        password=cluster.passwords["admin"],
        dbname="postgres",
        autocommit=True,
    ) as admin:
        if admin.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return False
        admin.execute(f"create database {name} template {template} owner internflow_owner")
        admin.execute(
            f"grant connect on database {name} to {', '.join(f'internflow_{r}' for r in ROLES)}"
        )
    return True


def settings_for(cluster: Cluster, database: str, data_dir: Path) -> Settings:
    urls = {
        f"database_url_{role}": make_conninfo(cluster.url(role), dbname=database) for role in ROLES
    }
    owner = make_conninfo(cluster.url("owner"), dbname=database)
    return Settings.model_validate({"data_dir": data_dir, "database_url": owner, **urls})


def publish(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and its children read these settings from the environment."""
    for name in ("database_url", *(f"database_url_{role}" for role in ROLES)):
        monkeypatch.setenv(f"INTERNFLOW_{name.upper()}", getattr(settings, name).get_secret_value())
    monkeypatch.setenv("INTERNFLOW_DATA_DIR", str(settings.data_dir))
    read_settings.cache_clear()


def build_marts(settings: Settings, folder: Path) -> None:
    """Run the real `dbt build`, tests included."""
    environment = os.environ | build_dbt_environment(settings)
    environment |= {"DBT_LOG_PATH": str(folder / "logs"), "DBT_TARGET_PATH": str(folder / "target")}
    dbt = Path(sys.executable).parent / "dbt"
    done = subprocess.run(
        [dbt, "build", "--project-dir", ROOT / "dbt", "--profiles-dir", ROOT / "dbt"],
        env=environment,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def empty_everything(settings: Settings) -> None:
    """Leave the tables without a row, as after a first start that crawled nothing."""
    schemas = ["raw", "ai", "app", "ops", "intermediate", "marts", "snapshots"]
    with connect(settings, "owner") as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname = any(%s)"
            " and tablename <> 'migrations'",
            (schemas,),
        ).fetchall()
        names = [sql.Identifier(row["schemaname"], row["tablename"]) for row in tables]
        connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(names)))


def replace_listings(settings: Settings) -> None:
    """Put an empty table of the same columns in the place of marts.listings, to be filled by hand."""
    with connect(settings, "owner") as connection:
        connection.execute("create table marts.by_hand as table marts.listings with no data")
        row = connection.execute(
            "select relkind = 'v' as is_view from pg_class where oid = 'marts.listings'::regclass"
        ).fetchone()
        kind = sql.SQL("view" if row and row["is_view"] else "table")
        connection.execute(sql.SQL("drop {} marts.listings cascade").format(kind))
        connection.execute("alter table marts.by_hand rename to listings")
        connection.execute("grant select on marts.listings to internflow_app, internflow_pipeline")
