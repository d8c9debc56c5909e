"""Phenom: recorded jobs field by field, paging by the total, companies' own hosts, a job's own page."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.phenom import PLATFORM
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
SITE = "https://careers.acme.example/us/en"
VISIT = Visit(Board("phenom", "careers.acme.example", "Acme", (), f"{SITE}/search-results"), NOW)
JOB = {"jobId": "R1", "title": "Intern", "jobSeqNo": "ACMER1EXTERNALENUS"}


def page_of(jobs: list[dict[str, Any]], total: int, ask: Ask | None = None) -> Page:
    ddo = {"eagerLoadRefineSearch": {"totalHits": total, "data": {"jobs": jobs}}}
    body = f"<script>phApp.ddo = {json.dumps(ddo)}; phApp.experimentData = {{}};</script>"
    return Page(ask or PLATFORM.first_ask(VISIT), body.encode())


def read(job: dict[str, Any]) -> Posting:
    (posting,) = PLATFORM.parse_postings(page_of([job], 1), VISIT).postings
    return posting


def test_recorded_jobs_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/phenom.html").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    found = re.search(rb"phApp.ddo = (\{.*\}); phApp", body)
    assert found
    search = json.loads(found[1])["eagerLoadRefineSearch"]
    assert parsed.reported_count == search["totalHits"]
    for posting, raw in zip(parsed.postings, search["data"]["jobs"], strict=True):
        assert posting.external_id == raw["jobId"]
        assert posting.title == raw["title"]
        assert posting.url == f"{SITE}/job/{raw['jobSeqNo']}"
        assert posting.places == (raw["location"],)
        assert posting.employment_type == raw["type"]
        assert posting.department == raw["category"]
        assert posting.description_text == raw["descriptionTeaser"]
        assert posting.posted_at == datetime.fromisoformat(raw["postedDate"])


def test_paging_follows_the_total() -> None:
    assert PLATFORM.find_next is not None
    first = page_of([JOB, JOB | {"jobId": "R2"}], 3)
    assert first.ask.url == f"{SITE}/search-results?from=0&s=1"
    (second,) = PLATFORM.find_next(first, VISIT)
    assert second.url == f"{SITE}/search-results?from=2&s=1"
    assert PLATFORM.find_next(page_of([JOB], 3, second), VISIT) == ()
    assert PLATFORM.find_next(page_of([], 3), VISIT) == ()


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"multi_location": ["Toronto", "Montreal"], "location": "x"}, ("Toronto", "Montreal")),
        ({"multi_location_array": [{"location": "Oslo"}, {}]}, ("Oslo",)),
        ({"cityStateCountry": "Goa, India"}, ("Goa, India",)),
        ({"city": "Goa", "country": "India"}, ("Goa, India",)),
    ],
)  # fmt: skip
def test_places_come_in_several_fields(fields: dict[str, Any], places: tuple[str, ...]) -> None:
    assert read(JOB | fields).places == places


def test_a_site_without_country_and_language_takes_them_from_the_job() -> None:
    visit = Visit(Board("phenom", "careers.acme.example", "Acme"), NOW)
    posting = PLATFORM.parse_posting(JOB | {"locale": "en_GLOBAL"}, visit)
    assert posting.url == "https://careers.acme.example/global/en/job/ACMER1EXTERNALENUS"
    assert PLATFORM.first_ask(visit).url.startswith("https://careers.acme.example/global/en/search")


def test_a_jobs_own_page_gives_the_description() -> None:
    posting = read(JOB)
    assert PLATFORM.detail is not None
    ask = PLATFORM.detail.ask(posting.payload, VISIT)
    assert ask == Ask(posting.url)
    ddo = {
        "jobDetail": {"data": {"job": {"description": "<p>Whole</p>", "recruiter": "A. Person"}}}
    }
    page = Page(ask, f"<script>phApp.ddo = {json.dumps(ddo)};</script>".encode())
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, page), VISIT)
    assert whole.description_text == "Whole"
    assert "A. Person" not in str(whole.payload)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        (
            "https://careers.acme.example/global/en/search-results?keywords=x",
            "careers.acme.example",
        ),
        ("https://careers.acme.example/global/en", None),
        ("https://careers.acme.example/search-results", None),
    ],
)
def test_the_token_is_the_host_of_search_results(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
