"""Unstop: one row field by field, its kind, stipends, dates that are over, paging."""

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import unstop
from internflow.listings.posting import Board

VISIT = Visit(Board("unstop", "internships", "Unstop"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB: dict[str, Any] = {
    "id": 1650,
    "title": "Android Internship",
    "type": "jobs",
    "subtype": "internships",
    "region": "india",
    "public_url": "internships/android-1650",
    "seo_url": "https://unstop.com/internships/android-1650",
    "approved_date": "2026-11-18 11:02:10 GMT+0530",
    "end_date": "2027-01-01T00:00:00+05:30",
    "organisation": {"name": "Kaveri"},
    "locations": [{"city": "Mysuru", "state": "Karnataka"}, "Pune"],
    "regnRequirements": {"end_regn_dt": "2026-12-10T23:59:00+05:30", "reg_status": "STARTED"},
    "required_skills": [{"skill": "Kotlin"}, {"skill_name": "SQL"}, {}],
    "details": "<p>Rice</p>",
}
PAID = {
    "type": "in_office",
    "timing": "full_time",
    "min_salary": 12000,
    "max_salary": 18000,
    "pay_in": "monthly",
    "currency": "fa-rupee",
    "paid_unpaid": "paid",
}


def build_page(rows: list[Any], number: int = 1, **fields: Any) -> Page:
    url = f"https://unstop.com/api/public/opportunity/search-result?opportunity=internships&page={number}"
    found = {"data": rows, "last_page": 1, "total": len(rows)} | fields
    return Page(Ask(url), json.dumps({"data": found}).encode())


def read(**fields: Any) -> ParsedPage:
    return unstop.parse_postings(build_page([JOB | {"jobDetail": PAID} | fields]), VISIT)


def test_a_whole_row() -> None:
    parsed = read()
    (posting,) = parsed.postings
    assert (posting.external_id, posting.title, posting.company) == (
        "1650",
        "Android Internship",
        "Kaveri",
    )
    assert posting.url == "https://unstop.com/internships/android-1650"
    assert (posting.places, posting.work_model) == (("Mysuru, Karnataka", "Pune"), "on_site")
    assert posting.employment_type == "Internship, full time"
    assert posting.pay_text == "INR 12000 - 18000 per month"
    assert posting.posted_at == datetime(2026, 11, 18, 5, 32, 10, tzinfo=UTC)
    assert posting.apply_by == date(2026, 12, 10)
    assert posting.description_text == "Rice\n\nSkills\n\nKotlin, SQL"
    assert posting.is_withdrawn is False
    assert parsed.reported_count == 1


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        ({"paid_unpaid": "unpaid", "min_salary": None, "max_salary": None}, "Unpaid"),
        ({"not_disclosed": True}, None),
        ({"show_salary": 0}, None),
        ({"min_salary": None}, "INR 18000 per month"),
        ({"currency": "fa-dollar", "pay_in": "annually"}, "USD 12000 - 18000 per year"),
        ({"currency": "fa-strange", "pay_in": None}, "12000 - 18000"),
        ({"min_salary": 0, "max_salary": 0}, None),
    ],
)
def test_stipends(fields: dict[str, Any], pay: str | None) -> None:
    (posting,) = read(jobDetail=PAID | fields).postings
    assert posting.pay_text == pay


@pytest.mark.parametrize(
    ("fields", "is_withdrawn", "apply_by"),
    [
        ({"regnRequirements": {"end_regn_dt": "2022-12-15T23:59:00+05:30"}}, True, date(2022, 12, 15)),
        ({"regnRequirements": None, "end_date": "2022-12-15T23:59:00+05:30"}, True, date(2022, 12, 15)),
        ({"regnRequirements": {"reg_status": "FINISHED"}}, True, date(2027, 1, 1)),
        ({"regnRequirements": {}, "end_date": None}, False, None),
        ({"regnRequirements": {}, "end_date": "soon"}, False, None),
    ],
)  # fmt: skip
def test_a_row_that_is_over_is_withdrawn(
    fields: dict[str, Any], is_withdrawn: bool, apply_by: date | None
) -> None:
    (posting,) = read(**fields).postings
    assert (posting.is_withdrawn, posting.apply_by) == (is_withdrawn, apply_by)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"subtype": "internships", "type": "hackathons"}, "Internship, full time"),
        ({"subtype": "jobs"}, "full time"),
        ({"subtype": None, "type": "internships"}, "Internship, full time"),
        ({"subtype": "open_innovation", "type": "internships"}, None),
        ({"subtype": "hackathons"}, None),
    ],
)
def test_the_subtype_tells_what_a_row_is(fields: dict[str, Any], kind: str | None) -> None:
    parsed = read(**fields)
    assert [posting.employment_type for posting in parsed.postings] == ([kind] if kind else [])
    assert len(parsed.dropped) == (0 if kind else 1)


@pytest.mark.parametrize(
    ("fields", "places", "work_model"),
    [
        ({"locations": [], "region": "online", "jobDetail": {}}, (), "remote"),
        ({"locations": [], "region": "india", "jobDetail": {"type": "wfh"}}, (), "remote"),
        ({"locations": ["Pune"], "region": "online", "jobDetail": {"type": "hybrid"}}, ("Pune",), "hybrid"),
        ({"locations": None, "address_with_country_logo": {"city": "Goa", "country": "India"}, "jobDetail": None},
         ("Goa, India",), None),
    ],
)  # fmt: skip
def test_places_and_work_model(
    fields: dict[str, Any], places: tuple[str, ...], work_model: str | None
) -> None:
    (posting,) = read(**fields).postings
    assert (posting.places, posting.work_model) == (places, work_model)


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"seo_url": "/internships/a-1"}, "https://unstop.com/internships/a-1"),
        ({"seo_url": None}, "https://unstop.com/internships/android-1650"),
        ({"seo_url": "javascript:alert(1)"}, None),
        ({"seo_url": None, "public_url": None}, None),
    ],
)
def test_addresses_are_completed(fields: dict[str, Any], url: str | None) -> None:
    assert [posting.url for posting in read(**fields).postings] == ([url] if url else [])


@pytest.mark.parametrize(
    ("number", "rows", "last", "following"),
    [(1, [JOB], 3, 2), (3, [JOB], 3, None), (2, [], 3, None), (1, [JOB], None, None)],
)
def test_pages_follow_up_to_the_last(
    number: int, rows: list[Any], last: object, following: int | None
) -> None:
    asks = unstop.find_next(build_page(rows, number, last_page=last), VISIT)
    assert [ask.url.rpartition("page=")[2] for ask in asks] == (
        [str(following)] if following else []
    )


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://unstop.com/internships/android-1650", "internships"),
        ("https://unstop.com/jobs?x=1", "jobs"),
        ("https://unstop.com/hackathons", None),
        ("https://example.com/internships", None),
    ],
)
def test_the_kind_is_the_token(address: str, token: str | None) -> None:
    assert unstop.find_token(urlsplit(address)) == token
