"""Arbeitnow: real answers field by field, escaped descriptions, paging that trusts no link."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms import arbeitnow
from internflow.listings.posting import Board

VISIT = Visit(Board("arbeitnow", "all", "Arbeitnow"), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB = {"slug": "x-1", "title": "Intern", "url": "https://www.arbeitnow.com/jobs/x-1"}


def build_page(content: object, number: int = 1) -> Page:
    url = f"https://www.arbeitnow.com/api/job-board-api?page={number}"
    return Page(Ask(url), json.dumps(content).encode())


def read_real(folder: Path) -> list[dict[str, Any]]:
    shapes = json.loads((folder / "listings/shapes/arbeitnow.json").read_text())
    feed = json.loads((folder / "listings/feeds/hunt_arbeitnow.json").read_text())
    return [*shapes["pages"], feed]


def test_real_jobs_say_what_their_raw_fields_say(shared_data: Path) -> None:
    count = 0
    for content in read_real(shared_data):
        parsed = arbeitnow.parse_postings(build_page(content), VISIT)
        assert parsed.dropped == ()
        for posting, raw in zip(parsed.postings, content["data"], strict=True):
            count += 1
            assert posting.external_id == raw["slug"]
            assert posting.url == raw["url"]
            assert posting.title == raw["title"]
            assert posting.company == raw["company_name"]
            assert posting.places == (raw["location"],)
            assert posting.work_model == ("remote" if raw["remote"] else None)
            assert posting.employment_type == (", ".join(raw["job_types"]) or None)
            assert posting.posted_at == datetime.fromtimestamp(raw["created_at"], UTC)
            assert posting.department == raw["tags"][0]
            assert posting.payload == raw
    assert count == 5


def test_an_escaped_description_becomes_markup(shared_data: Path) -> None:
    first, second = (
        arbeitnow.parse_postings(build_page(read_real(shared_data)[1]), VISIT).postings
    )  # fmt: skip
    assert first.description_html.startswith("<h2>Gemeinsam gestalten wir")
    assert "&lt;" not in first.description_html
    assert first.description_text.endswith("für unseren Standort in Berlin.")
    assert second.description_text == ""


@pytest.mark.parametrize(
    ("content", "number", "following"),
    [
        ({"data": [JOB], "links": {"next": "https://evil.example/?page=9&q=x"}}, 1, 2),
        ({"data": [JOB], "links": {"next": None}}, 4, None),
        ({"data": [], "links": {"next": "https://x.example"}}, 4, None),
        ({"data": [JOB] * 100}, 2, 3),
        ({"data": [JOB] * 99}, 2, None),
        ({"data": [JOB] * 100}, arbeitnow.MOST_PAGES, None),
    ],
)
def test_pages_are_counted_and_links_not_followed(
    content: object, number: int, following: int | None
) -> None:
    asks = arbeitnow.find_next(build_page(content, number), VISIT)
    wanted = f"https://www.arbeitnow.com/api/job-board-api?page={following}"
    assert [ask.url for ask in asks] == ([wanted] if following else [])


def test_there_is_one_feed() -> None:
    assert arbeitnow.find_token(urlsplit("https://www.arbeitnow.com/jobs")) == "all"
    assert arbeitnow.find_token(urlsplit("https://example.com/")) is None
