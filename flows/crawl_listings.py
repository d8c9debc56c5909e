"""Flow: crawl every board of the registry, load what landed, enrich it, and show how each board went."""

from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from internflow.errors import SourceUnavailable
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.enrichment import enrich_postings
from internflow.listings.grouping import group_postings
from internflow.listings.known import plan_boards
from internflow.listings.loading import load_landing, read_crawl_results
from internflow.listings.registry import disable_failing
from internflow.settings import read_settings
from internflow.warehouse.connections import connect


@flow(name="crawl-listings")
def crawl_listings(run_id: str, now: datetime, boards_dir: str | None = None) -> None:
    """Crawl, load, enrich. Boards fail one by one; the flow fails when more than the configured share of them did.

    `boards_dir`: a folder of lists to go by instead of the registry, whose boards are then neither asked nor disabled.
    Run again with the same run id, it asks only the boards that have not answered yet.
    """
    crawled = crawl_registry(
        run_id, now, Path(boards_dir) if boards_dir else None, return_state=True
    )
    broken = crawled.result(raise_on_failure=False)
    if isinstance(broken, Exception) and not isinstance(broken, SourceUnavailable):
        raise broken
    load_run(run_id)
    enrich_listings()
    if boards_dir is None:
        disable_boards(now)
    _require_enough(show_results(run_id))


def _is_unavailable(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), SourceUnavailable)


@task(
    retries=1,
    retry_delay_seconds=exponential_backoff(300),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_unavailable,
)
def crawl_registry(run_id: str, now: datetime, boards_dir: Path | None) -> None:
    """Crawl what this run still lacks. Raises SourceUnavailable when asking again may help."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        boards = plan_boards(connection, boards_dir)
    results = crawl_boards(settings, CrawlRun(run_id, now), boards)
    waiting = [result for result in results if result.is_retryable]
    if waiting:
        raise SourceUnavailable(
            f"{len(waiting)} of {len(results)} boards have not answered; the first: {waiting[0].error}"
        )


@task
def load_run(run_id: str) -> None:
    """Load what landed, failed boards included."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        load_landing(connection, settings.landing_dir, run_id, closing_share=settings.closing_share)


@task
def enrich_listings() -> None:
    """Compute the facts of new and changed postings, and which of them are one listing."""
    with connect(read_settings(), "pipeline") as connection:
        enrich_postings(connection)
        group_postings(connection)


@task
def disable_boards(now: datetime) -> None:
    """Give up boards that have failed for days."""
    with connect(read_settings(), "pipeline") as connection:
        disable_failing(connection, now)


def show_results(run_id: str) -> list[dict[str, Any]]:
    """Put how each board went where Prefect shows it; return the same."""
    with connect(read_settings(), "pipeline") as connection:
        results = read_crawl_results(connection, run_id)
    create_table_artifact(
        key="crawl-results", table=results, description=f"How each board went in run {run_id}"
    )
    return results


def _require_enough(results: list[dict[str, Any]]) -> None:
    failed = [f"{row['platform']}/{row['board']}" for row in results if row["status"] == "failed"]
    share = read_settings().crawl_failed_share
    if len(failed) > share * len(results):
        raise SourceUnavailable(
            f"{len(failed)} of {len(results)} boards failed, more than the share {share:g} that"
            f" INTERNFLOW_CRAWL_FAILED_SHARE allows: {', '.join(failed[:10])}."
        )
