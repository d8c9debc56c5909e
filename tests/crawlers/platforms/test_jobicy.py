"""Jobicy: one job field by field, both sets of names for pay, its places."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import jobicy
from internflow.listings.posting import Board

VISIT = Visit(Board("jobicy", "all", "Jobicy"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB: dict[str, Any] = {
    "id": 151,
    "url": "https://jobicy.com/jobs/151-intern",
    "jobTitle": "Data Intern",
    "companyName": "Hops &amp; Co",
    "jobIndustry": ["Data &amp; AI"],
    "jobType": ["internship", "part-time"],
    "jobGeo": "UK,  Ireland",
    "jobExcerpt": "Short",
    "jobDescription": "<p>Long</p>",
    "pubDate": "2026-11-21T08:30:00+02:00",
    "salaryCurrency": "GBP",
}


def read(**fields: Any) -> ParsedPage:
    content = {"success": True, "jobs": [JOB | fields]}
    return jobicy.parse_postings(
        Page(Ask("https://x.example"), json.dumps(content).encode()), VISIT
    )


def test_a_whole_job() -> None:
    (posting,) = read().postings
    assert (posting.external_id, posting.url) == ("151", "https://jobicy.com/jobs/151-intern")
    assert (posting.title, posting.company) == ("Data Intern", "Hops & Co")
    assert (posting.places, posting.work_model) == (("UK", "Ireland"), "remote")
    assert (posting.employment_type, posting.department) == ("internship, part-time", "Data & AI")
    assert posting.description_text == "Long"
    assert posting.posted_at == datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        ({"annualSalaryMin": "48000", "annualSalaryMax": "60000"}, "GBP 48000 - 60000 per year"),
        ({"salaryMin": 1800, "salaryMax": 2100, "salaryPeriod": "monthly"}, "GBP 1800 - 2100 per month"),
        ({"salaryMin": 20, "salaryPeriod": "hourly"}, "GBP 20 per hour"),
        ({"annualSalaryMin": 0, "annualSalaryMax": ""}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_pay_is_read_under_both_sets_of_names(fields: dict[str, Any], pay: str | None) -> None:
    (posting,) = read(**fields).postings
    assert posting.pay_text == pay


def test_the_excerpt_and_a_single_type_will_do() -> None:
    (posting,) = read(
        jobDescription="", jobType="full-time", pubDate="2026-11-17 10:00:00"
    ).postings
    assert (posting.description_text, posting.employment_type) == ("Short", "full-time")
    assert posting.posted_at == datetime(2026, 11, 17, 10, tzinfo=UTC)


def test_there_is_one_feed() -> None:
    assert jobicy.find_token(urlsplit("https://jobicy.com/jobs/151-intern")) == "all"
    assert jobicy.find_token(urlsplit("https://example.com/")) is None
