"""`internflow crawl`: a few boards, now, without Prefect; says of each how it went."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from internflow.errors import SourceUnavailable
from internflow.listings.crawling import CrawlRun, crawl_boards_of
from internflow.listings.enrichment import enrich_postings
from internflow.listings.loading import load_landing
from internflow.listings.posting import BoardResult
from internflow.settings import Settings
from internflow.warehouse.connections import connect

ANSWERED = ("ok", "ok_empty")


def crawl_boards(
    settings: Settings, console: Console, platform: str, tokens: Sequence[str], *, now: datetime
) -> None:
    """Crawl, load and enrich. Raises SourceUnavailable with one sentence for each board that failed."""
    run = CrawlRun(now.strftime("%Y%m%dT%H%M%SZ"), now)
    results = crawl_boards_of(settings, run, platform, tokens)
    with connect(settings, "pipeline") as connection:
        load_landing(
            connection, settings.landing_dir, run.run_id, closing_share=settings.closing_share
        )
        enrich_postings(connection)
    for result in results:
        console.print(
            f"{platform} {escape(result.board)}: {result.status}, {result.fetched_count} postings"
        )
    failed = [describe_result(result) for result in results if result.status not in ANSWERED]
    if failed:
        raise SourceUnavailable(" ".join(failed))


def describe_result(result: BoardResult) -> str:
    """One sentence of a board that did not answer properly."""
    if result.status == "partial":
        return (
            f"Board {result.board!r} showed {result.fetched_count} of {result.reported_count} postings:"
            " none is closed by this crawl; try again later."
        )
    return f"Board {result.board!r} is {result.status.replace('_', ' ')}: {result.error}"
