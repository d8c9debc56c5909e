"""Paylocity: recorded jobs field by field, places and work models, a job's own page."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Page, Visit
from crawlers.platforms.paylocity import PLATFORM
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

VISIT = Visit(Board("paylocity", "211e692d", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB = {"JobId": 7, "JobTitle": "Intern"}


def page_of(script: str) -> Page:
    body = f"<html><script>{script}</script></html>"
    return Page(PLATFORM.first_ask(VISIT), body.encode())


def read(job: dict[str, Any]) -> Posting:
    page = page_of("window.pageData = " + json.dumps({"Jobs": [job]}) + ";\nvar x = {};")
    (posting,) = PLATFORM.parse_postings(page, VISIT).postings
    return posting


def test_recorded_jobs_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/paylocity.html").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    found = re.search(rb"pageData = (\{.*\});", body)
    assert found
    for posting, raw in zip(parsed.postings, json.loads(found[1])["Jobs"], strict=True):
        place = raw["JobLocation"]
        assert posting.external_id == str(raw["JobId"])
        assert posting.title == raw["JobTitle"]
        assert posting.url.endswith(f"/recruiting/jobs/Details/{raw['JobId']}")
        assert posting.places == (", ".join(place[n] for n in ("City", "State", "Country")),)
        assert posting.work_model == raw["LocationName"].lower() == "hybrid"
        assert posting.posted_at == datetime.fromisoformat(raw["PublishedDate"])


@pytest.mark.parametrize(
    ("fields", "places", "work_model"),
    [
        ({"IsRemote": True, "LocationName": "HQ"}, ("HQ",), "remote"),
        ({"LocationName": "LI-Remote", "JobLocation": {"Metro": "US, Remote"}}, ("US, Remote",), "remote"),
        ({"ShouldDisplayLocation": False, "JobLocation": {"City": "Cary"}}, (), None),
        ({"JobLocation": [], "LocationName": None}, (), None),
    ],
)  # fmt: skip
def test_places_come_from_the_location_and_models_from_its_name(
    fields: dict[str, Any], places: tuple[str, ...], work_model: str | None
) -> None:
    posting = read(JOB | fields)
    assert (posting.places, posting.work_model) == (places, work_model)


def test_an_internal_job_is_hidden() -> None:
    assert read(JOB | {"IsInternal": True}).is_hidden
    assert not read(JOB).is_hidden


def test_a_jobs_own_page_gives_the_whole_description() -> None:
    posting = read(JOB | {"Description": "Short ..."})
    assert posting.description_text == "Short ..."
    assert PLATFORM.detail is not None
    found = Page(
        PLATFORM.first_ask(VISIT),
        b'<script type="application/ld+json">{"@context": "http://schema.org", "@type": "JobPosting", "title": "x",'
        b'"description": "&lt;p&gt;Whole&lt;/p&gt;", "employmentType": "INTERN"}</script>',
    )
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, found), VISIT)
    assert (whole.description_html, whole.employment_type) == ("<p>Whole</p>", "INTERN")


@pytest.mark.parametrize(
    "script", ["", "window.pageData = ", "window.pageData = {", 'window.pageData = {"Jobs": 1};']
)
def test_a_page_without_the_boards_data_is_refused(script: str) -> None:
    with pytest.raises(ContractViolation):
        PLATFORM.parse_postings(page_of(script), VISIT)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://recruiting.paylocity.com/recruiting/jobs/All/211e692d/Acme", "211e692d"),
        ("https://recruiting.paylocity.com/Recruiting/Jobs/all/211e692d", "211e692d"),
        ("https://recruiting.paylocity.com/Recruiting/Jobs/Details/7", None),
        ("https://www.paylocity.com/recruiting/jobs/All/211e692d", None),
    ],
)
def test_the_token_is_the_guid_of_the_list(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
