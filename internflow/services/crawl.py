"""`internflow crawl`: a few boards, now, without Prefect; says of each how it went."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from internflow.errors import ConfigError, SourceUnavailable
from internflow.listings.boards import choose_boards
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.enrichment import enrich_postings
from internflow.listings.grouping import group_postings
from internflow.listings.known import add_known
from internflow.listings.loading import load_landing
from internflow.listings.posting import BoardResult
from internflow.listings.registry import read_registry
from internflow.settings import Settings
from internflow.warehouse.connections import connect

ANSWERED = ("ok", "ok_empty")


def crawl_now(
    settings: Settings, console: Console, platform: str, tokens: Sequence[str], *, now: datetime
) -> None:
    """Crawl, load and enrich. Raises SourceUnavailable with one sentence for each board that failed."""
    if missing := settings.find_missing_keys(platform):
        raise ConfigError(f"{platform} needs a key: set {' and '.join(missing)}.")
    run = CrawlRun(now.strftime("%Y%m%dT%H%M%SZ"), now)
    with connect(settings, "pipeline") as connection:
        added = {b.token: b for b in read_registry(connection, platform)}
        chosen = choose_boards(platform, tokens) if tokens else tuple(added.values())
        boards = add_known(connection, (added.get(board.token, board) for board in chosen))
        results = crawl_boards(settings, run, boards)
        load_landing(
            connection, settings.landing_dir, run.run_id, closing_share=settings.closing_share
        )
        enrich_postings(connection)
        group_postings(connection)
    for result in results:
        unchanged = ", unchanged" if result.is_unchanged else ""
        console.print(
            f"{platform} {escape(result.board)}: {result.status}, {result.fetched_count} postings{unchanged}"
        )
    failed = [describe_result(result) for result in results if result.status not in ANSWERED]
    if failed:
        raise SourceUnavailable(" ".join(failed))


def describe_result(result: BoardResult) -> str:
    """One sentence of a board that did not answer properly."""
    if result.status == "partial":
        return (
            f"Board {result.board!r} showed {result.fetched_count} of"
            f" {result.reported_count or 'an unknown number of'} postings:"
            " none is closed by this crawl; try again later."
        )
    return f"Board {result.board!r} is {result.status.replace('_', ' ')}: {result.error}"
