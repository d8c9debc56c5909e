"""Lever job sites: real answers field by field, paging, the European host, pay and description."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import lever
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("lever", "acme", "Acme"), NOW)


def read(jobs: object, skip: int = 0) -> ParsedPage:
    return lever.parse_postings(build_page(jobs, skip), VISIT)


def build_page(jobs: object, skip: int = 0) -> Page:
    ask = Ask(f"https://api.lever.co/v0/postings/acme?mode=json&skip={skip}&limit=100")
    return Page(ask, json.dumps(jobs).encode())


@pytest.fixture
def job() -> dict[str, Any]:
    return {
        "id": "a-1",
        "text": "Backend Intern ",
        "categories": {
            "commitment": "Intern",
            "location": "Pune",
            "allLocations": ["Pune", "Remote - India"],
            "team": "Payments",
        },
        "country": "IN",
        "workplaceType": "on-site",
        "createdAt": 1794816000000,
        "hostedUrl": "https://jobs.lever.co/acme/a-1",
        "descriptionPlain": "Go < Rust",
        "lists": [
            {"text": "You & we", "content": "<li>SQL</li>"},
            {"text": "Empty", "content": ""},
        ],
        "additional": "<p>Bye</p>",
    }


def test_a_whole_job(job: dict[str, Any]) -> None:
    (posting,) = read([job]).postings
    assert (posting.external_id, posting.title, posting.company) == (
        "a-1",
        "Backend Intern",
        "Acme",
    )
    assert (posting.places, posting.work_model) == (("Pune", "Remote - India"), "on_site")
    assert (posting.employment_type, posting.department) == ("Intern", "Payments")
    assert posting.posted_at == datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert posting.date_kind == "exact"
    assert posting.description_text == "Go < Rust\n\nYou & we\n\n- SQL\n\nBye"
    assert posting.pay_text is None
    assert posting.payload == job


@pytest.mark.parametrize("file", ["recorded/lever.json", "shapes/lever.json"])
def test_real_jobs_say_what_their_raw_fields_say(file: str, shared_data: Path) -> None:
    content = json.loads((shared_data / "listings" / file).read_text())
    jobs = content if isinstance(content, list) else content["sites"]["secureco"]
    parsed = read(jobs)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, jobs, strict=True):
        assert posting.external_id == raw["id"]
        assert posting.title == raw["text"].strip()
        assert posting.url == raw["hostedUrl"]
        assert posting.places == tuple(raw["categories"]["allLocations"])
        assert posting.work_model == raw["workplaceType"]
        assert posting.employment_type == raw["categories"]["commitment"]
        assert posting.department == raw["categories"].get("department", raw["categories"]["team"])
        assert posting.posted_at == datetime.fromtimestamp(raw["createdAt"] / 1000, UTC)
        assert raw["descriptionPlain"].split()[0] in posting.description_text
        assert all(part["text"] in posting.description_text for part in raw["lists"])
        assert posting.description_text.count("\n- ") >= len(raw["lists"])


@pytest.mark.parametrize(
    ("fields", "pay"),
    [
        (
            {
                "salaryRange": {
                    "min": 37.82,
                    "max": 40,
                    "currency": "USD",
                    "interval": "per-hour-wage",
                }
            },
            "USD 37.82 - 40 per hour",
        ),
        ({"salaryRange": {"min": 1, "max": 1, "interval": "per-year-salary"}}, "1 per year"),
        (
            {
                "salaryRange": {
                    "min": 5,
                    "max": 9,
                    "currency": "INR",
                    "interval": "per-month-salary",
                },
                "salaryDescription": "<p>before <b>tax</b></p>",
            },
            "INR 5 - 9 per month; before tax",
        ),
        ({"salaryDescriptionPlain": "A\nstipend"}, "A stipend"),
        ({"salaryRange": {"min": 0, "max": None, "interval": 7}}, None),
        ({"salaryRange": "much"}, None),
    ],
)
def test_pay_is_the_range_and_what_is_said_of_it(
    job: dict[str, Any], fields: dict[str, Any], pay: str | None
) -> None:
    (posting,) = read([job | fields]).postings
    assert posting.pay_text == pay


@pytest.mark.parametrize(
    ("fields", "places", "work_model"),
    [
        ({"categories": None}, ("IN",), "on_site"),
        ({"categories": {"location": "Remote"}, "workplaceType": "unspecified"}, ("IN",), "remote"),
        ({"categories": {"location": "Oslo"}, "workplaceType": None}, ("Oslo",), None),
        ({"workplaceType": "hybrid"}, ("Pune", "Remote - India"), "hybrid"),
    ],
)
def test_places_and_work_model(
    job: dict[str, Any], fields: dict[str, Any], places: tuple[str, ...], work_model: str | None
) -> None:
    (posting,) = read([job | fields]).postings
    assert (posting.places, posting.work_model) == (places, work_model)


def test_a_full_page_leads_to_the_next_and_any_other_to_none() -> None:
    (ask,) = lever.find_next(build_page([{}] * 100, skip=100), VISIT)
    assert ask.url == "https://api.lever.co/v0/postings/acme?mode=json&skip=200&limit=100"
    for count in (0, 99, 302):
        assert lever.find_next(build_page([{}] * count), VISIT) == ()


def test_european_sites_are_asked_at_their_own_host() -> None:
    ask = lever.first_ask(Visit(Board("lever", "eu.acme", "Acme"), NOW))
    assert ask.url == "https://api.eu.lever.co/v0/postings/acme?mode=json&skip=0&limit=100"


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://jobs.lever.co/acme", "acme"),
        ("https://jobs.lever.co/acme/5d54d69b/apply?x=1", "acme"),
        ("https://jobs.eu.lever.co/Acme%20Co/1", "eu.Acme Co"),
        ("https://api.lever.co/v0/postings/acme?mode=json", "acme"),
        ("https://jobs.lever.co/", None),
        ("https://jobs.lever.co.evil.example/acme", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert lever.find_token(urlsplit(address)) == token
