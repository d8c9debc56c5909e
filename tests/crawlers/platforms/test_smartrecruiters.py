"""SmartRecruiters boards: a real answer field by field, paging, the posting's own page, and people left out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import smartrecruiters
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("smartrecruiters", "Acme", "Acme Inc."), NOW)


def build_page(content: dict[str, Any], offset: int = 0) -> Page:
    ask = Ask(
        f"https://api.smartrecruiters.com/v1/companies/Acme/postings?limit=100&offset={offset}"
    )
    return Page(ask, json.dumps(content).encode())


def read(*jobs: dict[str, Any]) -> ParsedPage:
    return smartrecruiters.parse_postings(build_page({"content": jobs, "totalFound": 9}), VISIT)


def read_one(**fields: Any) -> Posting:
    (posting,) = read({"id": "7", "name": "Intern"} | fields).postings
    return posting


def test_a_real_posting_says_what_its_raw_fields_say(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/smartrecruiters.json").read_text())
    parsed = smartrecruiters.parse_postings(build_page(content), VISIT)
    assert (parsed.dropped, parsed.reported_count) == ((), content["totalFound"])
    for posting, raw in zip(parsed.postings, content["content"], strict=True):
        assert posting.external_id == raw["id"]
        assert posting.title == " ".join(raw["name"].split())
        assert posting.company == raw["company"]["name"]
        assert posting.url == (
            f"https://jobs.smartrecruiters.com/{raw['company']['identifier']}/{raw['id']}"
        )
        assert posting.places == (raw["location"]["fullLocation"],)
        assert posting.work_model is None
        assert posting.employment_type == raw["typeOfEmployment"]["label"]
        assert posting.posted_at == datetime.fromisoformat(raw["releasedDate"])
        assert posting.requisition_id == raw["refNumber"]
        assert "creator" in raw
        assert posting.payload == {n: v for n, v in raw.items() if n != "creator"}


@pytest.mark.parametrize(
    ("location", "places", "work_model"),
    [
        ({"fullLocation": "Dubai, , United Arab Emirates", "remote": True}, ("Dubai, United Arab Emirates",), "remote"),
        ({"city": "Pune", "country": "in", "hybrid": True, "remote": True}, ("Pune, IN",), "hybrid"),
        ({"fullLocation": ", , ", "country": "in"}, (), None),
        (None, (), None),
    ],
)  # fmt: skip
def test_places_and_work_model(
    location: object, places: tuple[str, ...], work_model: str | None
) -> None:
    posting = read_one(location=location)
    assert (posting.places, posting.work_model) == (places, work_model)


def test_an_internship_may_be_told_by_the_level_of_experience() -> None:
    level = {"id": "internship", "label": "Internship"}
    stated = {"id": "permanent", "label": "Full-time"}
    assert read_one(experienceLevel=level, typeOfEmployment=stated).employment_type == (
        "Full-time, Internship"
    )
    assert read_one(experienceLevel={"id": "associate", "label": "A"}).employment_type is None
    assert read_one(typeOfEmployment={"id": "intern"}).employment_type == "intern"


def test_a_posting_that_is_not_public_is_hidden() -> None:
    assert read_one(visibility="INTERNAL").is_hidden
    assert not read_one(visibility="PUBLIC").is_hidden


def test_pages_follow_until_the_total_is_reached() -> None:
    jobs: list[Any] = [{}] * 100
    (ask,) = smartrecruiters.find_next(
        build_page({"content": jobs, "totalFound": 201}, offset=100), VISIT
    )
    assert ask.url == (
        "https://api.smartrecruiters.com/v1/companies/Acme/postings?limit=100&offset=200&status=PUBLIC"
    )
    for content in ({"content": jobs, "totalFound": 100}, {"content": [], "totalFound": 300}):
        assert smartrecruiters.find_next(build_page(content), VISIT) == ()


def test_the_posting_s_own_page_brings_description_and_pay_but_no_people() -> None:
    posting = read_one(creator={"name": "A. Recruiter"})
    assert smartrecruiters.PLATFORM.detail is not None
    ask = smartrecruiters.PLATFORM.detail.ask(posting.payload, VISIT)
    assert ask == Ask("https://api.smartrecruiters.com/v1/companies/Acme/postings/7")
    detail = {
        "active": False,
        "creator": {"name": "A. Recruiter"},
        "compensation": {"min": 20, "max": 25.5, "currency": "USD", "period": "HOURLY"},
        "jobAd": {
            "sections": {
                "companyDescription": {"title": "Company Description", "text": "<p>We</p>"},
                "jobDescription": {"title": "Job Description", "text": "<p>You</p>"},
                "qualifications": {"title": "Qualifications", "text": "<ul><li>SQL</li></ul>"},
                "videos": {"urls": []},
            }
        },
    }
    merged = smartrecruiters.merge_detail(posting.payload, Page(ask, json.dumps(detail).encode()))
    whole = smartrecruiters.parse_posting(merged, VISIT)
    assert whole.description_text == (
        "Job Description\n\nYou\n\nQualifications\n\n- SQL\n\nCompany Description\n\nWe"
    )
    assert whole.pay_text == "USD 20 - 25.50 per hour"
    assert whole.is_withdrawn
    assert "Recruiter" not in json.dumps(whole.payload)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://jobs.smartrecruiters.com/Acme/743999671674844-cna?x", "Acme"),
        ("https://careers.smartrecruiters.com/Acme", "Acme"),
        ("https://jobs.smartrecruiters.com/oneclick-ui/company/Acme/publication/1", "Acme"),
        ("https://api.smartrecruiters.com/v1/companies/Acme/postings", "Acme"),
        ("https://www.smartrecruiters.com/Acme", None),
        ("https://careers.smartrecruiters.com/", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert smartrecruiters.find_token(urlsplit(address)) == token
