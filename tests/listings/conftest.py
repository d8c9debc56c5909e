"""Builders of postings, results and landings for the tests of listings."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from internflow.listings.landing import LandingWriter, write_lines
from internflow.listings.posting import BoardResult, Posting

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def build_posting() -> Callable[..., Posting]:
    def build(external_id: str = "1", **changes: Any) -> Posting:
        fields: dict[str, Any] = {
            "platform": "greenhouse",
            "board": "acme",
            "external_id": external_id,
            "url": f"https://jobs.example/{external_id}",
            "title": "Data Intern",
            "company": "Acme",
            "places": ("Pune, India",),
            "work_model": None,
            "employment_type": None,
            "description_html": "<p>Python and SQL</p>",
            "description_text": "Python and SQL",
            "posted_at": MONDAY,
            "date_kind": "exact",
            "apply_by": None,
            "pay_text": None,
            "payload": {"id": external_id},
        }
        return Posting(**(fields | changes))

    return build


@pytest.fixture
def build_result() -> Callable[..., BoardResult]:
    def build(now: datetime = MONDAY, **changes: Any) -> BoardResult:
        fields: dict[str, Any] = {
            "platform": "greenhouse",
            "board": "acme",
            "company": "Acme",
            "status": "ok",
            "feed_kind": "full_board",
            "started_at": now,
            "finished_at": now,
        }
        return BoardResult(**(fields | changes))

    return build


@pytest.fixture
def land(
    tmp_path: Path, build_posting: Callable[..., Posting], build_result: Callable[..., BoardResult]
) -> Callable[..., Path]:
    """Land one attempt at the board acme that showed the given ids; returns the landing folder of all runs."""

    def write(
        run_id: str, now: datetime, ids: Sequence[str] = (), *, attempt: int = 1, **result: Any
    ) -> Path:
        writer = LandingWriter(tmp_path / "landing", run_id, "greenhouse", attempt)
        counted = {"fetched_count": len(ids), "reported_count": len(ids)} | result
        writer.add_board(write_lines(build_result(now, **counted), list(map(build_posting, ids))))
        writer.finish()
        return tmp_path / "landing"

    return write
