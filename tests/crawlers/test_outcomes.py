"""What an answer means for a board."""

import json
from datetime import UTC, datetime

import pytest

from crawlers.outcomes import Answer, Judge
from crawlers.platforms import greenhouse
from internflow.listings.posting import Board, BoardResult

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("greenhouse", "acme", "Acme")
JOB = {"id": 1, "title": "T", "absolute_url": "https://x.example"}


def judge(status: int, body: object, content_type: str = "application/json") -> BoardResult:
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Judge(greenhouse, NOW).judge_answer(ACME, Answer(status, content_type, written)).result


@pytest.mark.parametrize(
    ("code", "status", "is_retryable"),
    [
        (404, "not_found", False),
        (410, "not_found", False),
        (403, "failed", False),
        (302, "failed", False),
    ]
    + [(code, "failed", True) for code in (408, 429, 500, 502, 503, 504, 522)],
)
def test_a_status_says_whether_asking_again_helps(
    code: int, status: str, *, is_retryable: bool
) -> None:
    result = judge(code, {"error": "x"})
    assert (result.status, result.is_retryable, result.http_status) == (status, is_retryable, code)
    assert result.error


@pytest.mark.parametrize(
    ("body", "status", "counts"),
    [
        ({"jobs": [JOB]}, "ok", (1, 1, 0)),
        ({"jobs": []}, "ok_empty", (0, 0, 0)),
        ({"jobs": [], "meta": {"total": 3}}, "partial", (3, 0, 0)),
        ({"jobs": [JOB], "meta": {"total": 37}}, "partial", (37, 1, 0)),
        ({"jobs": [JOB, {}]}, "ok", (2, 1, 1)),
        ({"jobs": [{}, {}]}, "failed", (2, 0, 2)),
        ({}, "failed", (None, 0, 0)),
    ],
)
def test_counts_tell_complete_from_cut_short_and_broken(
    body: object, status: str, counts: tuple[int | None, int, int]
) -> None:
    result = judge(200, body)
    assert result.status == status
    assert (result.reported_count, result.fetched_count, result.dropped_count) == counts
    assert (result.error is None) == (status in ("ok", "ok_empty"))


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_a_web_page_is_named_as_such(content_type: str) -> None:
    result = judge(200, b"<!doctype html><p>Login", content_type)
    assert result.status == "failed"
    assert "web page instead of JSON" in (result.error or "")


def test_every_result_carries_the_moment_of_the_run() -> None:
    result = judge(200, {"jobs": []})
    assert (result.started_at, result.finished_at) == (NOW, NOW)
