"""The flow crawl_listings on a real Prefect server, against a platform that fails twice."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, TaskRun

import flows.crawl_listings as flow_module
from crawlers.replay_server import SAMPLES, Canned
from flows.crawl_listings import crawl_listings, crawl_registry
from internflow.errors import ConfigError, SourceUnavailable
from internflow.listings.loading import read_crawl_results
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
DOWN, REFUSED = Canned(503, "text/plain", "down"), Canned(403, "text/plain", "no")


def write_lists(folder: Path) -> str:
    """The samples' lists of two platforms alone."""
    for name in ("ashby", "greenhouse"):
        shutil.copy(SAMPLES / "boards" / f"{name}.csv", folder)
    return str(folder)


def read_crawl_runs(flow_run: State[Any]) -> dict[str, TaskRun]:
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run.state_details.flow_run_id]))
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs(flow_run_filter=chosen)
    return {run.name.rpartition("-")[0]: run for run in runs}


def test_a_platform_that_fails_twice_is_asked_again_and_loaded(
    prefect_server: None,
    settings: Settings,
    serve: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(
        flow_module, "crawl_registry", crawl_registry.with_options(retry_delay_seconds=0)
    )
    boards_dir = write_lists(tmp_path)
    serve(SAMPLES, {"harrowgatedata": [DOWN] * 4, "tidewright": [REFUSED]})
    first = crawl_listings("first", NOW, boards_dir, return_state=True)
    crawled = read_crawl_runs(first)["crawl_registry"]
    assert (crawled.run_count, crawled.state_name) == (2, "Completed")
    with connect(settings, "pipeline") as connection:
        results = {
            (r["status"], r["fetched_count"]) for r in read_crawl_results(connection, "first")
        }
        kinds = connection.execute(
            "select kind, count(*) as n from ai.posting_facts group by kind"
        ).fetchall()
    assert results == {("ok", 6), ("ok", 7), ("ok_empty", 0), ("failed", 0)}
    assert {row["kind"]: row["n"] for row in kinds} == {
        "internship": 16, "apprenticeship": 1, "new_graduate": 1, "other": 7
    }  # fmt: skip

    monkeypatch.setenv("INTERNFLOW_CRAWL_FAILED_SHARE", "0.1")
    read_settings.cache_clear()
    again = crawl_listings("first", NOW, boards_dir, return_state=True)
    with pytest.raises(SourceUnavailable, match=r"1 of 6 boards failed.*ashby/tidewright"):
        again.result()
    assert read_crawl_runs(again)["crawl_registry"].run_count == 1
    (tmp_path / "none").mkdir()
    with pytest.raises(ConfigError, match="No board list"):
        crawl_listings("second", NOW, str(tmp_path / "none"))
