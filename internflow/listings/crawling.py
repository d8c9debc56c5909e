"""Runs a crawl in a process of its own and reads what landed. Knows no spider and no database."""

import os
import platform as machine
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import certifi
import structlog

from internflow.listings.landing import (
    LandingWriter,
    find_final_results,
    find_landings,
    find_run_dir,
    write_lines,
)
from internflow.listings.plans import CrawlPlan, PlannedBoard, write_plan
from internflow.listings.posting import Board, BoardResult
from internflow.logs import log_unit
from internflow.settings import ROOT, Settings

logger = structlog.get_logger("internflow.listings")

END_SECONDS = 3600  # to read what was answered, after the time for asking is over


@dataclass(frozen=True)
class CrawlRun:
    """Which crawl: its name and its moment."""

    run_id: str
    now: datetime


def crawl_boards(
    settings: Settings, run: CrawlRun, boards: Iterable[PlannedBoard]
) -> tuple[BoardResult, ...]:
    """Crawl those boards that this run has no answer of yet; return the results of all of them.

    A board whose last failure may pass is asked again on the next call; an answered one never is. A crawl that
    ends without landing leaves a failed result for each of its boards. Boards of a platform whose keys are not set
    are left out, with a word in the log.
    """
    planned = sorted(_leave_out_keyless(settings, boards), key=_read_key)
    answered = {
        key
        for key, (result, _landing) in _read_results(settings, run).items()
        if not result.is_retryable
    }
    pending = tuple(p for p in planned if _read_key(p) not in answered)
    if pending:
        _crawl(settings, run, pending)
    final = _read_results(settings, run)
    return tuple(final[_read_key(p)][0] for p in planned)


def _read_results(
    settings: Settings, run: CrawlRun
) -> dict[tuple[str, str], tuple[BoardResult, object]]:
    return dict(find_final_results(find_landings(settings.landing_dir, run.run_id)))


def _read_key(planned: PlannedBoard) -> tuple[str, str]:
    return planned.board.platform, planned.board.token


def _leave_out_keyless(settings: Settings, boards: Iterable[PlannedBoard]) -> list[PlannedBoard]:
    kept: list[PlannedBoard] = []
    for platform, group in groupby(sorted(boards, key=_read_key), key=lambda p: p.board.platform):
        missing = settings.find_missing_keys(platform)
        if missing:
            logger.warning("platform_skipped", platform=platform, not_set=missing)
        else:
            kept.extend(group)
    return kept


def _crawl(settings: Settings, run: CrawlRun, pending: Sequence[PlannedBoard]) -> None:
    landings = find_landings(settings.landing_dir, run.run_id)
    platforms = sorted({p.board.platform for p in pending})
    attempts = {
        name: 1 + max((known.attempt for known in landings if known.platform == name), default=0)
        for name in platforms
    }
    plan = CrawlPlan(run.run_id, run.now, settings.landing_dir, attempts, tuple(pending))
    with log_unit(
        "boards_crawled", run_id=run.run_id, platforms=len(platforms), boards=len(pending)
    ):
        ending = _run_crawl(settings, plan)
        landed = {
            (known.platform, known.attempt)
            for known in find_landings(settings.landing_dir, run.run_id)
        }
        for name, attempt in attempts.items():
            if (name, attempt) not in landed:
                logger.error("crawl_left_nothing", platform=name, run_id=run.run_id, ending=ending)
                writer = LandingWriter(settings.landing_dir, run.run_id, name, attempt)
                for planned in plan.of_platform(name):
                    writer.add_board(write_lines(_fail(planned.board, run, ending)))
                writer.finish()


def _run_crawl(settings: Settings, plan: CrawlPlan) -> str:
    """Crawl what the plan lists; return in words how the process ended."""
    number = max(plan.attempts.values())
    path = find_run_dir(settings.landing_dir, plan.run_id) / f"plan-{number}.json"
    write_plan(plan, path)
    command = [sys.executable, "-m", "crawlers.crawl", str(path.resolve())]
    seconds = int(settings.crawl_hours * 3600) + END_SECONDS
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=_build_environment(), timeout=seconds, check=False
        )
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
