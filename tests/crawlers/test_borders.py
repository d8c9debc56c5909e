"""Where one board's trouble stops: a parser that breaks, and a crawl that ends too soon, without a network."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.answers import AnswerWriter, BoardAnswers, find_answers, read_manifest
from crawlers.outcomes import Judge
from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms.ashby import PLATFORM
from crawlers.reading import read_board
from crawlers.spiders.ashby import AshbySpider
from internflow.listings.plans import CrawlPlan, PlannedBoard, write_plan
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("ashby", "acme", "Acme")


@pytest.fixture
def build_spider(tmp_path: Path) -> Callable[..., AshbySpider]:
    def build(*tokens: str) -> AshbySpider:
        boards = tuple(PlannedBoard(replace(ACME, token=token)) for token in tokens)
        plan = CrawlPlan("run", NOW, tmp_path / "landing", {"ashby": 1}, boards)
        write_plan(plan, tmp_path / "plan.json")
        return AshbySpider(plan=str(tmp_path / "plan.json"))

    return build


def test_a_parser_that_breaks_fails_its_board_alone(tmp_path: Path) -> None:
    def break_down(_page: Page, _visit: Visit) -> ParsedPage:
        raise ZeroDivisionError

    writer = AnswerWriter(tmp_path, "run", "ashby", 1)
    stored = writer.add(Page(Ask("https://api.ashbyhq.com"), b'{"jobs": []}'))
    answers = BoardAnswers(board=ACME, ended="answered", pages=(stored,), http_status=200)
    folder = writer.finish([answers])
    broken = replace(PLATFORM, parse_postings=break_down)
    outcome = read_board(folder, answers, Judge(broken, NOW, "v1"))
    assert (outcome.result.status, outcome.result.http_status) == ("failed", 200)
    assert "ZeroDivisionError" in (outcome.result.error or "")
    assert read_board(folder, answers, Judge(PLATFORM, NOW, "v1")).result.status == "ok_empty"


def test_a_board_of_which_nothing_was_heard_has_failed(
    build_spider: Callable[..., AshbySpider], tmp_path: Path
) -> None:
    spider = build_spider("heard", "silent")
    heard = spider.talks[0]
    heard.fail("ashby did not answer in time.", is_retryable=True)
    heard.is_reported = True
    spider.closed("shutdown")
    ((platform, attempt, folder),) = find_answers(tmp_path / "landing", "run")
    assert (platform, attempt) == ("ashby", 1)
    ended = [(a.board.token, a.ended, a.is_retryable, a.error) for a in read_manifest(folder)]
    assert ended[0] == ("heard", "failed", True, "ashby did not answer in time.")
    assert ended[1][:3] == ("silent", "failed", True)
    assert "ended (shutdown) before" in (ended[1][3] or "")


def test_an_answer_that_was_kept_is_not_lost_with_the_crawl(
    build_spider: Callable[..., AshbySpider], tmp_path: Path
) -> None:
    spider = build_spider("acme")
    page = Page(Ask("https://api.ashbyhq.com/x"), b'{"jobs": []}')
    spider.talks[0].add(spider.writer.add(page), page.body)
    spider.closed("shutdown")
    ((_platform, _attempt, folder),) = find_answers(tmp_path / "landing", "run")
    (answers,) = read_manifest(folder)
    assert (answers.ended, answers.is_retryable, len(answers.pages)) == ("answered", True, 1)
    result = read_board(folder, answers, Judge(PLATFORM, NOW, "v1")).result
    assert (result.status, result.is_retryable) == ("partial", True)
