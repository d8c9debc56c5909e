"""Loading of landings: idempotence, clocks, and which crawl may close listings."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from internflow.errors import ConfigError
from internflow.listings.landing import LandingWriter, write_lines
from internflow.listings.loading import LoadCounts, load_landing, read_crawl_results
from internflow.listings.posting import BoardResult, Posting
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from internflow.warehouse.fingerprints import compare_tables, read_table_states
from internflow.warehouse.merge import MergeCounts

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    with connect(settings, "pipeline") as opened:
        yield opened


@pytest.fixture
def crawl(connection: Connection, land: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """Land and load the board acme on the n-th day; returns its stored result."""

    def run(day: int, ids: Sequence[str], *, share: float = 0.5, **result: Any) -> dict[str, Any]:
        landing_dir = land(f"day-{day}", MONDAY + day * DAY, ids, **result)
        load_landing(connection, landing_dir, f"day-{day}", closing_share=share)
        stored = connection.execute(
            "select * from ops.crawl_results where run_id = %s", (f"day-{day}",)
        ).fetchone()
        assert stored is not None
        return stored

    return run


def test_loading_twice_changes_nothing(
    settings: Settings, connection: Connection, land: Callable[..., Path]
) -> None:
    landing_dir = land("run", MONDAY, ["1", "2", "3"])
    first = load_landing(connection, landing_dir, "run", closing_share=0.5)
    connection.commit()
    before = read_table_states(settings, ("raw",))
    second = load_landing(connection, landing_dir, "run", closing_share=0.5)
    connection.commit()
    assert first == LoadCounts(MergeCounts(3), MergeCounts(3), MergeCounts(1))
    assert second == LoadCounts()
    assert compare_tables(before, read_table_states(settings, ("raw",))) == []


def test_every_field_arrives(
    connection: Connection,
    crawl: Callable[..., dict[str, Any]],
    build_posting: Callable[..., Posting],
) -> None:
    crawl(0, ["1"])
    stored = connection.execute("select * from raw.postings").fetchone()
    expected = build_posting("1")
    assert stored is not None
    assert stored.pop("first_seen_at") == MONDAY
    assert stored.pop("content_hash") == expected.content_hash
    assert stored.pop("posting_id") == expected.posting_id
    assert stored == {
        "platform": "greenhouse", "board": "acme", "external_id": "1", "url": "https://jobs.example/1",
        "title": "Data Intern", "company": "Acme", "places": ["Pune, India"], "work_model": None,
        "employment_type": None, "description_html": "<p>Python and SQL</p>", "description_text": "Python and SQL",
        "posted_at": MONDAY, "date_kind": "exact", "apply_by": None, "pay_text": None, "payload": {"id": "1"},
        "requisition_id": None, "department": None, "terms": [], "sponsorship": None, "is_withdrawn": False,
        "withdrawn_at": None, "is_hidden": False,
    }  # fmt: skip


def test_seeing_a_posting_again_moves_only_its_last_sighting(
    settings: Settings, connection: Connection, crawl: Callable[..., dict[str, Any]]
) -> None:
    crawl(0, ["1"])
    connection.commit()
    before = read_table_states(settings, ("raw",))
    crawl(1, ["1"])
    connection.commit()
    seen = connection.execute("select last_seen_at from ops.posting_sightings").fetchall()
    assert compare_tables(before, read_table_states(settings, ("raw",))) == []
    assert seen == [{"last_seen_at": MONDAY + DAY}]


def test_a_run_loaded_late_undoes_nothing(
    connection: Connection, crawl: Callable[..., dict[str, Any]]
) -> None:
    crawl(3, ["1"])
    crawl(1, ["1", "2"])
    seen = connection.execute(
        "select last_seen_at from ops.posting_sightings order by posting_id"
    ).fetchall()
    assert [row["last_seen_at"] for row in seen] == [MONDAY + 3 * DAY, MONDAY + DAY]


def test_the_last_attempt_is_what_counts(connection: Connection, land: Callable[..., Path]) -> None:
    land("run", MONDAY, attempt=1, status="failed", is_retryable=True, error="late")
    landing_dir = land("run", MONDAY, ["1"], attempt=2)
    load_landing(connection, landing_dir, "run", closing_share=0.5)
    (row,) = read_crawl_results(connection, "run")
    assert (row["status"], row["fetched_count"], row["error"]) == ("ok", 1, None)


def test_a_failed_board_that_answers_in_a_repeated_run_is_judged_anew(
    connection: Connection, land: Callable[..., Path]
) -> None:
    landing_dir = land("run", MONDAY, attempt=1, status="failed", is_retryable=True)
    load_landing(connection, landing_dir, "run", closing_share=0.5)
    land("run", MONDAY, ["1"], attempt=2)
    load_landing(connection, landing_dir, "run", closing_share=0.5)
    assert connection.execute(
        "select status, closes_listings from ops.crawl_results"
    ).fetchall() == [{"status": "ok", "closes_listings": True}]


def test_platforms_load_apart(
    connection: Connection, land: Callable[..., Path], build_result: Callable[..., BoardResult]
) -> None:
    landing_dir = land("run", MONDAY, ["1"])
    writer = LandingWriter(landing_dir, "run", "ashby", 1)
    writer.add_board(write_lines(build_result(platform="ashby", status="not_found", error="gone")))
    writer.finish()
    load_landing(connection, landing_dir, "run", closing_share=0.5)
    rows = read_crawl_results(connection, "run")
    assert [(r["platform"], r["status"]) for r in rows] == [
        ("ashby", "not_found"),
        ("greenhouse", "ok"),
    ]


def test_a_run_that_left_nothing_cannot_be_loaded(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="left nothing"):
        load_landing(connection, tmp_path, "run", closing_share=0.5)


def test_a_complete_crawl_closes(crawl: Callable[..., dict[str, Any]]) -> None:
    crawl(0, ["1", "2", "3", "4"])
    result = crawl(1, ["1", "2"])
    assert (result["closes_listings"], result["note"]) == (True, None)


@pytest.mark.parametrize("status", ["failed", "partial", "not_found"])
def test_an_incomplete_crawl_closes_nothing(
    status: str, crawl: Callable[..., dict[str, Any]]
) -> None:
    crawl(0, ["1", "2", "3"])
    assert crawl(1, ["1"] if status == "partial" else [], status=status)["closes_listings"] is False


def test_an_empty_board_closes_nothing_and_says_so(crawl: Callable[..., dict[str, Any]]) -> None:
    crawl(0, [str(n) for n in range(20)])
    result = crawl(1, [], status="ok_empty")
    assert result["closes_listings"] is False
    assert "20 listings were open" in result["note"]


def test_a_window_feed_closes_nothing(crawl: Callable[..., dict[str, Any]]) -> None:
    assert crawl(0, ["1"], feed_kind="window")["closes_listings"] is False


def test_postings_that_could_not_be_read_are_not_taken_for_gone(
    crawl: Callable[..., dict[str, Any]],
) -> None:
    crawl(0, ["1", "2"])
    result = crawl(1, ["1"], dropped_count=1, reported_count=2)
    assert (result["closes_listings"], result["note"]) == (
        False,
        "1 postings could not be read: none is closed.",
    )


def test_a_crawl_that_would_close_too_much_closes_nothing_until_allowed(
    connection: Connection, crawl: Callable[..., dict[str, Any]], land: Callable[..., Path]
) -> None:
    crawl(0, ["1", "2", "3", "4"])
    guarded = crawl(1, ["1", "new-1", "new-2", "new-3"])
    assert guarded["closes_listings"] is False
    assert "3 of 4 open listings" in guarded["note"]
    landing_dir = land("day-1", MONDAY + DAY, ["1", "new-1", "new-2", "new-3"])
    load_landing(connection, landing_dir, "day-1", closing_share=0.5)
    again = connection.execute(
        "select closes_listings, note from ops.crawl_results where run_id = 'day-1'"
    ).fetchone()
    assert again == {"closes_listings": False, "note": guarded["note"]}
    assert crawl(2, ["1", "new-1", "new-2", "new-3"], share=1)["closes_listings"] is True


def test_listings_closed_before_do_not_count_again(crawl: Callable[..., dict[str, Any]]) -> None:
    crawl(0, ["1", "2", "3", "4", "5", "6"])
    assert crawl(1, ["1", "2", "3"])["closes_listings"] is True
    assert crawl(2, ["1", "2"])["closes_listings"] is True
    assert crawl(3, ["1"])["closes_listings"] is True


def test_a_small_board_may_close_all(crawl: Callable[..., dict[str, Any]]) -> None:
    crawl(0, ["1", "2"])
    assert crawl(1, ["3"])["closes_listings"] is True


def test_an_unchanged_board_is_seen_again_and_closes_nothing(
    settings: Settings, connection: Connection, crawl: Callable[..., dict[str, Any]]
) -> None:
    crawl(0, ["1", "2", "gone"])
    crawl(1, ["1", "2"])
    connection.commit()
    before = read_table_states(settings, ("raw",))
    unchanged = crawl(2, [], is_unchanged=True, fetched_count=2)
    connection.commit()
    seen = connection.execute(
        "select last_seen_at from ops.posting_sightings order by posting_id"
    ).fetchall()
    assert [row["last_seen_at"] for row in seen] == [MONDAY + 2 * DAY, MONDAY + 2 * DAY, MONDAY]
    assert (unchanged["closes_listings"], unchanged["note"]) == (True, None)
    assert compare_tables(before, read_table_states(settings, ("raw",))) == []


def test_a_posting_keeps_the_moment_when_its_board_first_called_it_closed(
    connection: Connection, tmp_path: Path, build_posting: Callable[..., Posting],
    build_result: Callable[..., BoardResult],
) -> None:  # fmt: skip
    def load(day: int, **changes: Any) -> dict[str, Any] | None:
        writer = LandingWriter(tmp_path, f"day-{day}", "greenhouse", 1)
        result = build_result(MONDAY + day * DAY, fetched_count=1)
        writer.add_board(write_lines(result, [build_posting("1", **changes)]))
        writer.finish()
        load_landing(connection, tmp_path, f"day-{day}", closing_share=0.5)
        return connection.execute(
            "select withdrawn_at, last_seen_at from raw.postings left join ops.posting_sightings using (posting_id)"
        ).fetchone()

    assert load(0) == {"withdrawn_at": None, "last_seen_at": MONDAY}
    closed = {"withdrawn_at": MONDAY + DAY, "last_seen_at": MONDAY}
    assert load(1, is_withdrawn=True) == closed
    assert load(2, is_withdrawn=True, title="Data Intern (closed)") == closed
    assert load(3) == {"withdrawn_at": None, "last_seen_at": MONDAY + 3 * DAY}


def test_a_date_told_as_an_age_does_not_change_a_posting(
    build_posting: Callable[..., Posting],
) -> None:
    first = build_posting("1", date_kind="relative", posted_at=MONDAY)
    later = build_posting("1", date_kind="relative", posted_at=MONDAY + DAY)
    assert first.content_hash == later.content_hash
    assert first.content_hash != build_posting("1", posted_at=MONDAY).content_hash
