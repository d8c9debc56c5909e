"""Reading a run's answers again with today's parsers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.answers import AnswerWriter, BoardAnswers
from crawlers.platform import Ask, Page, Visit
from crawlers.platforms import greenhouse
from crawlers.reparse import reparse_run
from internflow.errors import ConfigError
from internflow.listings.landing import (
    LandingWriter,
    find_landings,
    read_final_crawls,
    write_lines,
)
from internflow.listings.posting import Board, BoardResult, DroppedPosting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("greenhouse", "acme", "Acme")


def test_a_mended_parser_reads_what_an_older_one_misread_and_dropped(
    tmp_path: Path, greenhouse_job: dict[str, Any]
) -> None:
    body = json.dumps({"jobs": [greenhouse_job, greenhouse_job | {"id": 42}]}).encode()
    answers = AnswerWriter(tmp_path, "run", "greenhouse", 1)
    page = answers.add(Page(Ask("https://x.example"), body))
    answers.finish(
        [
            BoardAnswers(board=ACME, ended="answered", pages=(page,), http_status=200),
            BoardAnswers(board=replace(ACME, token="silent"), ended="failed", error="late"),
        ]
    )
    right = greenhouse.parse_posting(greenhouse_job, Visit(ACME, NOW))
    dropped = DroppedPosting(board="acme", reason="an old reason", payload={})
    read = BoardResult(
        platform="greenhouse", board="acme", company="Acme", status="ok", feed_kind="full_board",
        started_at=NOW, finished_at=NOW,
    )  # fmt: skip
    writer = LandingWriter(tmp_path, "run", "greenhouse", 1)
    writer.add_board(write_lines(read, [replace(right, title="misread")], [dropped]))
    writer.add_board(write_lines(replace(read, board="silent", status="failed")))
    writer.finish()

    assert reparse_run(tmp_path, "run") == [tmp_path / "run" / "greenhouse-2"]

    first, second = read_final_crawls(find_landings(tmp_path, "run"))
    assert [p.title for p in first.postings] == [right.title, right.title]
    result = first.result
    assert (result.status, result.fetched_count, result.dropped_count) == ("ok", 2, 0)
    assert result.started_at == NOW
    assert (second.result.status, second.result.error) == ("failed", "late")


def test_a_run_that_left_nothing_cannot_be_read_again(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="left nothing"):
        reparse_run(tmp_path, "run")
