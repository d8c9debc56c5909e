"""Workable accounts: a real answer field by field, rows of one job made one posting, and places kept back."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Page, ParsedPage, Visit
from crawlers.platforms import workable
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("workable", "acme", "Acme"), NOW)
ROW: dict[str, Any] = {
    "shortcode": "AB12",
    "title": "Intern",
    "url": "https://apply.workable.com/j/AB12",
    "city": "Pune",
    "state": "Maharashtra",
    "country": "India",
}


def read(*rows: object) -> ParsedPage:
    page = Page(workable.first_ask(VISIT), json.dumps({"name": "Acme", "jobs": rows}).encode())
    return workable.parse_postings(page, VISIT)


def test_real_rows_of_one_job_are_one_posting_with_all_places(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/workable.json").read_text())
    parsed = read(*content["jobs"])
    assert parsed.dropped == ()
    by_code = {row["shortcode"]: row for row in content["jobs"]}
    assert [p.external_id for p in parsed.postings] == list(by_code)
    for posting in parsed.postings:
        rows = [row for row in content["jobs"] if row["shortcode"] == posting.external_id]
        assert posting.places == tuple(row["country"] for row in rows)
        assert posting.title == rows[0]["title"]
        assert posting.url == rows[0]["url"]
        assert posting.department == rows[0]["department"]
        assert posting.work_model == "remote"
        assert posting.posted_at == datetime.fromisoformat(rows[0]["published_on"] + "T00:00Z")
        assert posting.date_kind == "exact"


def test_a_row_without_locations_has_its_own_fields() -> None:
    (posting,) = read(ROW, ROW | {"city": "Goa", "state": None}).postings
    assert posting.places == ("Pune, Maharashtra, India", "Goa, India")


def test_hidden_places_are_not_shown() -> None:
    shown = {"city": "Goa", "country": "India", "hidden": False}
    (posting,) = read(ROW | {"locations": [shown, {"city": "Pune", "hidden": True}]}).postings
    assert posting.places == ("Goa, India",)


@pytest.mark.parametrize(
    ("fields", "work_model"),
    [
        ({"telecommuting": True}, "remote"),
        ({"telecommuting": False}, None),
        ({"telecommuting": True, "workplace_type": "hybrid"}, "hybrid"),
        ({"workplace": "on_site"}, "on_site"),
    ],
)
def test_work_model(fields: dict[str, Any], work_model: str | None) -> None:
    assert read(ROW | fields).postings[0].work_model == work_model


def test_all_parts_of_a_description_are_read() -> None:
    parts = {"description": "<p>Do</p>", "requirements": "<p>Know</p>", "benefits": "<p>Get</p>"}
    more = {"code": "R-1", "employment_type": "Internship", "url": None, "shortlink": ROW["url"]}
    (posting,) = read(ROW | parts | more).postings
    assert posting.description_text == "Do\n\nRequirements\n\nKnow\n\nBenefits\n\nGet"
    assert (posting.requisition_id, posting.employment_type) == ("R-1", "Internship")
    assert posting.url == ROW["url"]
    apply = "https://apply.workable.com/j/AB12/apply"
    assert read(ROW | {"url": "", "application_url": apply}).postings[0].url == apply


def test_rows_without_a_shortcode_are_dropped() -> None:
    parsed = read(ROW, "row", ROW | {"shortcode": None})
    assert (len(parsed.postings), len(parsed.dropped)) == (1, 2)


def test_the_account_is_asked_with_details_and_slowly() -> None:
    url = "https://apply.workable.com/api/v1/widget/accounts/acme?details=true"
    assert workable.first_ask(VISIT).url == url
    assert workable.PLATFORM.pace_seconds > 1


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://apply.workable.com/acme/", "acme"),
        ("https://apply.workable.com/acme/j/AB12/", "acme"),
        ("https://apply.workable.com/api/v1/widget/accounts/acme?details=true", "acme"),
        ("https://acme.workable.com/jobs/1", "acme"),
        ("https://apply.workable.com/j/AB12", None),
        ("https://jobs.workable.com/view/1", None),
        ("https://www.workable.com/", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert workable.find_token(urlsplit(address)) == token
