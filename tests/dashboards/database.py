"""The seeded database, modelled by the real dbt project, as a template for the tests of pages and API."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import connect
from internflow.warehouse.dbt_profile import build_dbt_environment
from internflow.warehouse.embedded import Cluster
from tests.dashboards.seeding import World, seed

TEMPLATE = "seeded"


def build_template(cluster: Cluster, migrated: str, world: World, folder: Path) -> str:
    """Create the template once per cluster: migrated, seeded, built by dbt."""
    with psycopg.connect(
        host=cluster.socket_dir,
        port=cluster.port,
        user="postgres",
        password=cluster.passwords["admin"],
        dbname="postgres",
        autocommit=True,
    ) as admin:
        found = admin.execute(
            "select 1 from pg_database where datname = %s", (TEMPLATE,)
        ).fetchone()
        if found:
            return TEMPLATE
        admin.execute(f"create database {TEMPLATE} template {migrated} owner internflow_owner")
    owner = make_conninfo(cluster.url("owner"), dbname=TEMPLATE)
    settings = Settings(data_dir=folder, database_url=owner)
    with connect(settings, "owner") as connection:
        seed(connection, world, datetime.now(UTC))
    build_marts(settings, folder)
    return TEMPLATE


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
    with connect(settings, "owner") as connection:
        connection.execute(
            "truncate raw.postings, ops.posting_sightings, ops.crawl_results, ai.posting_facts, raw.repositories,"
            " raw.commits, ops.review_coverage, ai.findings, ai.evidence, ai.bullets, ai.resumes, ai.matches,"
            " marts.listings, marts.crawl_health, app.student_repositories, app.students cascade"
        )
