"""USAJOBS: the sample result field by field, intervals of pay, contacts left out, paging and the ceiling."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import usajobs
from crawlers.replay_server import SAMPLES
from internflow.listings.posting import Board

VISIT = Visit(Board("usajobs", "all", "USAJOBS"), datetime(2026, 11, 23, 6, tzinfo=UTC))


@pytest.fixture
def job() -> dict[str, Any]:
    content = json.loads((SAMPLES / "usajobs" / "all.json").read_text())
    first: dict[str, Any] = content["SearchResult"]["SearchResultItems"][0]
    return first


def build_page(jobs: list[Any], number: int = 1, count: object = 1) -> Page:
    result = {"SearchResultCountAll": count, "SearchResultItems": jobs}
    url = f"https://data.usajobs.gov/api/search?HiringPath=student&Page={number}"
    return Page(Ask(url), json.dumps({"SearchResult": result}).encode())


def read(job: dict[str, Any]) -> ParsedPage:
    return usajobs.parse_postings(build_page([job]), VISIT)


def test_a_whole_result(job: dict[str, Any]) -> None:
    (posting,) = read(job).postings
    assert posting.external_id == "845001200"
    assert posting.url == "https://www.usajobs.gov/job/845001200"
    assert posting.company == "Tide Survey Directorate"
    assert (posting.places, posting.work_model) == (("Duluth, Minnesota",), None)
    assert posting.employment_type == "Full-time, Internships"
    assert posting.apply_by == date(2026, 12, 18)
    assert posting.posted_at == datetime(2026, 11, 10, tzinfo=UTC)
    assert posting.requisition_id == "TSD-27-0117"
    assert posting.department == "Department of Sample Waters"
    for words in ("Spend the summer", "Clean sensor data", "Draw maps", "U.S. citizenship"):
        assert words in posting.description_text


def test_contacts_are_left_out(job: dict[str, Any]) -> None:
    (posting,) = read(job).postings
    kept = json.dumps(posting.payload)
    assert "hiring@survey.example" in json.dumps(job)
    assert "hiring@survey.example" not in kept
    assert "555-0100" not in kept
    assert "Clean sensor data" in kept


@pytest.mark.parametrize(
    ("code", "pay"),
    [
        ("PA", "USD 1000 - 2000 per year"),
        ("Per Year", "USD 1000 - 2000 per year"),
        ("PH", "USD 1000 - 2000 per hour"),
        ("PD", "USD 1000 - 2000 per day"),
        ("BW", "USD 500 - 1000 per week"),
        ("PM", "USD 1000 - 2000 per month"),
        ("PW", "USD 1000 - 2000 per piece"),
        ("WC", "Unpaid (without compensation)"),
        ("??", "USD 1000 - 2000"),
        (None, "USD 1000 - 2000"),
    ],
)
def test_the_interval_of_pay_goes_by_its_code(
    job: dict[str, Any], code: object, pay: str | None
) -> None:
    rate = {"MinimumRange": "1000.0", "MaximumRange": 2000, "RateIntervalCode": code}
    job["MatchedObjectDescriptor"]["PositionRemuneration"] = [rate]
    (posting,) = read(job).postings
    assert posting.pay_text == pay


def test_a_job_for_home_is_remote(job: dict[str, Any]) -> None:
    told = deepcopy(job)
    told["MatchedObjectDescriptor"]["UserArea"]["Details"]["RemoteIndicator"] = True
    (posting,) = read(told).postings
    assert posting.work_model == "remote"


@pytest.mark.parametrize(
    ("number", "count", "following"),
    [(1, 251, 2), (1, 250, None), (40, 60_000, None), (39, 60_000, 40), (1, None, None)],
)
def test_pages_follow_up_to_the_ceiling(number: int, count: object, following: int | None) -> None:
    asks = usajobs.find_next(build_page([{}], number, count), VISIT)
    assert [ask.url.rpartition("Page=")[2] for ask in asks] == (
        [str(following)] if following else []
    )
    assert usajobs.find_next(build_page([], number, count), VISIT) == ()


def test_what_lies_above_the_ceiling_is_a_shortfall(job: dict[str, Any]) -> None:
    parsed = usajobs.parse_postings(build_page([job], count=12_345), VISIT)
    assert parsed.reported_count == 12_345
    assert parsed.shortfall == "USAJOBS shows 10000 of 12345 results."


def test_keys_are_named_and_never_seen() -> None:
    assert usajobs.PLATFORM.key_headers == {
        "Authorization-Key": "usajobs_key",
        "User-Agent": "usajobs_email",
    }
    assert usajobs.first_ask(VISIT).headers == ()


def test_there_is_one_search() -> None:
    assert usajobs.find_token(urlsplit("https://www.usajobs.gov/Search/Results")) == "all"
    assert usajobs.find_token(urlsplit("https://example.com/")) is None
