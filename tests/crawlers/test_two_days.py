"""A real list on two days, from its spider to the history: what is new, closed, reopened, and that nothing is lost."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from internflow.listings.boards import read_boards
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.enrichment import enrich_postings
from internflow.listings.grouping import group_postings
from internflow.listings.known import add_known
from internflow.listings.loading import load_landing
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from tests.dashboards.database import build_marts

SUNDAY = datetime(2024, 9, 22, 6, tzinfo=UTC)
DAYS = {"internships_2024-09-22": SUNDAY, "internships_2024-10-15": SUNDAY + timedelta(days=23)}
LISTS = "token,company,countries,url\nlist,The list,,https://lists.example/listings.json\n"
STATES = "select posting_id, is_open, content_hash from intermediate.int_postings_versioned"


@pytest.fixture
def run_day(
    settings: Settings, serve: Callable[..., str], shared_data: Path, tmp_path: Path
) -> Callable[[str], dict[str, Any]]:
    """Crawl, load, enrich and model one day's list; returns the state of each posting."""
    root = tmp_path / "samples"
    for folder in ("boards", "simplify"):
        (root / folder).mkdir(parents=True)
    (root / "boards" / "simplify.csv").write_text(LISTS)

    def run(name: str) -> dict[str, Any]:
        shutil.copy(
            shared_data / "listings" / "lists" / f"{name}.json", root / "simplify" / "list.json"
        )
        serve(root)
        with connect(settings, "pipeline") as connection:
            boards = add_known(connection, read_boards("simplify", root / "boards"))
            (result,) = crawl_boards(settings, CrawlRun(name, DAYS[name]), boards)
            assert (result.status, result.dropped_count) == ("ok", 2)  # ids that come twice
            load_landing(connection, settings.landing_dir, name, closing_share=0.5)
            enrich_postings(connection)
            group_postings(connection)
        build_marts(settings, tmp_path)
        with connect(settings, "owner") as connection:
            return {row["posting_id"]: row for row in connection.execute(STATES).fetchall()}

    return run


@pytest.mark.timeout(600)
def test_two_days_of_a_list_are_told_apart(
    settings: Settings, run_day: Callable[[str], dict[str, Any]]
) -> None:
    first, second = map(run_day, DAYS)
    both = first.keys() & second.keys()
    assert len(second.keys() - first.keys()) == 426
    assert first.keys() <= second.keys()
    assert sum(first[i]["is_open"] and not second[i]["is_open"] for i in both) == 148
    assert sum(second[i]["is_open"] and not first[i]["is_open"] for i in both) == 16
    changed = sum(first[i]["content_hash"] != second[i]["content_hash"] for i in both)
    with connect(settings, "owner") as connection:
        history = connection.execute(
            "select count(*) as versions, count(*) filter (where dbt_valid_to is null) as current"
            " from snapshots.listing_history"
        ).fetchone()
        clocks = connection.execute(
            "select closed_at, count(*) as n from intermediate.int_postings_versioned"
            " where not is_open group by closed_at order by closed_at"
        ).fetchall()
    assert history == {"versions": len(first) + 426 + changed, "current": len(second)}
    closed_first, closed_later = (row["closed_at"] for row in clocks)
    assert [closed_first, closed_later] == list(DAYS.values())
