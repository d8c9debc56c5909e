"""Himalayas: one job field by field, its places and pay, paging and the limit."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import himalayas
from internflow.listings.posting import Board

VISIT = Visit(Board("himalayas", "all", "Himalayas"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB: dict[str, Any] = {
    "guid": "https://himalayas.app/companies/acme/jobs/intern",
    "applicationLink": "https://himalayas.app/companies/acme/jobs/intern",
    "title": "Intern",
    "companyName": "Acme",
    "employmentType": "Intern",
    "locationRestrictions": ["India", "United States"],
    "parentCategories": ["Developer"],
    "description": "<p>Go</p>",
    "pubDate": 1795260000,
    "expiryDate": 1800444000,
    "minSalary": 1500,
    "maxSalary": 2000,
    "currency": "USD",
}


def build_page(number: int = 1, **fields: Any) -> Page:
    url = f"https://himalayas.app/jobs/api/search?q=intern&page={number}"
    return Page(Ask(url), json.dumps({"totalCount": 1, "jobs": [JOB]} | fields).encode())


def read(**fields: Any) -> ParsedPage:
    return himalayas.parse_postings(build_page(jobs=[JOB | fields]), VISIT)


def test_a_whole_job() -> None:
    (posting,) = read().postings
    assert posting.external_id == "companies/acme/jobs/intern"
    assert posting.url == JOB["applicationLink"]
    assert (posting.title, posting.company) == ("Intern", "Acme")
    assert (posting.places, posting.work_model) == (("India", "United States"), "remote")
    assert (posting.employment_type, posting.department) == ("Intern", "Developer")
    assert posting.posted_at == datetime(2026, 11, 21, 11, 20, tzinfo=UTC)
    assert posting.is_withdrawn is False


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        ({}, "USD 1500 - 2000 per year"),
        ({"salaryPeriod": "monthly"}, "USD 1500 - 2000 per month"),
        ({"minSalary": "1500", "maxSalary": None, "salaryPeriod": "hourly"}, "USD 1500 per hour"),
        ({"minSalary": None, "maxSalary": None}, None),
    ],
)
def test_pay_is_a_years_unless_the_job_says_otherwise(
    fields: dict[str, Any], pay: str | None
) -> None:
    (posting,) = read(**fields).postings
    assert posting.pay_text == pay


def test_places_may_be_objects() -> None:
    (posting,) = read(locationRestrictions=[{"alpha2": "IN", "name": "India"}, 7, {}]).postings
    assert posting.places == ("India",)


def test_a_job_past_its_end_is_withdrawn() -> None:
    (posting,) = read(expiryDate=1795000000).postings
    assert posting.is_withdrawn is True


def test_the_guid_links_a_job_without_a_link() -> None:
    (posting,) = read(applicationLink=None).postings
    assert posting.url == JOB["guid"]


@pytest.mark.parametrize(
    ("number", "fields", "following"),
    [
        (1, {"totalCount": 21}, 2),
        (1, {"totalCount": 20}, None),
        (3, {"totalCount": 500, "jobs": []}, None),
        (himalayas.MOST_PAGES, {"totalCount": 98_512}, None),
    ],
)
def test_pages_follow_until_all_were_shown(
    number: int, fields: dict[str, Any], following: int | None
) -> None:
    asks = himalayas.find_next(build_page(number, **fields), VISIT)
    assert [ask.url.rpartition("page=")[2] for ask in asks] == (
        [str(following)] if following else []
    )


def test_what_is_not_asked_for_is_a_shortfall() -> None:
    parsed = himalayas.parse_postings(build_page(totalCount=98_512), VISIT)
    assert parsed.shortfall == "Only 2000 of 98512 jobs found are asked for."


def test_there_is_one_search() -> None:
    assert himalayas.find_token(urlsplit("https://himalayas.app/jobs")) == "all"
    assert himalayas.find_token(urlsplit("https://example.com/")) is None
