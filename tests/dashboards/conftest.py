"""A seeded database for each test, and the pages under Streamlit's own test runner."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st

from internflow.settings import Settings
from internflow.warehouse.connections import open_pool
from internflow.warehouse.embedded import Cluster
from tests.dashboards.database import (
    EMPTY,
    SHARED,
    build_template,
    clone_database,
    empty_everything,
    publish,
    settings_for,
)
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


@contextmanager
def clean_process(settings: Settings) -> Iterator[Settings]:
    """Leave nothing of a page's run in this process: caches, the pool, the handlers of its logs."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield settings
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    open_pool(settings, "app").close()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def pages(
    cluster: Cluster,
    template_database: str,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """The settings that the pages read: the seeded database, shared by tests that only look."""
    clone_database(cluster, SHARED, template_database)
    settings = settings_for(cluster, SHARED, tmp_path / "data")
    publish(settings, monkeypatch)
    place_mirror(world, settings)
    with clean_process(settings):
        yield settings


@pytest.fixture
def own_pages(settings: Settings, world: World) -> Iterator[Settings]:
    """As `pages`, on a database of the test's own, to be changed."""
    place_mirror(world, settings)
    with clean_process(settings):
        yield settings


@pytest.fixture(scope="session")
def empty_database(
    cluster: Cluster, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    if clone_database(cluster, EMPTY, template_database):
        empty_everything(settings_for(cluster, EMPTY, tmp_path_factory.mktemp("empty")))
    return EMPTY


@pytest.fixture
def empty_pages(
    cluster: Cluster, empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """As after a first start that crawled nothing: all tables, no row."""
    settings = settings_for(cluster, empty_database, tmp_path / "data")
    publish(settings, monkeypatch)
    with clean_process(settings):
        yield settings
