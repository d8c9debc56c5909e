"""Workday sites: real rows field by field, paging by the first page's total, and the posting's own page."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.hosts import is_one_of
from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import workday
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("workday", "acme.wd5.Careers_1", "Acme"), NOW)
ROW: dict[str, Any] = {
    "title": "Data Intern",
    "externalPath": "/job/Pune/Data-Intern_JR-77-1",
    "locationsText": "Pune, India",
    "postedOn": "Posted 3 Days Ago",
    "bulletFields": ["Data", "JR-77"],
}


def build_page(content: dict[str, Any], offset: int = 0) -> Page:
    ask = workday.first_ask(VISIT)
    body = json.dumps(json.loads(ask.body or "") | {"offset": offset})
    return Page(Ask(ask.url, body), json.dumps(content).encode())


def read(*rows: object, total: object = None) -> ParsedPage:
    return workday.parse_postings(build_page({"total": total, "jobPostings": rows}), VISIT)


def read_one(**fields: Any) -> Posting:
    (posting,) = read(ROW | fields).postings
    return posting


def read_whole(info: dict[str, Any], **fields: Any) -> Posting:
    """The posting with its own page."""
    row = read_one(**fields).payload
    page = Page(Ask("https://x.example"), json.dumps({"jobPostingInfo": info}).encode())
    return workday.parse_posting(workday.merge_detail(row, page), VISIT)


def test_real_rows_say_what_their_raw_fields_say(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/workday.json").read_text())
    parsed = read(*content["jobPostings"], total=content["total"])
    assert (parsed.dropped, parsed.reported_count) == ((), content["total"])
    days = {"Posted Yesterday": 22, "Posted 3 Days Ago": 20}
    for posting, raw in zip(parsed.postings, content["jobPostings"], strict=True):
        assert posting.external_id == raw["bulletFields"][0] == posting.requisition_id
        assert posting.title == raw["title"]
        assert posting.url == (f"https://acme.wd5.myworkdayjobs.com/Careers_1{raw['externalPath']}")
        assert posting.places == ()
        assert posting.posted_at == datetime(2026, 11, days[raw["postedOn"]], tzinfo=UTC)
        assert posting.date_kind == "relative"
        assert posting.payload == raw


def test_the_id_is_the_end_of_the_path_and_the_requisition_a_bullet_it_ends_with() -> None:
    posting = read_one()
    assert (posting.external_id, posting.requisition_id) == ("JR-77-1", "JR-77")
    assert read_one(bulletFields=["Pune", 7]).requisition_id is None
    assert read_one(bulletFields=None).external_id == "JR-77-1"


@pytest.mark.parametrize(
    ("told", "places"),
    [("3 Locations", ()), ("12 Standorte", ()), ("Pune, India", ("Pune, India",)), (None, ()), (5, ())],
)  # fmt: skip
def test_a_number_of_places_is_no_place(told: object, places: tuple[str, ...]) -> None:
    assert read_one(locationsText=told).places == places


def test_an_open_ended_age_is_no_date() -> None:
    posting = read_one(postedOn="Posted 30+ Days Ago")
    assert (posting.posted_at, posting.date_kind) == (None, "none")


@pytest.mark.parametrize(
    "path", [None, "", "job/x_1", "//evil.example/x_1", "/job/../x_1", "/job/x_1?y", "/job/x_"]
)
def test_a_row_without_a_path_on_the_site_is_dropped(path: object) -> None:
    parsed = read(ROW | {"externalPath": path}, ROW)
    assert (len(parsed.postings), len(parsed.dropped)) == (1, 1)


def test_the_own_page_has_places_date_and_description() -> None:
    info = {
        "title": "Data Intern",
        "jobDescription": "<p>SQL</p>",
        "location": "Pune",
        "additionalLocations": ["Goa", {"descriptor": "Chennai"}, None],
        "startDate": "2026-11-19",
        "endDate": "2026-12-19",
        "timeType": "Full time",
        "remoteType": "Hybrid Work",
        "jobReqId": "JR-77",
        "country": {"descriptor": "India"},
        "posted": True,
    }
    posting = read_whole(info, locationsText="3 Locations")
    assert posting.places == ("Pune", "Goa", "Chennai")
    assert (posting.work_model, posting.employment_type) == ("hybrid", "Full time")
    assert posting.posted_at == datetime(2026, 11, 19, tzinfo=UTC)
    assert (posting.date_kind, posting.apply_by) == ("exact", date(2026, 12, 19))
    assert (posting.description_text, posting.requisition_id) == ("SQL", "JR-77")
    assert posting.external_id == "JR-77-1"
    assert not posting.is_withdrawn
    assert read_whole({"posted": False}).is_withdrawn


def test_a_page_without_a_location_says_the_requisition_s_or_the_country() -> None:
    country = {"descriptor": "India"}
    site = {"descriptor": "India - Hyderabad"}
    many = {"locationsText": "2 Locations"}
    assert read_whole({"country": country}, **many).places == ("India",)
    told = read_whole({"country": country, "jobRequisitionLocation": site}, **many)
    assert told.places == ("India - Hyderabad",)
    assert read_whole({"country": country}).places == ("Pune, India",)


def test_the_own_page_is_asked_on_the_site_s_host() -> None:
    ask = workday.ask_detail(ROW | {"externalPath": "/job/Köln/Data-Intern_JR1"}, VISIT)
    assert ask is not None
    assert ask.url == (
        "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Careers_1/job/K%C3%B6ln/Data-Intern_JR1"
    )


def test_only_the_first_page_leads_on_and_to_all_others() -> None:
    first = workday.first_ask(VISIT)
    assert first.url == "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Careers_1/jobs"
    asks = workday.find_next(build_page({"total": 45, "jobPostings": [ROW] * 20}), VISIT)
    assert [json.loads(ask.body or "")["offset"] for ask in asks] == [20, 40]
    assert {json.loads(ask.body or "")["limit"] for ask in asks} == {20}
    for total in (45, 0):
        later = build_page({"total": total, "jobPostings": [ROW] * 20}, offset=20)
        assert workday.find_next(later, VISIT) == ()
    assert workday.find_next(build_page({"total": 9, "jobPostings": []}), VISIT) == ()


def test_a_site_that_ends_its_list_or_tells_no_total_falls_short() -> None:
    rows = [ROW | {"externalPath": f"/job/x_{number}"} for number in range(20)]
    assert "2000" in (read(*rows, total=2000).shortfall or "")
    assert "does not say" in (read(*rows, total=None).shortfall or "")
    assert read(*rows, total=20).shortfall is None
    later = build_page({"total": 0, "jobPostings": rows}, offset=20)
    assert workday.parse_postings(later, VISIT).shortfall is None


@pytest.mark.parametrize("token", ["acme", "acme.Careers", "acme.wd5", "acme.wd5.", ".wd5.x"])
def test_a_token_that_is_none_is_refused_in_words(token: str) -> None:
    with pytest.raises(ContractViolation, match=r"TENANT\.wdN\.SITE"):
        workday.first_ask(Visit(Board("workday", token, "Acme"), NOW))


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.wd5.myworkdayjobs.com/Careers", "acme.wd5.Careers"),
        (
            "https://acme.wd12.myworkdayjobs.com/en-US/Careers_1/job/Pune/X_JR1",
            "acme.wd12.Careers_1",
        ),
        ("https://acme.wd1.myworkdayjobs.com/wday/cxs/acme/Careers/jobs", "acme.wd1.Careers"),
        ("https://wd5.myworkdaysite.com/en-US/recruiting/acme/Careers", "acme.wd5.Careers"),
        ("https://wd5.myworkdaysite.com/recruiting/acme/Careers/job/x", "acme.wd5.Careers"),
        ("https://acme.wd5.myworkdayjobs.com/en-US", None),
        ("https://acme.myworkdayjobs.com.evil.example/x", None),
        ("https://www.workday.com/x", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert workday.find_token(urlsplit(address)) == token


@pytest.mark.parametrize("number", [1, 2, 3, 5, 10, 12, 103, 108, 501, 503])
def test_the_data_centres_are_among_the_hosts(number: int) -> None:
    assert is_one_of(f"acme.wd{number}.myworkdayjobs.com", workday.PLATFORM.hosts)
    assert not is_one_of("acme.evil.myworkdayjobs.com", workday.PLATFORM.hosts)
