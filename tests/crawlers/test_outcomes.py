"""What the answers of a board mean for it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from crawlers.answers import BoardAnswers
from crawlers.outcomes import Judge, Outcome, describe_refusal
from crawlers.platform import Ask, Page, ParsedPage
from crawlers.platforms.greenhouse import PLATFORM
from internflow.listings.plans import Known
from internflow.listings.posting import Board, BoardResult

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("greenhouse", "acme", "Acme")
JOB = {"id": 1, "title": "T", "absolute_url": "https://x.example"}
OTHER = JOB | {"id": 2}
ANSWERED = BoardAnswers(board=ACME, ended="answered", http_status=200)


def judge_pages(bodies: Sequence[object], answers: BoardAnswers = ANSWERED) -> Outcome:
    written = [b if isinstance(b, bytes) else json.dumps(b).encode() for b in bodies]
    pages = [(Page(Ask("https://x.example"), body), None) for body in written]
    return Judge(PLATFORM, NOW, "v1").judge(answers, pages)


def judge(body: object) -> BoardResult:
    return judge_pages([body]).result


@pytest.mark.parametrize(
    ("code", "ended", "is_retryable"),
    [
        (404, "not_found", False),
        (410, "not_found", False),
        (403, "failed", False),
        (302, "failed", False),
    ]
    + [(code, "failed", True) for code in (408, 429, 500, 502, 503, 504, 522)],
)
def test_a_status_says_whether_asking_again_helps(
    code: int, ended: str, *, is_retryable: bool
) -> None:
    refused = describe_refusal(ANSWERED, code)
    assert (refused.ended, refused.is_retryable) == (ended, is_retryable)
    result = judge_pages([], refused).result
    assert (result.status, result.is_retryable, result.http_status) == (ended, is_retryable, code)
    assert result.error


@pytest.mark.parametrize(
    ("body", "status", "counts"),
    [
        ({"jobs": [JOB]}, "ok", (None, 1, 0)),
        ({"jobs": []}, "ok_empty", (None, 0, 0)),
        ({"jobs": [], "meta": {"total": 3}}, "partial", (3, 0, 0)),
        ({"jobs": [JOB], "meta": {"total": 37}}, "partial", (37, 1, 0)),
        ({"jobs": [JOB], "meta": {"total": 1}}, "ok", (1, 1, 0)),
        ({"jobs": [JOB, {}]}, "ok", (None, 1, 1)),
        ({"jobs": [{}, {}]}, "failed", (None, 0, 2)),
        ({}, "failed", (None, 0, 0)),
    ],
)
def test_counts_tell_complete_from_cut_short_and_broken(
    body: object, status: str, counts: tuple[int | None, int, int]
) -> None:
    result = judge(body)
    assert result.status == status
    assert (result.reported_count, result.fetched_count, result.dropped_count) == counts
    assert (result.error is None) == (status in ("ok", "ok_empty"))


def test_pages_count_together_against_the_first_total() -> None:
    first = {"jobs": [JOB], "meta": {"total": 2}}
    whole = judge_pages([first, {"jobs": [JOB, OTHER], "meta": {"total": 0}}])
    assert (whole.result.status, whole.result.reported_count) == ("ok", 2)
    assert [posting.external_id for posting in whole.postings] == ["1", "2"]
    assert judge_pages([first, {"jobs": [JOB]}]).result.status == "partial"


def test_a_later_page_that_cannot_be_read_makes_the_board_partial() -> None:
    outcome = judge_pages([{"jobs": [JOB]}, b"<html>"])
    assert (outcome.result.status, outcome.result.fetched_count) == ("partial", 1)
    assert "Page 2" in (outcome.result.error or "")


def test_an_error_after_the_first_page_makes_the_board_partial() -> None:
    cut = BoardAnswers(board=ACME, ended="answered", error="answered 429 in the middle")
    result = judge_pages([{"jobs": [JOB]}], cut).result
    assert (result.status, result.error) == ("partial", "answered 429 in the middle")


def test_a_web_page_is_named_as_such() -> None:
    result = judge(b"<!doctype html><p>Login")
    assert result.status == "failed"
    assert "web page instead of data" in (result.error or "")


def test_an_unchanged_board_is_what_it_was() -> None:
    known = Known(
        status="ok", answer_hash="h", parser_version="v1", fetched_count=7, dropped_count=1
    )
    unchanged = BoardAnswers(board=ACME, ended="unchanged", known=known, answer_hash="h")
    result = judge_pages([], unchanged).result
    assert (result.status, result.is_unchanged, result.answer_hash) == ("ok", True, "h")
    assert (result.fetched_count, result.dropped_count) == (7, 1)


def test_every_result_carries_the_moment_of_the_run() -> None:
    result = judge({"jobs": []})
    assert (result.started_at, result.finished_at) == (NOW, NOW)


def test_a_ceiling_is_said() -> None:
    parsed = ParsedPage((), shortfall="The platform shows 10,000 at most.")
    outcome = Judge(PLATFORM, NOW, "v1").weigh(ANSWERED, parsed)
    assert (outcome.result.status, outcome.result.error) == ("partial", parsed.shortfall)
