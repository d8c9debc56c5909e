"""Recruitee careers sites: real offers field by field, translations, several places, and what is not published."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Page, ParsedPage, Visit
from crawlers.platforms import recruitee
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("recruitee", "acme", "Acme"), NOW)
OFFER = {"id": 7, "title": "Intern", "careers_url": "https://jobs.acme.example/o/intern"}


def read(*offers: object) -> ParsedPage:
    page = Page(recruitee.first_ask(VISIT), json.dumps({"offers": offers}).encode())
    return recruitee.parse_postings(page, VISIT)


def read_one(**fields: Any) -> Posting:
    (posting,) = read(OFFER | fields).postings
    return posting


@pytest.mark.parametrize("file", ["recorded/recruitee.json", "shapes/recruitee.json"])
def test_real_offers_say_what_their_raw_fields_say(file: str, shared_data: Path) -> None:
    content = json.loads((shared_data / "listings" / file).read_text())
    offers = (content if "offers" in content else content["subdomains"]["secureco"])["offers"]
    parsed = read(*offers)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, offers, strict=True):
        assert posting.external_id == str(raw["id"])
        assert posting.title == raw["title"].strip()
        assert posting.url == raw["careers_url"]
        assert posting.company == raw["company_name"]
        assert posting.places == (raw["location"],)
        assert posting.work_model == next(n for n in ("hybrid", "remote", "on_site") if raw[n])
        assert posting.employment_type == raw["employment_type_code"]
        assert posting.department == raw["department"]
        assert posting.posted_at == datetime.fromisoformat(raw["published_at"].replace(" UTC", "Z"))
        assert posting.date_kind == "exact"
        pay = raw["salary"]
        span = f"{pay['currency']} {pay['min']} - {pay['max']} per {pay['period']}"
        assert posting.pay_text == span
        assert posting.apply_by is None
        assert "Requirements" in posting.description_text
        assert not (posting.is_hidden or posting.is_withdrawn)
        assert "mailbox_email" not in posting.payload


def test_empty_texts_come_from_the_translations_english_first() -> None:
    posting = read_one(
        title="",
        description="<p>Eigen</p>",
        requirements=None,
        translations={
            "de": {"title": "Praktikum", "requirements": "<p>DE</p>"},
            "en": {"title": "Internship", "description": "<p>EN</p>", "requirements": ""},
        },
    )
    assert posting.title == "Internship"
    assert posting.description_text == "Eigen\n\nRequirements\n\nDE"


def test_every_location_is_a_place() -> None:
    posting = read_one(
        location="Berlin, Berlin, Germany",
        locations=[
            {"city": "Berlin", "state": "Berlin", "country": "Germany"},
            {"city": "Utrecht", "country": "Netherlands", "name": "HQ"},
            {"name": "Germany/Remote"},
            7,
        ],
    )
    assert posting.places == (
        "Berlin, Berlin, Germany",
        "Utrecht, Netherlands",
        "Germany/Remote",
    )
    assert posting.work_model == "remote"
    assert read_one(city="Goa", country="India").places == ("Goa, India",)
    assert read_one(city="Goa", state_name="Goa", country_code="IN").places == ("Goa, Goa, IN",)


def test_a_remote_job_is_in_its_country() -> None:
    posting = read_one(location="Remote job", city="Remote", country="India", remote=True)
    assert (posting.places, posting.work_model) == (("India",), "remote")


@pytest.mark.parametrize(
    ("status", "is_withdrawn", "is_hidden"),
    [
        ("published", False, False),
        ("closed", True, False),
        ("archived", True, False),
        ("internal", False, True),
        (None, False, False),
    ],
)
def test_what_is_not_published_is_shown_to_nobody(
    status: str | None, is_withdrawn: bool, is_hidden: bool
) -> None:
    posting = read_one(status=status)
    assert (posting.is_withdrawn, posting.is_hidden) == (is_withdrawn, is_hidden)


def test_closing_day_and_pay_in_text_or_number() -> None:
    salary = {"min": "240000", "max": 300000, "period": "year", "currency": "sar"}
    posting = read_one(close_at="2026-12-31 22:59:00 UTC", salary=salary)
    assert posting.apply_by == date(2026, 12, 31)
    assert posting.pay_text == "SAR 240000 - 300000 per year"


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.recruitee.com/o/intern", "acme"),
        ("https://ACME.recruitee.com", "acme"),
        ("https://api.recruitee.com/c/1", None),
        ("https://a.b.recruitee.com/", None),
        ("https://recruitee.com/", None),
        ("https://jobs.acme.example/o/intern", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert recruitee.find_token(urlsplit(address)) == token
