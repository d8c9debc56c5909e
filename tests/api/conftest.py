"""The seeded database of the pages' tests, for the API."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from internflow.api.app import create_app
from internflow.settings import Settings
from internflow.warehouse.connections import open_pool
from internflow.warehouse.embedded import Cluster
from tests.dashboards.database import build_template
from tests.dashboards.seeding import World, build_repository


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build_repository(tmp_path_factory.mktemp("world") / "ada-shop")


@pytest.fixture(scope="session")
def template_database(
    cluster: Cluster,
    template_database: str,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    return build_template(cluster, template_database, world, tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client
    open_pool(settings, "app").close()
