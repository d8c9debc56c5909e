"""Parsers of the platforms: real answers, answers of every odd shape, and whole items."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.parsing import decode_json
from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import PLATFORMS
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ACME = Board("greenhouse", "acme", "Acme")
BYTE = Board("ashby", "Byte", "Byte")
BOARDS = {"greenhouse": ACME, "ashby": BYTE}


def parse(platform: str, payload: object, board: Board) -> ParsedPage:
    page = Page(Ask("https://x.example"), json.dumps(payload).encode())
    return PLATFORMS[platform].parse_postings(page, Visit(board, NOW))


def decode(body: bytes) -> object:
    return decode_json(Page(Ask("https://x.example"), body))


@pytest.fixture
def ashby_job() -> dict[str, Any]:
    """A small job in Ashby's shape."""
    return {
        "id": "a-1",
        "title": "Backend Intern",
        "location": "Remote",
        "secondaryLocations": [{"location": "Pune"}, "Goa"],
        "employmentType": "Intern",
        "department": "Platform",
        "isListed": True,
        "isRemote": True,
        "workplaceType": "Hybrid",
        "publishedAt": "2026-11-10T05:30:00.250+00:00",
        "jobUrl": "https://jobs.ashbyhq.com/Byte/a-1",
        "descriptionHtml": "<p style='x'>Go</p>",
        "descriptionPlain": "Go",
        "compensation": {"compensationTierSummary": "₹1K \u2013 ₹2K"},
    }


def test_greenhouse_item_is_whole(greenhouse_job: dict[str, Any]) -> None:
    parsed = parse("greenhouse", {"jobs": [greenhouse_job]}, ACME)
    assert parsed.postings == (
        Posting(
            platform="greenhouse",
            board="acme",
            external_id="41",
            url="https://job-boards.greenhouse.io/acme/jobs/41",
            title="Data & ML Intern",
            company="Acme Labs",
            places=("Pune, India", "Remote - India"),
            work_model="remote",
            employment_type="Intern, Paid",
            description_html="<p>Python &amp; SQL</p>",
            description_text="Python & SQL",
            posted_at=datetime(2026, 11, 20, 4, 30, tzinfo=UTC),
            date_kind="exact",
            apply_by=date(2026, 12, 31),
            pay_text=None,
            payload=greenhouse_job,
            requisition_id="R-41",
            department="Data",
        ),
    )
    assert (parsed.dropped, parsed.reported_count) == ((), None)


def test_ashby_item_is_whole(ashby_job: dict[str, Any]) -> None:
    parsed = parse("ashby", {"jobs": [ashby_job]}, BYTE)
    assert parsed.postings == (
        Posting(
            platform="ashby",
            board="Byte",
            external_id="a-1",
            url="https://jobs.ashbyhq.com/Byte/a-1",
            title="Backend Intern",
            company="Byte",
            places=("Pune", "Goa"),
            work_model="hybrid",
            employment_type="Intern",
            description_html="<p>Go</p>",
            description_text="Go",
            posted_at=datetime(2026, 11, 10, 5, 30, 0, 250_000, tzinfo=UTC),
            date_kind="exact",
            apply_by=None,
            pay_text="₹1K \u2013 ₹2K",
            payload=ashby_job,
            department="Platform",
        ),
    )


@pytest.mark.parametrize("folder", ["recorded", "shapes"])
@pytest.mark.parametrize("platform", sorted(BOARDS))
def test_real_answers_come_out_as_their_raw_fields_say(
    folder: str, platform: str, shared_data: Path
) -> None:
    content = json.loads((shared_data / "listings" / folder / f"{platform}.json").read_bytes())
    assert isinstance(content, dict)
    names = {"greenhouse": ("absolute_url", "first_published"), "ashby": ("jobUrl", "publishedAt")}
    url_field, date_field = names[platform]
    for payload in content["boards"].values() if "boards" in content else [content]:
        parsed = parse(platform, payload, Board(platform, "acme", "Acme"))
        assert parsed.dropped == ()
        assert len(parsed.postings) == len(payload["jobs"])
        for posting, job in zip(parsed.postings, payload["jobs"], strict=True):
            place = job["location"]["name"] if platform == "greenhouse" else job["location"]
            stated = job.get(date_field)
            assert posting.title == job["title"].strip()
            assert posting.places == (place,)
            assert posting.url == job[url_field]
            assert posting.posted_at == (datetime.fromisoformat(stated) if stated else None)
            assert posting.date_kind == ("exact" if stated else "none")
            assert "&lt;" not in posting.description_html
            assert posting.description_text


@pytest.mark.parametrize("platform", sorted(BOARDS))
@pytest.mark.parametrize(
    "payload", [{}, {"jobs": None}, {"jobs": {}}, [], None, "jobs", {"error": "x"}]
)
def test_an_answer_without_jobs_is_no_board(platform: str, payload: object) -> None:
    with pytest.raises(ContractViolation, match="jobs"):
        parse(platform, payload, Board(platform, "acme", "Acme"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", True),
        ("id", "x" * 201),
        ("title", " \n"),
        ("title", 7),
        ("absolute_url", "javascript:alert(1)"),
    ]
    + [
        ("absolute_url", value)
        for value in ("/jobs/1", "https://", "http://[", "https://x y", "https://x/" + "y" * 2000)
    ],
)
def test_a_posting_without_a_required_field_is_dropped_and_stops_no_other(
    greenhouse_job: dict[str, Any], field: str, value: object
) -> None:
    broken = greenhouse_job | {field: value}
    parsed = parse("greenhouse", {"jobs": [broken, greenhouse_job | {"id": 42}, "odd"]}, ACME)
    assert [p.external_id for p in parsed.postings] == ["42"]
    assert [d.payload for d in parsed.dropped] == [broken, "odd"]
    assert field in parsed.dropped[0].reason


def test_an_id_that_comes_twice_counts_once(greenhouse_job: dict[str, Any]) -> None:
    parsed = parse(
        "greenhouse", {"jobs": [greenhouse_job, greenhouse_job | {"title": "Other"}]}, ACME
    )
    assert [p.title for p in parsed.postings] == ["Data & ML Intern"]
    assert "The id 41" in parsed.dropped[0].reason


JUNK = st.sampled_from(
    [None, 0, 1.5, True, "", "x", [], ["x"], {}, {"name": 1}, [{"name": "Employment Type"}], [[]]]
)
GREENHOUSE_EXTRAS = (
    "location",
    "content",
    "first_published",
    "application_deadline",
    "company_name",
    "metadata",
    "offices",
)
ASHBY_EXTRAS = (
    "location", "secondaryLocations", "employmentType", "isListed", "isRemote", "workplaceType", "publishedAt",
    "descriptionHtml", "descriptionPlain", "compensation", "address",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(GREENHOUSE_EXTRAS), JUNK))
def test_greenhouse_fields_that_are_not_required_may_hold_anything(
    extras: dict[str, object],
) -> None:
    job = {"id": 1, "title": "T", "absolute_url": "https://x.example", "never seen": 1}
    parsed = parse("greenhouse", {"jobs": [job | extras]}, ACME)
    assert len(parsed.postings) == 1


@given(st.dictionaries(st.sampled_from(ASHBY_EXTRAS), JUNK))
def test_ashby_fields_that_are_not_required_may_hold_anything(extras: dict[str, object]) -> None:
    job = {"id": "1", "title": "T", "jobUrl": "https://x.example", "never seen": 1}
    parsed = parse("ashby", {"jobs": [job | extras]}, BYTE)
    assert len(parsed.postings) == 1


@pytest.mark.parametrize(
    ("changes", "places", "work_model"),
    [
        ({"location": {"name": "Hybrid"}}, (), "hybrid"),
        (
            {
                "location": {"name": "Hybrid"},
                "offices": [{"name": "HQ", "location": "Pune, India"}],
            },
            ("Pune, India",),
            "hybrid",
        ),
        (
            {"location": {"name": "Remote"}, "offices": [{"name": "Goa", "location": None}]},
            ("Goa",),
            "remote",
        ),
        ({"location": None, "offices": None}, (), None),
        ({"location": {"name": "Oslo"}, "offices": [{"name": "Remote"}]}, ("Oslo",), None),
    ],
)
def test_greenhouse_offices_say_the_place_where_the_location_does_not(
    greenhouse_job: dict[str, Any],
    changes: dict[str, Any],
    places: tuple[str, ...],
    work_model: str | None,
) -> None:
    (posting,) = parse("greenhouse", {"jobs": [greenhouse_job | changes]}, ACME).postings
    assert (posting.places, posting.work_model) == (places, work_model)


def test_greenhouse_update_is_no_posting_date(greenhouse_job: dict[str, Any]) -> None:
    (posting,) = parse(
        "greenhouse", {"jobs": [greenhouse_job | {"first_published": None}]}, ACME
    ).postings
    assert (posting.posted_at, posting.date_kind) == (None, "none")


@pytest.mark.parametrize(
    ("meta", "reported"), [({"total": 37}, 37), ({"total": True}, None), ({}, None), (None, None)]
)
def test_greenhouse_total_is_what_the_board_reports(
    greenhouse_job: dict[str, Any], meta: object, reported: int
) -> None:
    assert (
        parse("greenhouse", {"jobs": [greenhouse_job], "meta": meta}, ACME).reported_count
        == reported
    )


def test_ashby_jobs_that_are_not_listed_are_neither_postings_nor_broken(
    ashby_job: dict[str, Any],
) -> None:
    parsed = parse("ashby", {"jobs": [ashby_job, {"isListed": False}]}, BYTE)
    assert (len(parsed.postings), parsed.dropped, parsed.reported_count) == (1, (), None)


@pytest.mark.parametrize(
    ("changes", "places", "work_model"),
    [
        (
            {"secondaryLocations": [], "address": {"postalAddress": {"addressCountry": "India"}}},
            ("India",),
            "hybrid",
        ),
        ({"workplaceType": None}, ("Pune", "Goa"), "remote"),
        (
            {"workplaceType": None, "isRemote": False, "location": "Oslo"},
            ("Oslo", "Pune", "Goa"),
            None,
        ),
        ({"workplaceType": "OnSite", "isRemote": None}, ("Pune", "Goa"), "on_site"),
    ],
)
def test_ashby_place_and_work_model(
    ashby_job: dict[str, Any],
    changes: dict[str, Any],
    places: tuple[str, ...],
    work_model: str | None,
) -> None:
    (posting,) = parse("ashby", {"jobs": [ashby_job | changes]}, BYTE).postings
    assert (posting.places, posting.work_model) == (places, work_model)


def test_ashby_pay_stays_hidden_where_the_company_hides_it(ashby_job: dict[str, Any]) -> None:
    hidden = ashby_job | {"shouldDisplayCompensationOnJobPostings": False}
    (posting,) = parse("ashby", {"jobs": [hidden]}, BYTE).postings
    assert posting.pay_text is None


def test_ashby_plain_description_serves_where_there_is_no_other(ashby_job: dict[str, Any]) -> None:
    plain = ashby_job | {"descriptionHtml": None, "descriptionPlain": "a < b\n\nc"}
    (posting,) = parse("ashby", {"jobs": [plain]}, BYTE).postings
    assert (posting.description_html, posting.description_text) == (
        "<p>a &lt; b</p><p>c</p>",
        "a < b\n\nc",
    )


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ContractViolation, match="The answer"):
        decode(body)


def test_json_that_postgres_could_not_hold_is_mended() -> None:
    assert decode(b'{"a": NaN, "b": "\\u0000x\\ud800", "c": 1e999}') == {
        "a": None,
        "b": "x?",
        "c": None,
    }


@pytest.mark.parametrize("platform", sorted(BOARDS))
def test_tokens_cannot_change_the_address(platform: str) -> None:
    url = PLATFORMS[platform].first_ask(Visit(Board(platform, "a/../b?c", "A"), NOW)).url
    assert url.startswith(f"https://{PLATFORMS[platform].hosts[0]}/")
    assert "a%2F..%2Fb%3Fc" in url


@pytest.mark.parametrize(
    ("platform", "address", "token"),
    [
        ("greenhouse", "https://boards.greenhouse.io/acme", "acme"),
        ("greenhouse", "https://job-boards.greenhouse.io/acme/jobs/41", "acme"),
        ("greenhouse", "https://boards.greenhouse.io/embed/job_board?for=acme", "acme"),
        ("greenhouse", "https://boards-api.greenhouse.io/v1/boards/acme/jobs", "acme"),
        ("greenhouse", "https://boards.greenhouse.io/", None),
        ("greenhouse", "https://greenhouse.io.evil.example/acme", None),
        ("ashby", "https://jobs.ashbyhq.com/DeepL/1", "DeepL"),
        ("ashby", "https://api.ashbyhq.com/posting-api/job-board/DeepL", "DeepL"),
        ("ashby", "https://jobs.ashbyhq.com", None),
        ("ashby", "https://example.com/DeepL", None),
    ],
)
def test_a_careers_page_tells_its_token(platform: str, address: str, token: str | None) -> None:
    assert PLATFORMS[platform].find_token(urlsplit(address)) == token


def test_payloads_stay_json(greenhouse_job: dict[str, Any]) -> None:
    (posting,) = parse("greenhouse", {"jobs": [greenhouse_job]}, ACME).postings
    assert json.loads(json.dumps(posting.payload)) == greenhouse_job
