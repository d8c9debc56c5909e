"""Remote OK: the real feed field by field, its legal notice, repaired texts, pay."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import remoteok
from internflow.listings.posting import Board

VISIT = Visit(Board("remoteok", "all", "Remote OK"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB: dict[str, Any] = {
    "id": "7",
    "position": "Intern",
    "company": "Acme",
    "url": "https://remoteOK.com/remote-jobs/7",
    "date": "2026-11-20T10:00:00+00:00",
    "location": "",
}


def read(rows: object) -> ParsedPage:
    return remoteok.parse_postings(Page(Ask("https://x.example"), json.dumps(rows).encode()), VISIT)


def test_the_real_feed_says_what_its_raw_fields_say(shared_data: Path) -> None:
    notice, *jobs = json.loads((shared_data / "listings/feeds/hunt_remoteok.json").read_text())
    parsed = read([notice, *jobs])
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, jobs, strict=True):
        assert posting.external_id == raw["id"]
        assert posting.url == raw["url"]
        assert posting.company == raw["company"]
        assert posting.posted_at == datetime.fromisoformat(raw["date"])
        assert (posting.places, posting.work_model) == ((), "remote")
        assert posting.pay_text is None
        assert posting.payload == raw


def test_texts_read_in_the_wrong_encoding_are_repaired(shared_data: Path) -> None:
    rows = json.loads((shared_data / "listings/feeds/hunt_remoteok.json").read_text())
    garbled = read(rows).postings[1]
    assert garbled.title == "Mecánico Automotriz Diagnóstico y Presupuestos"
    assert garbled.description_text == (
        "Buscamos un/a Mecánico/a Automotriz con experiencia en diagnóstico técnico"
    )
    assert "Ã" in rows[2]["position"]


def test_the_legal_notice_is_neither_a_posting_nor_a_broken_one() -> None:
    parsed = read([{"last_updated": 1, "legal": "Link back"}, JOB])
    assert (len(parsed.postings), parsed.dropped) == (1, ())
    assert read([{"legal": "Link back"}]) == ParsedPage(())


@pytest.mark.parametrize(
    ("least", "most", "pay"),
    [
        (0, 0, None),
        (30000, 45000, "USD 30000 - 45000 per year"),
        (0, 45000, "USD 45000 per year"),
        (None, "", None),
    ],
)
def test_a_salary_of_zero_is_none(least: object, most: object, pay: str | None) -> None:
    (posting,) = read([JOB | {"salary_min": least, "salary_max": most}]).postings
    assert posting.pay_text == pay


def test_the_seconds_date_a_job_without_a_date() -> None:
    (posting,) = read([JOB | {"date": "soon", "epoch": 1790265606}]).postings
    assert posting.posted_at == datetime(2026, 9, 24, 16, 0, 6, tzinfo=UTC)


def test_there_is_one_feed() -> None:
    assert remoteok.find_token(urlsplit("https://remoteok.com/remote-dev-jobs")) == "all"
    assert remoteok.find_token(urlsplit("https://remoteok.com.evil.example/")) is None
