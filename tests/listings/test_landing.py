"""Landing files."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from internflow.errors import ConfigError, ContractViolation, UserInputError
from internflow.listings.landing import (
    LandingWriter,
    find_landings,
    find_run_dir,
    read_final_crawls,
    require_landings,
    write_lines,
)
from internflow.listings.posting import BoardResult, DroppedPosting, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_what_landed_is_read_back_whole(
    tmp_path: Path, build_posting: Callable[..., Posting], build_result: Callable[..., BoardResult]
) -> None:
    posting = build_posting(
        places=("Zürich", "\u2028"), apply_by=date(2027, 1, 31), posted_at=None, date_kind="none"
    )
    dropped = DroppedPosting(board="acme", reason="The field id is None", payload=["odd"])
    result = build_result(status="partial", fetched_count=1, dropped_count=1, is_retryable=False)
    writer = LandingWriter(tmp_path, "run", "greenhouse", 2)
    writer.add_board(write_lines(build_result(board="before"), [build_posting(board="before")]))
    writer.add_board(write_lines(result, [posting], [dropped]))
    folder = writer.finish()
    (landing,) = find_landings(tmp_path, "run")
    _before, crawl = read_final_crawls([landing])
    assert folder == tmp_path / "run" / "greenhouse-2" == landing.folder
    assert (crawl.result, crawl.postings, crawl.dropped) == (result, (posting,), (dropped,))


def test_an_unfinished_landing_is_none(
    tmp_path: Path, build_posting: Callable[..., Posting], build_result: Callable[..., BoardResult]
) -> None:
    writer = LandingWriter(tmp_path, "run", "greenhouse", 1)
    writer.add_board(write_lines(build_result(), [build_posting()]))
    assert find_landings(tmp_path, "run") == []
    with pytest.raises(ConfigError, match="left nothing"):
        require_landings([], tmp_path, "run")


def test_an_attempt_that_landed_is_not_replaced(land: Callable[..., Path]) -> None:
    land("run", NOW, ["1"])
    landing_dir = land("run", NOW, ["1", "2"])
    (crawl,) = read_final_crawls(find_landings(landing_dir, "run"))
    assert [p.external_id for p in crawl.postings] == ["1"]
    assert [p.name for p in (landing_dir / "run").iterdir()] == ["greenhouse-1"]


def test_the_last_attempt_has_the_last_word(land: Callable[..., Path]) -> None:
    for attempt in range(1, 11):
        landing_dir = land("run", NOW, [str(attempt)], attempt=attempt)
    (crawl,) = read_final_crawls(find_landings(landing_dir, "run", "greenhouse"))
    assert [p.external_id for p in crawl.postings] == ["10"]


def test_changed_postings_are_refused(land: Callable[..., Path]) -> None:
    landing_dir = land("run", NOW, ["1"])
    file = landing_dir / "run" / "greenhouse-1" / "postings.jsonl"
    file.write_text(file.read_text().replace("Intern", "Chief"))
    with pytest.raises(ContractViolation, match="crawl again"):
        list(read_final_crawls(find_landings(landing_dir, "run")))


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"run_id": "run"})])
def test_a_damaged_manifest_is_refused(land: Callable[..., Path], content: str) -> None:
    landing_dir = land("run", NOW)
    (landing_dir / "run" / "greenhouse-1" / "manifest.json").write_text(content)
    with pytest.raises(ContractViolation, match=r"manifest\.json"):
        find_landings(landing_dir, "run")


@pytest.mark.parametrize("run_id", ["", "..", "../x", "a/b", "a b", "x" * 65])
def test_a_run_id_cannot_leave_the_folder(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(UserInputError, match="run id"):
        find_run_dir(tmp_path, run_id)
