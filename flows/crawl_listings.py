"""Flow: crawl the boards of every platform, load what landed, enrich it, and show how each board went."""

from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import wait
from prefect.tasks import Task, exponential_backoff

from internflow.errors import SourceUnavailable
from internflow.listings.boards import BOARDS_DIR, find_platforms
from internflow.listings.crawling import CrawlRun, crawl_boards_of
from internflow.listings.enrichment import enrich_postings
from internflow.listings.loading import load_landing, read_crawl_results
from internflow.settings import read_settings
from internflow.warehouse.connections import connect


@flow(name="crawl-listings")
def crawl_listings(run_id: str, now: datetime, boards_dir: str | None = None) -> None:
    """Crawl, load, enrich. Boards fail one by one; the flow fails when more than the configured share of them did.

    Run again with the same run id, it asks only the boards that have not answered yet.
    """
    boards = Path(boards_dir) if boards_dir else BOARDS_DIR
    crawls = [crawl_platform.submit(name, run_id, now, boards) for name in find_platforms(boards)]
    wait(crawls)
    broken = _find_broken([crawl.state for crawl in crawls])
    if len(broken) < len(crawls):
        load_run(run_id)
        enrich_listings()
        _require_enough(show_results(run_id))
    if broken:
        raise broken[0]


def _is_unavailable(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), SourceUnavailable)


@task(
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_unavailable,
    task_run_name="crawl {platform}",
)
def crawl_platform(platform: str, run_id: str, now: datetime, boards_dir: Path) -> None:
    """Crawl what this run still lacks of a platform. Raises SourceUnavailable when asking again may help."""
    results = crawl_boards_of(read_settings(), CrawlRun(run_id, now, boards_dir), platform)
    waiting = [result for result in results if result.is_retryable]
    if waiting:
        raise SourceUnavailable(
            f"{len(waiting)} of {len(results)} boards of {platform} have not answered; the first: {waiting[0].error}"
        )


@task
def load_run(run_id: str) -> None:
    """Load what landed, failed boards included."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        load_landing(connection, settings.landing_dir, run_id, closing_share=settings.closing_share)


@task
def enrich_listings() -> None:
    """Compute the facts of new and changed postings."""
    with connect(read_settings(), "pipeline") as connection:
        enrich_postings(connection)


def show_results(run_id: str) -> list[dict[str, Any]]:
    """Put how each board went where Prefect shows it; return the same."""
    with connect(read_settings(), "pipeline") as connection:
        results = read_crawl_results(connection, run_id)
    create_table_artifact(
        key="crawl-results", table=results, description=f"How each board went in run {run_id}"
    )
    return results


def _find_broken(states: list[State[Any]]) -> list[Exception]:
    """Why platforms could not even be tried, a bad board list say; silent boards are counted elsewhere."""
    errors = [state.result(raise_on_failure=False) for state in states]
    return [e for e in errors if isinstance(e, Exception) and not isinstance(e, SourceUnavailable)]


def _require_enough(results: list[dict[str, Any]]) -> None:
    failed = [f"{row['platform']}/{row['board']}" for row in results if row["status"] == "failed"]
    share = read_settings().crawl_failed_share
    if len(failed) > share * len(results):
        raise SourceUnavailable(
            f"{len(failed)} of {len(results)} boards failed, more than the share {share:g} that"
            f" INTERNFLOW_CRAWL_FAILED_SHARE allows: {', '.join(failed[:10])}."
        )
