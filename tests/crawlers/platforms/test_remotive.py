"""Remotive: two real answers field by field, its count and its places."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import remotive
from internflow.listings.posting import Board

VISIT = Visit(Board("remotive", "all", "Remotive"), datetime(2026, 11, 23, 6, tzinfo=UTC))


def read(content: object) -> ParsedPage:
    page = Page(Ask("https://x.example"), json.dumps(content).encode())
    return remotive.parse_postings(page, VISIT)


@pytest.mark.parametrize("file", ["feeds/hunt_remotive.json", "shapes/remotive.json"])
def test_real_jobs_say_what_their_raw_fields_say(file: str, shared_data: Path) -> None:
    content = json.loads((shared_data / "listings" / file).read_text())
    parsed = read(content)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, content["jobs"], strict=True):
        moment = datetime.fromisoformat(raw["publication_date"])
        assert posting.external_id == str(raw["id"])
        assert posting.url == raw["url"]
        assert posting.title == raw["title"]
        assert posting.company == raw["company_name"]
        assert ", ".join(posting.places) == raw["candidate_required_location"]
        assert posting.work_model == "remote"
        assert posting.employment_type == raw["job_type"].replace("_", " ")
        assert posting.posted_at == moment.replace(tzinfo=UTC)
        assert posting.pay_text == (raw["salary"] or None)
        assert posting.department == raw["category"]
        assert bool(posting.description_text) is bool(raw["description"])
        assert posting.payload == raw


def test_the_feed_counts_its_jobs() -> None:
    job = {"id": 1, "title": "Intern", "url": "https://remotive.com/1"}
    assert read({"job-count": 4, "jobs": [job]}).reported_count == 4
    assert read({"jobs": [job]}).reported_count is None


def test_a_place_that_is_only_a_work_model_is_none() -> None:
    job = {"id": 1, "title": "Intern", "url": "https://remotive.com/1"}
    (posting,) = read({"jobs": [job | {"candidate_required_location": "Remote, India"}]}).postings
    assert posting.places == ("India",)


def test_there_is_one_feed() -> None:
    assert remotive.find_token(urlsplit("https://remotive.com/remote-jobs")) == "all"
    assert remotive.find_token(urlsplit("https://example.com/")) is None
