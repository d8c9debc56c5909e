"""Pinpoint: recorded postings field by field, pay that may not be shown, addresses by path."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from crawlers.platform import Page, Visit
from crawlers.platforms.pinpoint import PLATFORM
from internflow.listings.posting import Board, Posting

VISIT = Visit(Board("pinpoint", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB = {"id": 7, "title": "Intern", "url": "https://acme.pinpointhq.com/en/postings/7"}


def read(*jobs: dict[str, Any]) -> tuple[Posting, ...]:
    page = Page(PLATFORM.first_ask(VISIT), json.dumps({"data": jobs}).encode())
    return PLATFORM.parse_postings(page, VISIT).postings


def test_recorded_postings_say_what_their_fields_say(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/pinpoint.json").read_bytes())
    postings = read(*content["data"])
    assert len(postings) == len(content["data"]) == 2
    for posting, raw in zip(postings, content["data"], strict=True):
        assert posting.external_id == raw["id"]
        assert posting.title == raw["title"]
        assert posting.url == urljoin("https://acme.pinpointhq.com", raw.get("url") or raw["path"])
        assert posting.places == (raw["location"]["name"],)
        assert posting.work_model == raw["workplace_type"]
        assert (posting.posted_at, posting.date_kind) == (None, "none")
        assert raw["description"] in posting.description_html
        assert raw["key_responsibilities"] in posting.description_html
    first, second = postings
    assert first.description_html.count("<h3>") == 3
    assert "<h3>What you bring</h3><p>Experience with CRM platforms.</p>" in first.description_html
    assert str(first.apply_by) == "2026-08-28"
    assert first.pay_text == "USD 135000 - 198000 per year"
    assert (first.requisition_id, first.department) == ("REQ-001", "Technology")
    assert second.pay_text == "USD 70 - 90 per hour"
    assert second.department == "Consulting"
    assert "Benefits" not in second.description_html


@pytest.mark.parametrize(
    ("visible", "pay"), [(True, "EUR 900 per month"), (False, None), (None, None), ("true", None)]
)
def test_pay_shows_only_where_the_company_shows_it(visible: object, pay: str | None) -> None:
    fields = {
        "compensation_minimum": 900,
        "compensation_maximum": 900,
        "compensation_currency": "EUR",
        "compensation_frequency": "monthly",
        "compensation": "€900",
        "compensation_visible": visible,
    }
    assert read(JOB | fields)[0].pay_text == pay
    assert read(JOB | {"compensation": "Paid", "compensation_visible": True})[0].pay_text == "Paid"


def test_the_manager_stays_out_of_the_payload() -> None:
    (posting,) = read(JOB | {"reporting_to": "A. Person", "location": {"city": "Leeds"}})
    assert "A. Person" not in str(posting.payload)
    assert posting.places == ("Leeds",)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.pinpointhq.com/en/postings/7", "acme"),
        ("https://www.pinpointhq.com/", None),
        ("https://acme.example.com/", None),
    ],
)
def test_the_token_is_the_subdomain(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
