"""One crawl of boards that fail in every way beside one that does not: each fails alone, and is seen to."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.conversation import MOST_PAGES
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.loading import load_landing
from internflow.listings.plans import PlannedBoard
from internflow.listings.posting import Board
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect
from internflow.warehouse.embedded import Cluster
from tests.conftest import make_database
from tests.crawlers.misbehaving_server import (
    Behaviour,
    Exchange,
    MisbehavingServer,
    build_bomb,
    serve_behaviours,
)
from tests.dashboards.database import build_marts, publish

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
GOOD = {"jobs": [{"id": 1, "title": "Intern", "absolute_url": "https://x.example/1"}]}
BOMB = build_bomb(200_000_000)


def build_good(_exchange: Exchange, _count: int) -> None:
    _exchange.reply(200, GOOD)


def fail_first(times: int, status: int, **headers: str) -> Behaviour:
    def answer(exchange: Exchange, count: int) -> None:
        if count <= times:
            exchange.reply(status, b"later", **headers)
        else:
            exchange.reply(200, GOOD)

    return answer


def redirect(location: str) -> Behaviour:
    return lambda exchange, _count: exchange.reply(302, b"", Location=location)


def show_page(exchange: Exchange, *, total: int, offset: int, size: int) -> None:
    rows = [
        {"id": str(n), "name": "Clerk", "location": {"city": "Pune"}, "company": {"name": "A"}}
        for n in range(offset, min(total, offset + size))
    ]
    exchange.reply(200, {"content": rows, "totalFound": total, "offset": offset, "limit": size})


def show_workday(exchange: Exchange, _count: int) -> None:
    """Three pages of twenty; the second is never to be had."""
    offset = exchange.asked["offset"]
    if offset == 20:
        exchange.reply(429, b"slow down")
        return
    rows = [
        {"title": "Clerk", "externalPath": f"/job/Pune/Clerk_JR{n}", "bulletFields": [f"JR{n}"]}
        for n in range(offset, offset + 20)
    ]
    exchange.reply(200, {"total": 60, "jobPostings": rows})


GREENHOUSE: dict[str, Behaviour] = {
    "good": build_good,
    "limited": fail_first(1, 429, Retry_After="1"),
    "busy": fail_first(99, 429, Retry_After="7200"),
    "shaky": fail_first(2, 500),
    "down": fail_first(99, 503),
    "reset": lambda exchange, _count: exchange.reset(),
    "truncated": lambda exchange, _count: exchange.reply(200, b'{"jobs": [{"id": 1, "ti'),
    "bomb": lambda exchange, _count: exchange.reply(200, BOMB, Content_Encoding="gzip"),
    "stalled": lambda exchange, _count: exchange.stall(),
    "circling": redirect("https://boards-api.greenhouse.io/v1/boards/circling/jobs?content=true"),
    "inward": redirect("http://127.0.0.1:1/admin"),
    "metadata": redirect("http://169.254.169.254/latest/meta-data"),
    "webpage": lambda exchange, _count: exchange.reply(200, b"<!doctype html><p>Log in"),
    "reshaped": lambda exchange, _count: exchange.reply(200, {"results": GOOD["jobs"]}),
    "renamed": lambda exchange, _count: exchange.reply(200, {"jobs": [{"key": 1, "name": "x"}]}),
}
SMARTRECRUITERS: dict[str, Behaviour] = {
    "endless": lambda exchange, _count: show_page(
        exchange, total=10**9, offset=exchange.read_number("offset"), size=2
    ),
    "repeating": lambda exchange, _count: show_page(exchange, total=10**9, offset=0, size=100),
    "paged": lambda exchange, _count: show_page(
        exchange, total=250, offset=exchange.read_number("offset"), size=100
    ),
}
WORKDAY: dict[str, Behaviour] = {"unluckyco": show_workday}


@pytest.fixture(scope="module")
def world(
    cluster: Cluster, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[MisbehavingServer, Settings]]:
    """The crawl, loaded and modelled."""
    folder = tmp_path_factory.mktemp("faults")
    boards = [Board("greenhouse", token, token.title()) for token in GREENHOUSE]
    boards += [Board("smartrecruiters", token, token.title()) for token in SMARTRECRUITERS]
    boards.append(Board("workday", "unluckyco.wd1.Jobs", "Unluckyco"))
    behaviours = GREENHOUSE | SMARTRECRUITERS | WORKDAY
    with (
        pytest.MonkeyPatch.context() as patch,
        make_database(cluster, template_database, folder / "data") as settings,
        serve_behaviours(behaviours) as server,
    ):
        patch.setenv("HOME", str(folder))
        patch.setenv("INTERNFLOW_REPLAY_URL", server.url)
        patch.setenv("INTERNFLOW_CRAWL_TIMEOUT_SECONDS", "2")
        publish(settings, patch)
        crawl_boards(settings, CrawlRun("run", NOW), [PlannedBoard(board) for board in boards])
        with connect(settings, "pipeline") as connection:
            load_landing(connection, settings.landing_dir, "run", closing_share=0.5)
        build_marts(settings, folder)
        yield server, settings
    read_settings.cache_clear()


@pytest.fixture
def health(world: tuple[MisbehavingServer, Settings]) -> dict[str, dict[str, Any]]:
    """What crawl_health says of each board."""
    with connect(world[1], "app") as connection:
        rows = connection.execute("select * from marts.crawl_health").fetchall()
    return {row["board"]: row for row in rows}


@pytest.mark.parametrize(("board", "tries"), [("good", 1), ("limited", 2), ("shaky", 3)], ids=str)
def test_a_board_that_answers_in_the_end_is_ok(
    board: str,
    tries: int,
    health: dict[str, dict[str, Any]],
    world: tuple[MisbehavingServer, Settings],
) -> None:
    assert (health[board]["status"], health[board]["fetched_count"]) == ("ok", 1)
    assert world[0].asked[board] == tries


@pytest.mark.parametrize(
    ("board", "said", "tries"),
    [
        ("busy", "429", 1),
        ("down", "503", 3),
        ("reset", "broke the connection off|only part", 3),
        ("truncated", "something else than JSON", 1),
        ("bomb", "exceed|maximum size|DOWNLOAD_MAXSIZE", 1),
        ("stalled", "did not answer in time", 3),
        ("circling", "redirect", 4),
        ("inward", r"127\.0\.0\.1:1 is not one of its hosts", 1),
        ("metadata", r"169\.254\.169\.254 is not one of its hosts", 1),
        ("webpage", "web page instead of data", 1),
        ("reshaped", "field jobs of the answer", 1),
        ("renamed", "None of 1 postings could be read", 1),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isalpha() else "",
)
def test_a_fault_fails_its_board_alone_and_says_so(
    board: str,
    said: str,
    tries: int,
    health: dict[str, dict[str, Any]],
    world: tuple[MisbehavingServer, Settings],
) -> None:
    assert (health[board]["status"], health[board]["closes_listings"]) == ("failed", False)
    assert re.search(said, health[board]["error"], re.IGNORECASE)
    assert world[0].asked[board] == tries


def test_pages_are_read_until_the_reported_total(health: dict[str, dict[str, Any]]) -> None:
    paged = health["paged"]
    assert (paged["status"], paged["reported_count"], paged["fetched_count"]) == ("ok", 250, 250)


def test_endless_paging_ends(
    health: dict[str, dict[str, Any]], world: tuple[MisbehavingServer, Settings]
) -> None:
    assert health["endless"]["status"] == "partial"
    assert world[0].asked["endless"] == MOST_PAGES
    assert (health["repeating"]["status"], world[0].asked["repeating"]) == ("partial", 2)


def test_a_page_that_is_not_to_be_had_makes_the_board_partial(
    health: dict[str, dict[str, Any]], world: tuple[MisbehavingServer, Settings]
) -> None:
    cut = health["unluckyco.wd1.Jobs"]
    assert (cut["status"], cut["reported_count"], cut["closes_listings"]) == ("partial", 60, False)
    assert "429" in cut["error"]
    assert world[0].asked["unluckyco"] >= 4  # the page was asked for three times


def test_nothing_but_the_server_was_asked(world: tuple[MisbehavingServer, Settings]) -> None:
    assert set(world[0].asked) == {*GREENHOUSE, *SMARTRECRUITERS, *WORKDAY}
