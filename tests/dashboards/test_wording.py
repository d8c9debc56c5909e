from datetime import UTC, datetime, timedelta

import pytest

from dashboards.queries import BoardHealth
from dashboards.wording import count_of, describe_age, describe_health

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "in the future"), (timedelta(seconds=59), "just now"),
        (timedelta(minutes=12), "12 min ago"), (timedelta(hours=23), "23 h ago"),
        (timedelta(days=1), "1 day ago"), (timedelta(days=59), "59 days ago"),
        (timedelta(days=60), "2 months ago"), (timedelta(days=800), "2 years ago"),
    ],
)  # fmt: skip
def test_describe_age_uses_the_largest_unit_that_fits(age: timedelta, words: str) -> None:
    assert describe_age(NOW - age, NOW) == words


def test_count_of_knows_one_and_many() -> None:
    assert [count_of(n, "board") for n in (0, 1, 1200)] == ["0 boards", "1 board", "1,200 boards"]


def build_board(status: str) -> BoardHealth:
    finished = NOW - timedelta(minutes=12)
    return BoardHealth("ashby", "b", "B", status, None, 1, 0, None, None, finished)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statuses", "line"),
    [
        ([], "No board was crawled yet."),
        (["ok", "ok_empty"], "2 of 2 boards answered, last crawl 12 min ago"),
        (["ok", "partial"], "1 of 2 boards answered completely, last crawl 12 min ago"),
        (["failed"], "0 of 1 board answered completely, last crawl 12 min ago"),
    ],
)
def test_describe_health_counts_only_complete_answers(statuses: list[str], line: str) -> None:
    assert describe_health([build_board(status) for status in statuses], NOW) == line
