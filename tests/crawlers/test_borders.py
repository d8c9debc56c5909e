"""Where one board's trouble stops: the spider's callbacks and the end of a crawl, without a network."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import TextResponse
from twisted.python.failure import Failure

from crawlers.parsing import ParsedBoard
from crawlers.pipelines import LandingPipeline
from crawlers.platforms import ashby
from crawlers.spiders.ashby import AshbySpider
from internflow.listings.landing import find_landings
from internflow.listings.posting import Board, BoardResult


@pytest.fixture
def spider(tmp_path: Path, write_boards: Callable[..., Path]) -> AshbySpider:
    root = write_boards("ashby", {"heard": None, "silent": None})
    return AshbySpider(
        run_id="run",
        now="2026-11-23T06:00:00+00:00",
        landing_dir=str(tmp_path / "landing"),
        boards_dir=str(root / "boards"),
    )


def fail(spider: AshbySpider, error: Exception) -> BoardResult:
    failure = Failure(error)
    failure.request = Request("https://api.ashbyhq.com", cb_kwargs={"board": spider.boards[0]})  # type: ignore[attr-defined]
    (result,) = spider.fail_board(failure)
    assert isinstance(result, BoardResult)
    return result


@pytest.mark.parametrize(
    ("error", "said", "is_retryable"),
    [
        (DownloadTimeoutError(), "did not answer in time", True),
        (CannotResolveHostError(), "could not be resolved", True),
        (ResponseDataLossError(), "only part of the answer", True),
        (DownloadCancelledError(), "more than an answer may have", False),
        (
            IgnoreRequest("Forbidden by robots.txt"),
            r"may not be asked .*Forbidden by robots\.txt",
            False,
        ),
        (OverflowError(), "OverflowError", False),
    ],
)
def test_a_board_without_an_answer_has_failed_and_says_why(
    spider: AshbySpider, error: Exception, said: str, *, is_retryable: bool
) -> None:
    result = fail(spider, error)
    assert (result.status, result.http_status, result.is_retryable) == (
        "failed",
        None,
        is_retryable,
    )
    assert re.search(said, result.error or "")


def test_a_parser_that_breaks_fails_its_board_alone(
    spider: AshbySpider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_payload: object, _board: Board) -> ParsedBoard:
        raise ZeroDivisionError

    monkeypatch.setattr(ashby, "parse_postings", break_down)
    response = TextResponse("https://api.ashbyhq.com", body=b'{"jobs": []}')
    (result,) = spider.parse_board(response, spider.boards[0])
    assert isinstance(result, BoardResult)
    assert (result.status, result.http_status) == ("failed", 200)
    assert "ZeroDivisionError" in (result.error or "")


def test_a_board_of_which_nothing_was_heard_has_failed(spider: AshbySpider, tmp_path: Path) -> None:
    crawler: Any = SimpleNamespace(spider=spider)
    pipeline = LandingPipeline.from_crawler(crawler)
    pipeline.open_spider()
    pipeline.process_item(fail(spider, DownloadTimeoutError()))
    pipeline.close_spider()
    (landing,) = find_landings(tmp_path / "landing", "run")
    assert [(r.board, r.status) for r in landing.results] == [
        ("heard", "failed"),
        ("silent", "failed"),
    ]
    assert "ended before" in (landing.results[1].error or "")
