"""Reads a run's landed payloads again with today's parsers, without a crawl: `python -m crawlers.reparse RUN_ID`.

The outcome lands as one more attempt of the run; the flow crawl_listings, run again with its run id, loads it.
"""

import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from crawlers.outcomes import Judge, Outcome
from crawlers.parsing import ParsedBoard, parse_each
from crawlers.platforms import PLATFORMS
from internflow.listings.landing import (
    BoardCrawl,
    LandingWriter,
    find_landings,
    read_final_crawls,
    require_landings,
)
from internflow.listings.posting import Board
from internflow.logs import configure_logs
from internflow.settings import read_settings


def reparse_run(landing_dir: Path, run_id: str) -> list[Path]:
    """Land the run's payloads anew, as today's parsers read them; return the folders.

    Raises ConfigError when the run left nothing, ContractViolation when a file is damaged.
    """
    landings = find_landings(landing_dir, run_id)
    require_landings(landings, landing_dir, run_id)
    folders = []
    for platform, group in groupby(landings, key=lambda landing: landing.platform):
        attempts = list(group)
        writer = LandingWriter(landing_dir, run_id, platform, attempts[-1].attempt + 1)
        outcomes = [_reparse_board(crawl) for crawl in read_final_crawls(attempts)]
        for outcome in outcomes:
            for posting in outcome.postings:
                writer.add_posting(posting)
            for dropped in outcome.dropped:
                writer.add_dropped(dropped)
        folders.append(writer.finish([outcome.result for outcome in outcomes]))
    return folders


def _reparse_board(crawl: BoardCrawl) -> Outcome:
    """A board of which no posting landed stays as it went."""
    result = crawl.result
    payloads = [posting.payload for posting in crawl.postings]
    payloads += [dropped.payload for dropped in crawl.dropped]
    if not payloads:
        return Outcome(result)
    platform = PLATFORMS[result.platform]
    board = Board(result.platform, result.board, result.company)
    postings, dropped = parse_each(payloads, board, platform.parse_posting)
    parsed = ParsedBoard(postings, dropped, result.reported_count)
    return Judge(platform, result.started_at).weigh(board, parsed, result.http_status)


def main(
    run_id: Annotated[str, typer.Argument(help="run whose landing files are read again")],
) -> None:
    """Read a run's payloads again with today's parsers."""
    settings = read_settings()
    configure_logs(settings, service="crawlers")
    for folder in reparse_run(settings.landing_dir, run_id):
        sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    typer.run(main)
