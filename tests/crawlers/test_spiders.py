"""Crawls in their subprocess, over real HTTP, of boards that answer in every way."""

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.replay_server import Canned
from internflow.listings.boards import choose_boards
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.landing import find_landings, read_final_crawls
from internflow.listings.plans import Known, PlannedBoard
from internflow.listings.posting import Board, BoardResult
from internflow.settings import Settings, read_settings

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)

Crawl = Callable[..., dict[str, BoardResult]]

FAULTS = {
    "login": [Canned(200, "text/html", "<html>Log in</html>")],
    "broken": [Canned(500, "application/json", "{}")] * 3,
    "forbidden": [Canned(403, "text/plain", "no")],
    "limited": [Canned(429, "text/plain", "slow down", {"Retry-After": "3600"})],
    "shapeless": [Canned(200, "application/json", '{"jobs": 7}')],
    "moved": [
        Canned(302, "text/plain", "", {"Location": "http://169.254.169.254/latest/meta-data"})
    ],
    "inside": [
        Canned(
            301,
            "text/plain",
            "",
            {"Location": "https://boards-api.greenhouse.io/v1/boards/good/jobs?content=true"},
        )
    ],
}


def test_every_board_has_the_outcome_of_its_answer(
    crawl: Crawl, serve: Callable[..., str], write_boards: Callable[..., Path], greenhouse_job: dict[str, Any],
    tmp_path: Path, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    full = {"jobs": [greenhouse_job], "meta": {"total": 1}}
    root = write_boards(
        "greenhouse",
        dict.fromkeys(FAULTS, full)
        | {
            "good": full,
            "empty": {"jobs": []},
            "unknown": None,
            "short": full | {"meta": {"total": 9}},
        },
    )
    serve(root, FAULTS)
    results = crawl(root)
    assert {token: (r.status, r.http_status, r.is_retryable) for token, r in results.items()} == {
        "good": ("ok", 200, False),
        "inside": ("ok", 200, False),
        "empty": ("ok_empty", 200, False),
        "unknown": ("not_found", 404, False),
        "short": ("partial", 200, False),
        "login": ("failed", 200, False),
        "shapeless": ("failed", 200, False),
        "forbidden": ("failed", 403, False),
        "moved": ("failed", None, False),
        "broken": ("failed", 500, True),
        "limited": ("failed", 429, True),
    }
    assert "169.254.169.254" in (results["moved"].error or "")
    (landing,) = find_landings(tmp_path / "data" / "landing", "run")
    shown = {
        c.result.board: [p.external_id for p in c.postings] for c in read_final_crawls([landing])
    }
    assert {token for token, ids in shown.items() if ids == ["41"]} == {"good", "inside", "short"}
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    for event in ("board_asked", "board_crawled"):
        assert sorted(line["board"] for line in lines if line["event"] == event) == sorted(results)

    assert {t: r.status for t, r in crawl(root).items() if t in ("broken", "limited", "moved")} == {
        "broken": "ok", "limited": "ok", "moved": "failed"
    }  # fmt: skip
    _first, asked_again = find_landings(tmp_path / "data" / "landing", "run")
    assert {result.board for result in asked_again.results} == {"broken", "limited"}


def test_a_board_that_robots_txt_forbids_is_not_asked(
    crawl: Crawl, serve: Callable[..., str], write_boards: Callable[..., Path]
) -> None:
    root = write_boards("ashby", {"acme": {"jobs": []}})
    serve(root, robots="User-agent: *\nDisallow: /\n")
    result = crawl(root, "ashby", ["of-no-list"])["of-no-list"]
    assert (result.status, result.http_status, result.is_retryable) == ("failed", None, False)
    assert "robots.txt" in (result.error or "")


def test_a_platform_that_cannot_be_reached_may_be_asked_again(
    crawl: Crawl, write_boards: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:  # bound and not listening: every connection is refused
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("INTERNFLOW_REPLAY_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        read_settings.cache_clear()
        result = crawl(write_boards("ashby", {"acme": None}), "ashby")["acme"]
    assert (result.status, result.http_status, result.is_retryable) == ("failed", None, True)
    assert "refused the connection" in (result.error or "")


def test_a_crawl_that_dies_leaves_a_failed_board(
    crawl: Crawl, write_boards: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "no.such.settings")
    result = crawl(write_boards("ashby", {"acme": None}), "ashby")["acme"]
    assert (result.status, result.is_retryable) == ("failed", True)
    assert "ended with code 1" in (result.error or "")


def test_an_unchanged_board_costs_one_answer_and_lands_nothing(
    serve: Callable[..., str],
    write_boards: Callable[..., Path],
    greenhouse_job: dict[str, Any],
    tmp_path: Path,
) -> None:
    root = write_boards("greenhouse", {"acme": {"jobs": [greenhouse_job]}, "bare": {"jobs": []}})
    serve(root)
    settings = Settings(data_dir=tmp_path / "data")
    boards = choose_boards("greenhouse", (), root / "boards")
    first = crawl_boards(settings, CrawlRun("first", NOW), map(PlannedBoard, boards))
    known = [PlannedBoard(b, read_known(r)) for b, r in zip(boards, first, strict=True)]
    second = crawl_boards(settings, CrawlRun("second", NOW), known)
    assert [(r.status, r.is_unchanged, r.fetched_count, r.http_status) for r in second] == [
        ("ok", True, 1, None),
        ("ok_empty", True, 0, None),
    ]
    answers = settings.landing_dir / "second" / "answers" / "greenhouse-1" / "bodies.bin"
    assert answers.stat().st_size == 0

    # The same answer without the server's mark is known by its words; by another parser it is read again.
    unmarked = [replace(p, known=p.known and replace(p.known, etag=None)) for p in known]
    third = crawl_boards(settings, CrawlRun("third", NOW), unmarked)
    assert [(r.is_unchanged, r.http_status) for r in third] == [(True, 200), (True, 200)]
    older = [replace(p, known=p.known and replace(p.known, parser_version="x")) for p in known]
    fourth = crawl_boards(settings, CrawlRun("fourth", NOW), older)
    assert [(r.is_unchanged, r.status) for r in fourth] == [(False, "ok"), (False, "ok_empty")]


def read_known(result: BoardResult) -> Known:
    assert result.status in ("ok", "ok_empty")
    assert result.answer_hash
    assert result.parser_version
    return Known(
        status=result.status,  # type: ignore[arg-type]  # asserted above
        answer_hash=result.answer_hash,
        parser_version=result.parser_version,
        etag=result.etag,
        reported_count=result.reported_count,
        fetched_count=result.fetched_count,
    )


def test_a_platform_without_its_key_is_left_out(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    board = PlannedBoard(Board("adzuna", "in", "Adzuna"))
    assert settings.find_missing_keys("adzuna") == (
        "INTERNFLOW_ADZUNA_APP_ID",
        "INTERNFLOW_ADZUNA_APP_KEY",
    )
    assert crawl_boards(settings, CrawlRun("run", NOW), [board]) == ()
