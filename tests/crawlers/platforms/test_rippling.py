"""Rippling: rows of one job made one, the older and the paged answer, a job's own page."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.rippling import PLATFORM
from internflow.listings.posting import Board

VISIT = Visit(Board("rippling", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
ASK = PLATFORM.first_ask(VISIT)


def page_of(content: object, url: str = ASK.url) -> Page:
    return Page(Ask(url), json.dumps(content).encode())


def item(place: str, **fields: Any) -> dict[str, Any]:
    location = {"name": place, "country": "United States", "workplaceType": "ON_SITE"}
    url = "https://ats.rippling.com/acme/jobs/j1"
    job = {"id": "j1", "name": "Intern", "url": url, "department": {"name": "Bizops"}}
    return job | {"locations": [location | fields]}


def test_recorded_rows_of_one_job_are_one_posting_with_all_places(shared_data: Path) -> None:
    rows = json.loads((shared_data / "listings/recorded/rippling.json").read_bytes())
    (posting,) = PLATFORM.parse_postings(page_of(rows), VISIT).postings
    assert posting.external_id == rows[0]["uuid"]
    assert posting.title == rows[0]["name"]
    assert posting.url == rows[0]["url"]
    assert posting.places == tuple(row["workLocation"]["label"] for row in rows)
    assert posting.department == rows[0]["department"]["label"]


def test_rows_without_an_id_are_not_made_one() -> None:
    rows = [
        {"name": "A", "url": "https://x.example/1"},
        {"name": "B", "url": "https://x.example/2"},
    ]
    parsed = PLATFORM.parse_postings(page_of(rows), VISIT)
    assert len(parsed.dropped) == 2


def test_the_paged_answer_is_read_too_and_leads_to_its_next_page() -> None:
    content = {"items": [item("San Francisco, CA"), item("Austin, TX")], "page": 0, "totalPages": 2}
    page = page_of(content)
    (posting,) = PLATFORM.parse_postings(page, VISIT).postings
    assert posting.places == ("San Francisco, CA, United States", "Austin, TX, United States")
    assert (posting.work_model, posting.department) == ("on_site", "Bizops")
    assert PLATFORM.find_next is not None
    (second,) = PLATFORM.find_next(page, VISIT)
    assert second.url == "https://ats.rippling.com/api/v2/board/acme/jobs?page=1&pageSize=50"
    assert PLATFORM.find_next(page_of(content, second.url), VISIT) == ()
    assert PLATFORM.find_next(page_of([item("Goa")]), VISIT) == ()


def test_locations_with_several_work_models_have_none() -> None:
    content = {"items": [item("Austin, TX"), item("Denver, CO", workplaceType="REMOTE")]}
    assert PLATFORM.parse_postings(page_of(content), VISIT).postings[0].work_model is None


def test_a_jobs_own_page_completes_it() -> None:
    (posting,) = PLATFORM.parse_postings(page_of([item("Austin, TX")]), VISIT).postings
    assert PLATFORM.detail is not None
    ask = PLATFORM.detail.ask(posting.payload, VISIT)
    assert ask == Ask("https://api.rippling.com/platform/api/ats/v1/board/acme/jobs/j1")
    found = {
        "description": {"company": "<p>About</p>", "role": "<p>Role</p>"},
        "employmentType": {"label": "INTERN", "id": "Intern"},
        "createdOn": "2026-03-31T17:37:26.093000-07:00",
        "payRangeDetails": [{"currency": "USD", "frequency": "HOUR", "rangeStart": 30, "rangeEnd": 38.5}],
        "applicationForm": {"email": "x"},
        "unlistedFromSearch": True,
    }  # fmt: skip
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, page_of(found)), VISIT)
    assert whole.description_text == "About\n\nRole"
    assert (whole.employment_type, whole.pay_text) == ("Intern", "USD 30 - 38.50 per hour")
    assert whole.posted_at == datetime(2026, 4, 1, 0, 37, 26, 93_000, tzinfo=UTC)
    assert whole.is_hidden
    assert "applicationForm" not in whole.payload["detail"]


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://ats.rippling.com/acme/jobs", "acme"),
        ("https://ats.rippling.com/en-GB/acme/jobs/1", "acme"),
        ("https://api.rippling.com/platform/api/ats/v1/board/acme/jobs", "acme"),
        ("https://ats.rippling.com/api/v2/board/acme/jobs?page=0", "acme"),
        ("https://ats.rippling.com/", None),
        ("https://www.rippling.com/acme", None),
    ],
)
def test_the_token_is_the_first_step(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
