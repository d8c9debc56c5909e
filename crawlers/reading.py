"""Reads landed answers into postings, without a crawl: several boards at once, each of which may fail alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import structlog

from crawlers.answers import BODIES, BoardAnswers, read_manifest, read_pages
from crawlers.outcomes import Judge, Outcome
from crawlers.platforms import PLATFORMS
from crawlers.versions import find_parser_version
from internflow.listings.landing import BoardLines, LandingWriter, write_lines
from internflow.listings.posting import BoardResult
from internflow.listings.workers import open_workers

logger = structlog.get_logger("internflow.crawlers")

LEAST_SHARED = 20_000_000  # bytes; fewer are read faster than another process starts


class Target(NamedTuple):
    """Whose answers are read, and where the postings land."""

    landing_dir: Path
    run_id: str
    now: datetime
    platform: str
    attempt: int


Share = Callable[[Callable[[BoardAnswers], BoardLines], list[BoardAnswers]], Iterator[BoardLines]]


def land_postings(folder: Path, target: Target, share: Share = map) -> Path:
    """Read the answers in a folder and land what they show; `share` maps over boards, one by one or in processes."""
    read = partial(read_lines, folder, target.platform, target.now)
    writer = LandingWriter(target.landing_dir, target.run_id, target.platform, target.attempt)
    for lines in share(read, read_manifest(folder)):
        writer.add_board(lines)
        _log_result(lines.result)
    return writer.finish()


def read_lines(folder: Path, platform: str, now: datetime, answers: BoardAnswers) -> BoardLines:
    """The lines of one board: here ends whatever goes wrong with it."""
    judge = Judge(PLATFORMS[platform], now, find_parser_version(platform))
    outcome = read_board(folder, answers, judge)
    return write_lines(outcome.result, outcome.postings, outcome.dropped)


def read_board(folder: Path, answers: BoardAnswers, judge: Judge) -> Outcome:
    """What a board showed, or why it showed nothing."""
    try:
        return judge.judge(answers, read_pages(folder, answers))
    except Exception as error:
        board = answers.board
        logger.exception("board_unreadable", platform=board.platform, board=board.token)
        return judge.judge_unreadable(answers, error)


@contextmanager
def open_readers(folders: list[Path]) -> Iterator[Share]:
    """A map over boards: in worker processes once there is enough to read."""
    size = sum((folder / BODIES).stat().st_size for folder in folders)
    if size <= LEAST_SHARED:
        yield map
        return
    with open_workers() as workers:
        yield workers.map


def _log_result(result: BoardResult) -> None:
    log = logger.info if result.status in ("ok", "ok_empty") else logger.warning
    log(
        "board_crawled", platform=result.platform, board=result.board, status=result.status,
        fetched=result.fetched_count, dropped=result.dropped_count, reported=result.reported_count,
        unchanged=result.is_unchanged, http_status=result.http_status, error=result.error,
    )  # fmt: skip
