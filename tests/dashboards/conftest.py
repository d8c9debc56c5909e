"""A seeded database for each test, and the pages under Streamlit's own test runner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from internflow.settings import Settings
from internflow.warehouse.connections import open_pool
from internflow.warehouse.embedded import Cluster
from tests.dashboards.database import build_template, empty_everything
from tests.dashboards.seeding import World, build_repository, place_mirror


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
def pages(settings: Settings, world: World) -> Iterator[Settings]:
    """The settings that the pages of this process read; nothing cached from the test before."""
    place_mirror(world, settings)
    st.cache_data.clear()
    yield settings
    open_pool(settings, "app").close()
    st.cache_data.clear()


@pytest.fixture
def empty_pages(pages: Settings) -> Settings:
    empty_everything(pages)
    return pages
