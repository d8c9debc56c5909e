"""Adzuna: one result field by field, the key's id kept out, stated and guessed pay, paging and budget."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import adzuna
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("adzuna", "in", "Adzuna India"), NOW)
JOB: dict[str, Any] = {
    "id": "532",
    "title": "<strong>Intern</strong>, R&amp;D",
    "description": "Read <strong>soil</strong>…",
    "created": "2026-11-21T05:12:09Z",
    "redirect_url": "https://www.adzuna.in/land/ad/532?se=abc&utm_source=KEYID&v=FF",
    "adref": "KEYID.mark",
    "salary_min": 240000,
    "salary_max": 360000.0,
    "salary_is_predicted": "0",
    "contract_time": "full_time",
    "company": {"display_name": "Acme"},
    "location": {"display_name": "Pune, Maharashtra", "area": ["India", "Maharashtra", "Pune"]},
    "category": {"label": "IT Jobs"},
}


def build_page(number: int = 1, **fields: Any) -> Page:
    url = f"https://api.adzuna.com/v1/api/jobs/in/search/{number}?what=internship"
    return Page(Ask(url), json.dumps({"count": 1, "results": [JOB]} | fields).encode())


def read(job: dict[str, Any], visit: Visit = VISIT) -> ParsedPage:
    return adzuna.parse_postings(build_page(results=[job]), visit)


def test_a_whole_result() -> None:
    (posting,) = read(JOB).postings
    assert (posting.external_id, posting.title, posting.company) == ("532", "Intern, R&D", "Acme")
    assert posting.places == ("Pune, Maharashtra, India",)
    assert (posting.employment_type, posting.department) == ("full time", "IT Jobs")
    assert posting.description_text == "Read soil…"
    assert posting.posted_at == datetime(2026, 11, 21, 5, 12, 9, tzinfo=UTC)
    assert posting.pay_text == "INR 240000 - 360000 per year"


def test_the_keys_id_and_the_changing_mark_are_not_kept() -> None:
    (posting,) = read(JOB).postings
    (again,) = read(JOB | {"redirect_url": "https://www.adzuna.in/land/ad/532?se=new"}).postings
    assert posting.url == "https://www.adzuna.in/details/532"
    assert "KEYID" not in json.dumps(posting.payload)
    assert again.content_hash == posting.content_hash


@pytest.mark.parametrize(
    ("fields", "token", "pay"),
    [
        ({"salary_is_predicted": "1"}, "in", None),
        ({"salary_is_predicted": 1}, "in", None),
        ({"salary_is_predicted": 0}, "gb", "GBP 240000 - 360000 per year"),
        ({"salary_max": None}, "us", "USD 240000 per year"),
        ({"salary_min": None, "salary_max": None}, "us", None),
        ({}, "de", "EUR 240000 - 360000 per year"),
        ({}, "xx", "240000 - 360000 per year"),
    ],
)
def test_pay_counts_only_where_it_is_stated(
    fields: dict[str, Any], token: str, pay: str | None
) -> None:
    (posting,) = read(JOB | fields, Visit(Board("adzuna", token, "Adzuna"), NOW)).postings
    assert posting.pay_text == pay


def test_a_link_to_another_host_is_refused() -> None:
    parsed = read(JOB | {"redirect_url": "https://evil.example/land/ad/532"})
    assert (parsed.postings, len(parsed.dropped)) == ((), 1)


def test_a_place_without_parts_goes_by_its_short_name() -> None:
    (posting,) = read(JOB | {"location": {"display_name": "Kochi, Kerala"}}).postings
    assert posting.places == ("Kochi, Kerala",)


@pytest.mark.parametrize(
    ("number", "fields", "following"),
    [
        (1, {"count": 51}, 2),
        (1, {"count": 50}, None),
        (7, {"count": 900, "results": []}, None),
        (adzuna.MOST_PAGES, {"count": 90_000}, None),
        (2, {"count": None}, None),
    ],
)
def test_pages_follow_until_all_were_shown(
    number: int, fields: dict[str, Any], following: int | None
) -> None:
    asks = adzuna.find_next(build_page(number, **fields), VISIT)
    steps = [urlsplit(ask.url).path.rpartition("/")[2] for ask in asks]
    assert steps == ([str(following)] if following else [])


def test_what_the_days_requests_do_not_reach_is_a_shortfall() -> None:
    parsed = adzuna.parse_postings(build_page(count=90_000), VISIT)
    assert parsed.reported_count == 90_000
    assert parsed.shortfall == "Only the newest 2500 of 90000 are asked for."


def test_keys_are_named_and_never_seen() -> None:
    assert adzuna.PLATFORM.key_params == {"app_id": "adzuna_app_id", "app_key": "adzuna_app_key"}
    assert "app_" not in adzuna.first_ask(VISIT).url


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://www.adzuna.in/search?q=x", "in"),
        ("https://www.adzuna.com/search", "us"),
        ("https://www.adzuna.co.uk/jobs/search", "gb"),
        ("https://adzuna.example/", None),
    ],
)
def test_a_national_site_is_a_country(address: str, token: str | None) -> None:
    assert adzuna.find_token(urlsplit(address)) == token
