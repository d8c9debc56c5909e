"""Reading landed payloads again with today's parsers."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.outcomes import Judge
from crawlers.parsing import ParsedBoard
from crawlers.platforms import greenhouse
from crawlers.reparse import reparse_run
from internflow.errors import ConfigError
from internflow.listings.landing import LandingWriter, find_landings, read_final_crawls
from internflow.listings.posting import Board, DroppedPosting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("greenhouse", "acme", "Acme")


def test_a_mended_parser_reads_what_an_older_one_misread_and_dropped(
    tmp_path: Path, greenhouse_job: dict[str, Any]
) -> None:
    right = greenhouse.parse_posting(greenhouse_job, ACME)
    wrong = replace(right, title="misread")
    dropped = DroppedPosting(
        board="acme", reason="an old reason", payload=greenhouse_job | {"id": 42}
    )
    judge = Judge(greenhouse, NOW)
    board = judge.weigh(ACME, ParsedBoard((wrong,), (dropped,), 2), 200).result
    silent = judge.judge_absence(replace(ACME, token="silent"), "late", is_retryable=True).result
    writer = LandingWriter(tmp_path, "run", "greenhouse", 1)
    writer.add_posting(wrong)
    writer.add_dropped(dropped)
    writer.finish([board, silent])

    assert reparse_run(tmp_path, "run") == [tmp_path / "run" / "greenhouse-2"]

    first, second = read_final_crawls(find_landings(tmp_path, "run"))
    assert [p.title for p in first.postings] == [right.title, right.title]
    assert (first.result.status, first.result.fetched_count, first.result.dropped_count) == (
        "ok",
        2,
        0,
    )
    assert first.result.started_at == NOW
    assert second.result == silent


def test_a_run_that_left_nothing_cannot_be_read_again(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="left nothing"):
        reparse_run(tmp_path, "run")
