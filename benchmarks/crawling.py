"""A day of crawling from end to end: 300 boards, 60,000 postings, a replay server; then a day without a change."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.memory import watch_memory
from benchmarks.replayed_boards import write_boards
from benchmarks.warehouse import build
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.enrichment import enrich_postings
from internflow.listings.grouping import group_postings
from internflow.listings.known import add_known
from internflow.listings.loading import load_landing
from internflow.listings.plans import CrawlPlan, PlannedBoard, write_plan
from internflow.listings.posting import Board
from internflow.settings import ROOT, Settings, read_settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

BOARDS, POSTINGS = 300, 200
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
HISTORY = "select count(*) as n from snapshots.listing_history"


def measure_crawling(folder: Path) -> Iterator[tuple[str, str]]:
    """Postings per second, part by part; a tenth of the boards first, to see how the time grows."""
    small, _ = _measure_days(folder / "small", BOARDS // 10)
    day, again = _measure_days(folder / "whole", BOARDS)
    count = BOARDS * POSTINGS
    total = sum(day.seconds.values())
    for part, seconds in day.seconds.items():
        yield f"crawl, {part}", f"{seconds:.1f} s, {count / seconds:,.0f} postings/s"
    yield "crawl, end to end (bar: 600)", f"{total:.1f} s, {count / total:,.0f} postings/s"
    yield (
        "crawl, ask and land / bare Scrapy (bar: 0.70)",
        f"{day.bare_seconds / day.asked_seconds:.2f}",
    )
    unchanged = sum(again.seconds.values())
    yield "crawl, unchanged day / first (bar: 0.15)", f"{unchanged / total:.2f} ({unchanged:.1f} s)"
    yield "crawl, history rows of the unchanged day (bar: 0)", str(again.new_history_rows)
    yield (
        "crawl, time for 10 times the postings (bar: 11)",
        f"{total / sum(small.seconds.values()):.1f}",
    )
    yield "crawl, most memory of all its processes (bar: 600 MB)", f"{day.peak_mb:.0f} MB"


class Day:
    """What a day took: seconds by part, of all processes but Postgres and the replay server the memory."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.bare_seconds = self.asked_seconds = self.peak_mb = 0.0
        self.new_history_rows = 0

    def take(self, part: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        with watch_memory() as peak:
            work()
        self.seconds[part] = time.perf_counter() - started
        self.peak_mb = max(self.peak_mb, peak[0])


def _measure_days(folder: Path, boards: int) -> tuple[Day, Day]:
    write_boards(folder / "samples", boards, POSTINGS)
    settings = Settings(data_dir=folder / "data")
    listed = [Board("greenhouse", f"board{n}", f"Company {n}") for n in range(boards)]
    with _serve(folder / "samples"), reach_postgres(settings):
        apply_migrations(settings)
        days = [_run_day(settings, folder, listed, day) for day in range(2)]
    return days[0], days[1]


def _run_day(settings: Settings, folder: Path, boards: list[Board], number: int) -> Day:
    day, run = Day(), CrawlRun(f"day-{number}", MONDAY + timedelta(days=number))
    before = _count_history(settings) if number else 0
    with connect(settings, "pipeline") as connection:
        planned = add_known(connection, boards)
        if not number:
            day.bare_seconds = _crawl_bare(settings, run, planned, folder)
        day.take("crawl and read", lambda: crawl_boards(settings, run, planned))
        day.asked_seconds = _read_asked_seconds(settings, run)
        landing, share = settings.landing_dir, settings.closing_share
        day.take("load", lambda: load_landing(connection, landing, run.run_id, closing_share=share))
        connection.commit()
        day.take("enrich", lambda: enrich_postings(connection))
        day.take("group", lambda: group_postings(connection))
        connection.commit()
    day.take("dbt", lambda: build(settings, folder))
    day.new_history_rows = _count_history(settings) - before
    return day


def _crawl_bare(
    settings: Settings, run: CrawlRun, planned: list[PlannedBoard], folder: Path
) -> float:
    plan = CrawlPlan(run.run_id, run.now, settings.landing_dir, {"greenhouse": 1}, tuple(planned))
    write_plan(plan, folder / "bare.json")
    command = [sys.executable, "-m", "benchmarks.bare_crawl", str(folder / "bare.json")]
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def _read_asked_seconds(settings: Settings, run: CrawlRun) -> float:
    """From the plan to the answers' manifest, both files of the run."""
    folder = settings.landing_dir / run.run_id
    begun = (folder / "plan-1.json").stat().st_mtime
    return (folder / "answers" / "greenhouse-1" / "manifest.json").stat().st_mtime - begun


def _count_history(settings: Settings) -> int:
    with connect(settings, "owner") as connection:
        row = connection.execute(HISTORY).fetchone()
    return int(row["n"]) if row else 0


@contextmanager
def _serve(samples: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "crawlers.replay_server", "--samples", str(samples)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        os.environ["INTERNFLOW_REPLAY_URL"] = re.search(r"http://\S+", line)[0]  # type: ignore[index]
        read_settings.cache_clear()
        try:
            yield
        finally:
            del os.environ["INTERNFLOW_REPLAY_URL"]
            server.terminate()
