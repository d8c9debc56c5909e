"""The boards registry in a real Postgres: lists, added boards, disabled boards, and the rule that disables."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.errors import ConfigError, UserInputError
from internflow.listings.posting import Board, CrawlStatus
from internflow.listings.registry import (
    FAILED_DAYS,
    OUTAGE_BOARDS,
    STUDENTS_BOARDS_A_DAY,
    Crawl,
    add_board,
    disable_board,
    disable_failing,
    enable_board,
    find_failure,
    find_registry_platforms,
    list_registry,
    read_registry,
)
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)
ACME = Board("ashby", "acme", "Acme", ("IN",))
NEW = Board("ashby", "New.Co", "New Co", ("US",))
FEED = Board("rss", "jobs.example.org", "Example", (), "https://jobs.example.org/feed")


@pytest.fixture
def boards_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "ashby.csv").write_text("token,company,countries,url\nacme,Acme,IN,\nbeta,Beta,,\n")
    return folder


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    with connect(settings, "pipeline") as opened:
        yield opened


@pytest.fixture
def crawled(connection: Connection) -> Callable[..., None]:
    """Store how the crawl of a board ended, on the n-th day."""

    def store(
        day: float, status: CrawlStatus, *, board: str = "acme", error: str | None = None
    ) -> None:
        at = MONDAY + day * DAY
        connection.execute(
            """
            insert into ops.crawl_results (run_id, platform, board, company, status, feed_kind, fetched_count, error,
                started_at, finished_at, closes_listings)
            values (%s, 'ashby', %s, 'Acme', %s, 'full_board', 0, %s, %s, %s, false)
            """,
            (f"run-{day}", board, status, error, at, at),
        )

    return store


def tokens(connection: Connection, boards_dir: Path, platform: str = "ashby") -> list[str]:
    return [board.token for board in read_registry(connection, platform, boards_dir)]


def test_an_untouched_registry_is_the_lists(connection: Connection, boards_dir: Path) -> None:
    assert read_registry(connection, "ashby", boards_dir) == (ACME, Board("ashby", "beta", "Beta"))
    assert find_registry_platforms(connection, boards_dir) == ["ashby"]


def test_added_boards_are_crawled_too_and_only_added_once(
    connection: Connection, boards_dir: Path
) -> None:
    assert add_board(connection, NEW, MONDAY, boards_dir=boards_dir)
    assert add_board(connection, FEED, MONDAY, boards_dir=boards_dir)
    assert not add_board(connection, NEW, MONDAY + DAY, boards_dir=boards_dir)
    assert not add_board(connection, ACME, MONDAY, boards_dir=boards_dir), "the list has it"
    assert tokens(connection, boards_dir) == ["acme", "beta", "New.Co"]
    assert read_registry(connection, "ashby", boards_dir)[2] == NEW
    assert read_registry(connection, "rss", boards_dir) == (FEED,)
    assert find_registry_platforms(connection, boards_dir) == ["ashby", "rss"]


def test_a_list_wins_over_what_was_added_before(connection: Connection, boards_dir: Path) -> None:
    add_board(connection, NEW, MONDAY, boards_dir=boards_dir)
    with (boards_dir / "ashby.csv").open("a") as listed:
        listed.write("New.Co,New Company,US IN,\n")
    boards = read_registry(connection, "ashby", boards_dir)
    assert [b.company for b in boards] == ["Acme", "Beta", "New Company"]


@pytest.mark.parametrize(
    ("board", "complaint"),
    [
        (Board("ashby", "../etc", "Acme"), "a token is made of"),
        (Board("ashby", "ok", ""), "has the company"),
        (Board("ashby", "ok", "Acme", ("XX",)), "has the country 'XX'"),
        (Board("rss", "ok", "Acme"), "has no url"),
        (Board("rss", "ok", "Acme", (), "https://10.0.0.1/feed"), "has the url"),
        (Board("rss", "ok", "Acme", (), "http://acme.org/feed"), "has the url"),
        (Board("Robert'); drop table", "ok", "Acme"), "has a platform"),
    ],
)
def test_a_board_that_cannot_be_is_refused(
    connection: Connection, boards_dir: Path, board: Board, complaint: str
) -> None:
    with pytest.raises(UserInputError, match=complaint):
        add_board(connection, board, MONDAY, boards_dir=boards_dir)
    assert connection.execute("select * from ops.boards").fetchall() == []


def test_a_listed_board_can_be_disabled_and_enabled(
    connection: Connection, boards_dir: Path
) -> None:
    assert disable_board(connection, "ashby", "acme", MONDAY, note="moved", boards_dir=boards_dir)
    assert not disable_board(connection, "ashby", "acme", MONDAY, note="x", boards_dir=boards_dir)
    assert tokens(connection, boards_dir) == ["beta"]
    (acme, _beta) = list_registry(connection, boards_dir)
    assert (acme.board, acme.disabled_at, acme.note, acme.added_at) == (ACME, MONDAY, "moved", None)
    assert enable_board(connection, "ashby", "acme", MONDAY + DAY, boards_dir)
    assert not enable_board(connection, "ashby", "acme", MONDAY + DAY, boards_dir)
    assert tokens(connection, boards_dir) == ["acme", "beta"]
    assert list_registry(connection, boards_dir)[0].added_by is None


def test_an_added_board_can_be_disabled_and_says_so_when_it_is_added_again(
    connection: Connection, boards_dir: Path
) -> None:
    add_board(connection, NEW, MONDAY, boards_dir=boards_dir)
    disable_board(connection, "ashby", "New.Co", MONDAY, note="gone", boards_dir=boards_dir)
    assert tokens(connection, boards_dir) == ["acme", "beta"]
    with pytest.raises(UserInputError, match=r"disabled \(gone\).*boards enable ashby New\.Co"):
        add_board(connection, NEW, MONDAY + DAY, boards_dir=boards_dir)
    enable_board(connection, "ashby", "New.Co", MONDAY + DAY, boards_dir)
    assert tokens(connection, boards_dir) == ["acme", "beta", "New.Co"]


def test_a_disabled_board_that_left_its_list_is_the_operators_when_enabled(
    connection: Connection, boards_dir: Path
) -> None:
    disable_board(connection, "ashby", "beta", MONDAY, note="moved", boards_dir=boards_dir)
    (boards_dir / "ashby.csv").write_text("token,company,countries,url\nacme,Acme,IN,\n")
    assert tokens(connection, boards_dir) == ["acme"]
    enable_board(connection, "ashby", "beta", MONDAY + DAY, boards_dir)
    assert tokens(connection, boards_dir) == ["acme", "beta"]
    assert list_registry(connection, boards_dir)[1].added_by == "operator"


def test_unknown_boards_and_platforms_are_refused(connection: Connection, boards_dir: Path) -> None:
    with pytest.raises(UserInputError, match="No board 'nobody' of 'ashby'"):
        disable_board(connection, "ashby", "nobody", MONDAY, note="", boards_dir=boards_dir)
    with pytest.raises(UserInputError, match=r"No board 'acme' of '\.\./etc'"):
        enable_board(connection, "../etc", "acme", MONDAY, boards_dir)
    with pytest.raises(ConfigError, match=r"No board list lever\.csv"):
        read_registry(connection, "lever", boards_dir)


def test_a_student_may_add_boards_and_nothing_else(settings: Settings, boards_dir: Path) -> None:
    with connect(settings, "app") as app:
        assert add_board(app, NEW, MONDAY, added_by="student", boards_dir=boards_dir)
        assert tokens(app, boards_dir) == ["acme", "beta", "New.Co"]
    for forbidden in (
        "update ops.boards set disabled_at = now()",
        "delete from ops.boards",
        "insert into ops.boards (platform, token, company, added_at, added_by) values ('a', 'b', 'c', now(), 'x')",
        "insert into ops.boards (platform, token, company, disabled_at) values ('a', 'b', 'c', now())",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connect(settings, "app") as app,
        ):
            app.execute(forbidden)


def test_students_add_only_so_many_boards_a_day(connection: Connection, boards_dir: Path) -> None:
    def add(number: int, at: datetime) -> bool:
        board = Board("ashby", f"board-{number}", f"Company {number}")
        return add_board(connection, board, at, added_by="student", boards_dir=boards_dir)

    for number in range(STUDENTS_BOARDS_A_DAY):
        assert add(number, MONDAY)
    with pytest.raises(UserInputError, match="try again tomorrow"):
        add(99, MONDAY)
    assert add_board(connection, NEW, MONDAY, boards_dir=boards_dir), "the operator may"
    assert add(99, MONDAY + DAY)


def test_five_failed_days_disable_a_board_with_a_note(
    connection: Connection, crawled: Callable[..., None], boards_dir: Path
) -> None:
    crawled(-1, "ok")
    for day in range(4):
        crawled(day, "failed", error="late")
        assert disable_failing(connection, MONDAY + day * DAY) == []
    crawled(4, "not_found", error="ashby knows no board acme.")
    assert disable_failing(connection, MONDAY + 4 * DAY) == [("ashby", "acme")]
    assert disable_failing(connection, MONDAY + 4 * DAY) == [], "once"
    acme = list_registry(connection, boards_dir)[0]
    assert acme.disabled_at == MONDAY + 4 * DAY
    assert acme.note == "failed on 5 days, last: ashby knows no board acme."
    assert tokens(connection, boards_dir) == ["beta"]


def test_an_enabled_board_has_five_new_days(
    connection: Connection, crawled: Callable[..., None], boards_dir: Path
) -> None:
    for day in range(5):
        crawled(day, "failed")
    disable_failing(connection, MONDAY + 4 * DAY)
    enable_board(connection, "ashby", "acme", MONDAY + 4.5 * DAY, boards_dir)
    assert disable_failing(connection, MONDAY + 4.5 * DAY) == []
    for day in range(5, 9):
        crawled(day, "failed")
    assert disable_failing(connection, MONDAY + 8 * DAY) == []
    crawled(9, "failed")
    assert disable_failing(connection, MONDAY + 9 * DAY) == [("ashby", "acme")]


@pytest.mark.parametrize("answer", ["ok", "ok_empty", "partial"])
def test_a_board_that_answered_within_its_last_days_stays(
    connection: Connection, crawled: Callable[..., None], answer: CrawlStatus
) -> None:
    for day in range(5):
        crawled(day, "failed")
    crawled(2.1, answer)
    assert disable_failing(connection, MONDAY + 5 * DAY) == []


def test_days_without_our_own_network_disable_nothing(
    connection: Connection, crawled: Callable[..., None]
) -> None:
    for day in range(7):
        for number in range(OUTAGE_BOARDS):
            crawled(day, "failed", board=f"board-{number}")
    assert disable_failing(connection, MONDAY + 7 * DAY) == []
    for day in range(5):
        crawled(day, "ok", board="living")
    disabled = disable_failing(connection, MONDAY + 7 * DAY)
    assert len(disabled) == OUTAGE_BOARDS


def crawl(day: float, status: CrawlStatus) -> Crawl:
    return Crawl(MONDAY + day * DAY, status)


def test_failed_days_need_not_be_neighbours() -> None:
    assert find_failure([crawl(day, "failed") for day in (0, 7, 14, 21, 28)])


def test_many_failures_on_one_day_are_one_day() -> None:
    assert find_failure([crawl(hour / 24, "failed") for hour in range(10)]) is None


@given(
    st.lists(st.sampled_from(["ok", "ok_empty", "partial", "failed", "not_found"]), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_last_five_days_decide_whatever_the_order(
    statuses: list[CrawlStatus], random: object
) -> None:
    crawls = [crawl(day, status) for day, status in enumerate(statuses)]
    expected = len(statuses) >= FAILED_DAYS and all(
        status in ("failed", "not_found") for status in statuses[-FAILED_DAYS:]
    )
    assert (find_failure(crawls) is not None) == expected
    random.shuffle(crawls)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    assert (find_failure(crawls) is not None) == expected
    assert find_failure(crawls, frozenset({date(2026, 11, 22)})) == find_failure(crawls)
