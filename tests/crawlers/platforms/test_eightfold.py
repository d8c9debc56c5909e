"""Eightfold: recorded jobs field by field, the older and the newer API, paging by ten."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.eightfold import PLATFORM
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
BOARD = Board("eightfold", "acme.acme.com", "Acme")
VISIT = Visit(BOARD, NOW)
NEWER = Visit(replace(BOARD, url="https://acme.eightfold.ai/api/pcsx/search"), NOW)
NEWER_JOB = {
    "id": 549800423238,
    "displayJobId": "JR044450",
    "name": "Research Intern",
    "locations": [],
    "standardizedLocations": ["Hong Kong, HK"],
    "postedTs": 1790035200,
    "department": ["Research", "Equity"],
    "workLocationOption": "onsite",
    "positionUrl": "/careers/job/549800423238",
}


def page_of(content: object, ask: Ask) -> Page:
    return Page(ask, json.dumps(content).encode())


def test_recorded_jobs_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/eightfold.json").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, json.loads(body)["positions"], strict=True):
        assert posting.external_id == str(raw["id"])
        assert posting.title == raw["name"]
        assert posting.url == raw["canonicalPositionUrl"]
        assert posting.places == tuple(raw["locations"])
        assert posting.posted_at == datetime.fromtimestamp(raw["t_create"], UTC)
        assert posting.department == raw["department"]


def test_the_newer_api_is_asked_where_the_boards_url_says_so() -> None:
    ask = PLATFORM.first_ask(NEWER)
    assert ask.url == "https://acme.eightfold.ai/api/pcsx/search?domain=acme.com&query=&start=0"
    page = page_of({"data": {"positions": [NEWER_JOB], "count": 11}}, ask)
    parsed = PLATFORM.parse_postings(page, NEWER)
    (posting,) = parsed.postings
    assert parsed.reported_count == 11
    assert posting.url == "https://acme.eightfold.ai/careers/job/549800423238"
    assert posting.posted_at == datetime(2026, 9, 22, tzinfo=UTC)
    assert posting.places == ("Hong Kong, HK",)
    assert (posting.work_model, posting.requisition_id) == ("on_site", "JR044450")
    assert posting.department == "Research, Equity"
    assert PLATFORM.find_next is not None
    assert PLATFORM.find_next(page, NEWER)[0].url.endswith("start=1")
    assert PLATFORM.detail is not None
    detail_ask = PLATFORM.detail.ask(posting.payload, NEWER)
    assert detail_ask is not None
    assert "position_details?position_id=549800423238&domain=acme.com" in detail_ask.url
    merged = PLATFORM.detail.merge(
        posting.payload, page_of({"data": {"jobDescription": "<b>Go</b>"}}, detail_ask)
    )
    assert PLATFORM.parse_posting(merged, NEWER).description_text == "Go"


def test_paging_goes_on_by_ten_until_the_count() -> None:
    def positions(start: int) -> list[dict[str, Any]]:
        return [{"id": number, "name": "T"} for number in range(start, start + 10)]

    assert PLATFORM.find_next is not None
    first = PLATFORM.first_ask(VISIT)
    (second,) = PLATFORM.find_next(page_of({"positions": positions(0), "count": 20}, first), VISIT)
    assert "start=10&" in second.url
    last = page_of({"positions": positions(10), "count": 20}, second)
    assert PLATFORM.find_next(last, VISIT) == ()
    assert len(PLATFORM.find_next(page_of({"positions": positions(0)}, first), VISIT)) == 1
    assert PLATFORM.find_next(page_of({"positions": [], "count": 99}, second), VISIT) == ()


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://albemarle.eightfold.ai/careers?domain=albemarle.com", "albemarle.albemarle.com"),
        ("https://bayer.eightfold.ai/careers", "bayer.bayer.com"),
        ("https://www.eightfold.ai/", None),
        ("https://careers.example.com/", None),
    ],
)
def test_the_token_is_tenant_and_domain(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token


def test_a_token_without_a_domain_is_refused() -> None:
    with pytest.raises(ContractViolation, match="board token"):
        PLATFORM.first_ask(Visit(Board("eightfold", "acme", "A"), NOW))
