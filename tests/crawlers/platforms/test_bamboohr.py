"""BambooHR sites: real rows field by field, location types, both addresses, and the job's own page."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import bamboohr
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("bamboohr", "acme", "Acme"), NOW)


def read(*rows: object, meta: object = None) -> ParsedPage:
    body = json.dumps({"meta": meta, "result": rows}).encode()
    return bamboohr.parse_postings(Page(bamboohr.first_ask(VISIT), body), VISIT)


def read_one(**fields: Any) -> Posting:
    (posting,) = read({"id": "7", "jobOpeningName": "Intern"} | fields).postings
    return posting


def read_whole(opening: dict[str, Any], **fields: Any) -> Posting:
    """The posting with its own page."""
    content = {"result": {"jobOpening": opening, "formFields": {"firstName": {}}}}
    page = Page(Ask("https://x.example"), json.dumps(content).encode())
    return bamboohr.parse_posting(bamboohr.merge_detail(read_one(**fields).payload, page), VISIT)


def test_real_rows_say_what_their_raw_fields_say(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/bamboohr.json").read_text())
    parsed = read(*content["result"], meta=content["meta"])
    assert (parsed.dropped, parsed.reported_count) == ((), content["meta"]["totalCount"])
    for posting, raw in zip(parsed.postings, content["result"], strict=True):
        assert posting.external_id == raw["id"]
        assert posting.title == raw["jobOpeningName"]
        assert posting.url == f"https://acme.bamboohr.com/careers/{raw['id']}"
        assert posting.places == (f"{raw['location']['city']}, {raw['location']['state']}",)
        assert posting.work_model == {"0": "on_site"}[raw["locationType"]]
        assert posting.employment_type == raw["employmentStatusLabel"]
        assert posting.department == raw["departmentLabel"].strip()
        assert (posting.posted_at, posting.date_kind) == (None, "none")
        assert posting.payload == raw


@pytest.mark.parametrize(
    ("fields", "work_model"),
    [
        ({"locationType": "0"}, "on_site"),
        ({"locationType": "1"}, "remote"),
        ({"locationType": 2}, "hybrid"),
        ({"locationType": "9", "isRemote": True}, "remote"),
        ({"locationType": None, "isRemote": None}, None),
    ],
)
def test_location_types(fields: dict[str, Any], work_model: str | None) -> None:
    assert read_one(**fields).work_model == work_model


def test_the_fullest_address_counts() -> None:
    nothing = {"city": None, "state": None, "province": None, "country": None}
    halifax = {"city": "Halifax", "province": "Nova Scotia", "country": "Canada", "state": None}
    own = {"city": "Pune", "state": "Maharashtra"}
    assert read_one(location=nothing, atsLocation=halifax).places == (
        "Halifax, Nova Scotia, Canada",
    )
    assert read_one(location=own, atsLocation=nothing).places == ("Pune, Maharashtra",)
    assert read_one(location=None, atsLocation=None).places == ()
    assert read_one(location=own, atsLocation={"country": "India"}).places == ("Pune, Maharashtra",)
    posting = read_whole({"location": own | {"addressCountry": "India"}}, location=own)
    assert posting.places == ("Pune, Maharashtra, India",)


def test_pay_may_be_a_range() -> None:
    span = {"range": {"min": "50,000", "max": "80000"}}
    assert read_whole({"compensation": span}).pay_text == "50000 - 80000"
    assert read_whole({"compensation": {"range": None}}).pay_text is None


def test_the_own_page_has_description_date_and_pay() -> None:
    posting = read_whole(
        {
            "description": "<p>ROS</p>",
            "datePosted": "2026-11-20",
            "compensation": "$25 per hour",
            "jobOpeningStatus": "Open",
            "location": {"city": "Boston", "state": "MA", "addressCountry": "United States"},
        },
        location={"city": "Boston", "state": "MA"},
    )
    assert (posting.description_text, posting.pay_text) == ("ROS", "$25 per hour")
    assert posting.posted_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert posting.date_kind == "exact"
    assert posting.places == ("Boston, MA, United States",)
    assert not posting.is_withdrawn
    assert "formFields" not in json.dumps(posting.payload)
    assert read_whole({"jobOpeningStatus": "Filled"}).is_withdrawn


def test_the_own_page_is_asked_by_id() -> None:
    ask = bamboohr.ask_detail({"id": 7}, VISIT)
    assert ask == Ask("https://acme.bamboohr.com/careers/7/detail")


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.bamboohr.com/careers/86", "acme"),
        ("https://Acme.bamboohr.com/jobs/", "acme"),
        ("https://www.bamboohr.com/careers/", None),
        ("https://acme.bamboohr.com.evil.example/", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert bamboohr.find_token(urlsplit(address)) == token
