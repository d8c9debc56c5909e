"""Runs the crawl of one platform in a process of its own and reads what landed. Knows no spider and no database."""

import os
import platform as machine
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import certifi
import structlog

from internflow.listings.boards import BOARDS_DIR, choose_boards
from internflow.listings.landing import LandingWriter, find_final_results, find_landings
from internflow.listings.posting import Board, BoardResult
from internflow.logs import log_unit
from internflow.settings import ROOT, Settings

logger = structlog.get_logger("internflow.listings")

START_SECONDS = 60
BOARD_SECONDS = 60  # robots.txt and the board, 30 s at most each


@dataclass(frozen=True)
class CrawlRun:
    """Which crawl: its name, its moment, and the folder of board lists that it goes by."""

    run_id: str
    now: datetime
    boards_dir: Path = BOARDS_DIR


def crawl_boards_of(
    settings: Settings, run: CrawlRun, platform: str, tokens: Sequence[str] = ()
) -> tuple[BoardResult, ...]:
    """Crawl those boards of a platform that this run has no answer of yet; return the results of all of them.

    A board whose last failure may pass is asked again on the next call; an answered one never is. A crawl that
    ends without landing leaves a failed result for each of its boards. Raises ConfigError for a bad board list.
    """
    boards = choose_boards(platform, tokens, run.boards_dir)
    landings = find_landings(settings.landing_dir, run.run_id, platform)
    answered = {
        token
        for (_platform, token), (result, _landing) in find_final_results(landings).items()
        if not result.is_retryable
    }
    pending = [board for board in boards if board.token not in answered]
    if pending:
        attempt = max((landing.attempt for landing in landings), default=0) + 1
        _crawl(settings, run, pending, attempt)
    final = find_final_results(find_landings(settings.landing_dir, run.run_id, platform))
    return tuple(final[platform, board.token][0] for board in boards)


def _crawl(settings: Settings, run: CrawlRun, boards: Sequence[Board], attempt: int) -> None:
    platform = boards[0].platform
    with log_unit(
        "platform_crawled",
        platform=platform,
        run_id=run.run_id,
        attempt=attempt,
        boards=len(boards),
    ):
        ending = _run_scrapy(settings, run, boards, attempt)
        landed = find_landings(settings.landing_dir, run.run_id, platform)
        if any(landing.attempt == attempt for landing in landed):
            return
        logger.error("crawl_left_nothing", platform=platform, run_id=run.run_id, ending=ending)
        writer = LandingWriter(settings.landing_dir, run.run_id, platform, attempt)
        writer.finish([_fail(board, run, ending) for board in boards])


def _run_scrapy(settings: Settings, run: CrawlRun, boards: Sequence[Board], attempt: int) -> str:
    """Run the spider named as the platform; return in words how its process ended."""
    arguments = {
        "boards": ",".join(board.token for board in boards),
        "boards_dir": str(run.boards_dir.resolve()),
        "run_id": run.run_id,
        "attempt": str(attempt),
        "landing_dir": str(settings.landing_dir.resolve()),
        "now": run.now.isoformat(),
    }
    command = [sys.executable, "-m", "scrapy", "crawl", boards[0].platform]
    for name, value in arguments.items():
        command += ["-a", f"{name}={value}"]
    environment = _build_environment()
    seconds = START_SECONDS + BOARD_SECONDS * len(boards)
    try:
        ended = subprocess.run(command, cwd=ROOT, env=environment, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"was stopped after {seconds} s"
    return f"ended with code {ended.returncode}"


def _build_environment() -> dict[str, str]:
    """Ours, without a way into the database: this process reads foreign pages."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("INTERNFLOW_DATABASE")}
    if machine.system() != "Linux":  # OpenSSL finds the system's certificates on Linux alone
        kept.setdefault("SSL_CERT_FILE", certifi.where())
    return kept


def _fail(board: Board, run: CrawlRun, ending: str) -> BoardResult:
    return BoardResult(
        platform=board.platform,
        board=board.token,
        company=board.company,
        status="failed",
        feed_kind="full_board",
        error=f"The crawl {ending} before anything landed: its log lines say why.",
        started_at=run.now,
        finished_at=run.now,
        is_retryable=True,
    )
