"""Breezy: a whole item, locations in both shapes, remote jobs."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Page, Visit
from crawlers.platforms.breezy import PLATFORM
from internflow.listings.posting import Board, Posting

VISIT = Visit(Board("breezy", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB = {
    "id": "4ab15c2e5b05",
    "name": "Marketing Intern",
    "url": "https://acme.breezy.hr/p/4ab15c2e5b05-x",
    "published_date": "2026-05-28T13:00:55.828Z",
    "type": {"id": "internship", "name": "Internship"},
    "department": "Marketing",
    "company": {"name": "Acme Owls"},
    "salary": "$7 \u2013 $12 / hour",
    "location": {"country": {"name": "United States", "id": "US"}, "is_remote": True},
    "description": "<p onclick='x'>Mission</p>",
}


def read(job: dict[str, Any]) -> Posting:
    page = Page(PLATFORM.first_ask(VISIT), json.dumps([job]).encode())
    (posting,) = PLATFORM.parse_postings(page, VISIT).postings
    return posting


def test_an_item_is_whole() -> None:
    assert read(JOB) == Posting(
        platform="breezy",
        board="acme",
        external_id="4ab15c2e5b05",
        url="https://acme.breezy.hr/p/4ab15c2e5b05-x",
        title="Marketing Intern",
        company="Acme Owls",
        places=("United States",),
        work_model="remote",
        employment_type="Internship",
        description_html="<p>Mission</p>",
        description_text="Mission",
        posted_at=datetime(2026, 5, 28, 13, 0, 55, 828_000, tzinfo=UTC),
        date_kind="exact",
        apply_by=None,
        pay_text="$7 \u2013 $12 / hour",
        payload=JOB,
        department="Marketing",
    )


@pytest.mark.parametrize(
    ("fields", "places", "work_model"),
    [
        ({"location": {"name": "Pune, IN", "is_remote": False}}, ("Pune, IN",), None),
        ({"location": {"city": "Pune", "state": {"name": "MH"}}}, ("Pune, MH",), None),
        ({"locations": [{"name": "Oslo"}, {"name": "Bergen"}]}, ("Oslo", "Bergen"), None),
        ({"location": "Remote"}, (), "remote"),
        ({"location": {"name": "Goa", "is_remote": True, "remote_details": {"label": "Hybrid"}}}, ("Goa",), "hybrid"),
        ({"location": None}, (), None),
    ],
)  # fmt: skip
def test_locations_come_in_several_shapes(
    fields: dict[str, Any], places: tuple[str, ...], work_model: str | None
) -> None:
    posting = read(JOB | fields)
    assert (posting.places, posting.work_model) == (places, work_model)


@pytest.mark.parametrize(
    ("address", "token"),
    [("https://acme.breezy.hr/p/1", "acme"), ("https://breezy.hr/", None), ("https://app.breezy.hr/", None)],
)  # fmt: skip
def test_the_token_is_the_subdomain(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
