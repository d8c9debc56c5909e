"""Laws of every platform of companies' own boards: replay, counted drops, wrong shapes, hostile values."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.parsing import parse_each
from crawlers.platform import Ask, Page, ParsedPage, Platform, Visit
from crawlers.platforms import (
    bamboohr,
    lever,
    personio,
    recruitee,
    smartrecruiters,
    teamtailor,
    workable,
    workday,
)
from crawlers.replay_server import SAMPLES
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
MODULES = (
    bamboohr, lever, personio, recruitee, smartrecruiters, teamtailor, workable, workday,
)  # fmt: skip
PLATFORMS = {module.PLATFORM.name: module.PLATFORM for module in MODULES}
every_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
LISTS = {
    "bamboohr": "result",
    "recruitee": "offers",
    "smartrecruiters": "content",
    "teamtailor": "items",
    "workable": "jobs",
    "workday": "jobPostings",
}
REQUIRED = {
    "bamboohr": ("id", "jobOpeningName"),
    "lever": ("id", "text", "hostedUrl"),
    "personio": ("id", "name"),
    "recruitee": ("id", "careers_url"),
    "smartrecruiters": ("id", "name"),
    "teamtailor": ("id", "title", "url"),
    "workable": ("shortcode", "title"),
    "workday": ("title", "externalPath"),
}
DETAILS: dict[str, dict[str, Any]] = {
    "bamboohr": {
        "result": {
            "jobOpening": {
                "description": "<p>ROS on a salt marsh</p>",
                "datePosted": "2026-11-20",
                "compensation": "$25 - $30 per hour",
                "jobOpeningStatus": "Open",
                "location": {"city": "Boston", "addressCountry": "United States"},
            },
            "formFields": {"firstName": {}},
        }
    },
    "smartrecruiters": {
        "id": "744000100000101",
        "active": True,
        "creator": {"name": "A. Recruiter"},
        "compensation": {"min": 30000, "max": 40000, "currency": "INR", "period": "MONTHLY"},
        "jobAd": {"sections": {"jobDescription": {"title": "Your job", "text": "<p>dbt</p>"}}},
    },
    "workday": {
        "jobPostingInfo": {
            "jobDescription": "<p>Terraform</p>",
            "location": "Pune, India",
            "additionalLocations": ["Chennai, India", {"descriptor": "Goa, India"}],
            "startDate": "2026-11-20",
            "endDate": "2026-12-20",
            "timeType": "Full time",
            "remoteType": "Hybrid",
            "jobReqId": "QF10231",
            "country": {"descriptor": "India"},
        }
    },
}
JUNK: list[object] = [
    None, True, 0, -1, 7, 1.5, 1e308, 10**30, "", " ", "x", "0", "\x00", "\u202e", "&#0;", "<b", "\ud800",
    "x" * 50_000, "9999-12-31T23:59:59+14:00", "0001-01-01", "https://[", [], [None], ["x"], [[]], [{}], {},
    {"name": 1}, {"x": []},
]  # fmt: skip


def sample_of(platform: Platform) -> tuple[Visit, bytes]:
    path = min((SAMPLES / platform.name).iterdir())
    return Visit(Board(platform.name, path.stem, "Acme"), NOW), path.read_bytes()


def read(platform: Platform, visit: Visit, body: bytes) -> ParsedPage:
    return platform.parse_postings(Page(platform.first_ask(visit), body), visit)


def read_jobs(platform: Platform, jobs: list[Any]) -> ParsedPage:
    """Jobs as a page of the platform would have them; the jobs of an XML feed come without one."""
    visit, _ = sample_of(platform)
    if platform.name == "personio":
        return ParsedPage(*parse_each(jobs, visit, platform.parse_posting))
    content = {LISTS[platform.name]: jobs} if platform.name in LISTS else jobs
    return read(platform, visit, json.dumps(content).encode())


def complete(platform: Platform, posting: Posting, visit: Visit) -> Posting:
    """The posting with its page, where the platform has pages of single jobs."""
    if platform.detail is None:
        return posting
    ask = platform.detail.ask(posting.payload, visit)
    assert ask is not None
    page = Page(ask, json.dumps(DETAILS[platform.name]).encode())
    return platform.parse_posting(platform.detail.merge(posting.payload, page), visit)


@every_platform
def test_a_sample_board_is_read_whole_and_shows_an_internship(platform: Platform) -> None:
    visit, body = sample_of(platform)
    parsed = read(platform, visit, body)
    assert parsed.dropped == ()
    assert len(parsed.postings) >= 2
    assert any("intern" in f"{p.title} {p.employment_type}".lower() for p in parsed.postings) or (
        "Working Student" in parsed.postings[0].title
    )
    assert all(
        p.url.startswith("https://") and p.board == visit.board.token for p in parsed.postings
    )


@every_platform
def test_a_payload_parses_to_its_posting_again(platform: Platform) -> None:
    visit, body = sample_of(platform)
    for posting in read(platform, visit, body).postings:
        for whole in (posting, complete(platform, posting, visit)):
            stored = json.loads(json.dumps(whole.payload))
            assert platform.parse_posting(stored, visit) == whole


def recorded_pages(folder: Path) -> Iterator[tuple[Platform, bytes]]:
    for name, platform in PLATFORMS.items():
        for path in sorted(folder.glob(f"*/*{name}*.*")):
            content = path.read_bytes()
            decoded = json.loads(content) if path.suffix == ".json" else None
            inner = decoded if isinstance(decoded, dict) else {}
            boards = inner.get("sites") or inner.get("subdomains")
            for board in boards.values() if boards else [None]:
                yield platform, json.dumps(board).encode() if board else content


def test_recorded_payloads_parse_to_their_postings_again(shared_data: Path) -> None:
    seen = set()
    for platform, body in recorded_pages(shared_data / "listings"):
        visit = Visit(Board(platform.name, "acme.wd5.Careers", "Acme"), NOW)
        parsed = read(platform, visit, body)
        assert parsed.dropped == ()
        for posting in parsed.postings:
            seen.add(platform.name)
            stored = json.loads(json.dumps(posting.payload))
            assert platform.parse_posting(stored, visit) == posting
    assert seen == set(PLATFORMS)


@every_platform
def test_a_job_without_a_required_field_is_dropped_and_stops_no_other(platform: Platform) -> None:
    visit, body = sample_of(platform)
    good, other = (posting.payload for posting in read(platform, visit, body).postings[:2])
    for field in REQUIRED[platform.name]:
        for broken in ({**good, field: None}, {n: v for n, v in good.items() if n != field}):
            parsed = read_jobs(platform, [broken, other, 7])
            assert len(parsed.postings) == 1
            assert len(parsed.dropped) == 2
            assert {drop.board for drop in parsed.dropped} == {visit.board.token}


@every_platform
@pytest.mark.parametrize(
    "body",
    [b"", b"[1", b"null", b"7", b'"jobs"', b"{}", b'{"ok": false}', b"<html></html>", b"\xff\xfe\x00", b"[" * 50_000],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_board(platform: Platform, body: bytes) -> None:
    visit, _ = sample_of(platform)
    with pytest.raises(ContractViolation):
        read(platform, visit, body)


@every_platform
def test_a_list_where_none_may_be_is_no_board(platform: Platform) -> None:
    visit, _ = sample_of(platform)
    wrong: dict[str, Any] = {LISTS.get(platform.name, "jobs"): {"0": {}}}
    with pytest.raises(ContractViolation):
        read(platform, visit, json.dumps(wrong).encode())


@every_platform
def test_unknown_fields_change_nothing_but_the_payload(platform: Platform) -> None:
    visit, body = sample_of(platform)
    for posting in read(platform, visit, body).postings:
        again = platform.parse_posting(posting.payload | {"never seen": {"x": [1]}}, visit)
        assert again.content_hash == posting.content_hash


@every_platform
@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b'{"result": 3}', b"<html>"])
def test_a_page_of_a_job_in_another_shape_is_refused(platform: Platform, body: bytes) -> None:
    if platform.detail is None:
        return
    with pytest.raises(ContractViolation):
        platform.detail.merge({"id": "1"}, Page(Ask("https://x.example"), body))


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        yield (*path, key)
        yield from list_paths(item, (*path, key))


def put(job: dict[str, Any], path: tuple[Any, ...], junk: object) -> None:
    target: Any = job
    for step in path[:-1]:
        if not isinstance(target, dict | list):
            return
        target = target[step] if not isinstance(target, dict) or step in target else None
    if isinstance(target, dict) or (isinstance(target, list) and len(target) > path[-1]):
        target[path[-1]] = junk


@every_platform
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_hostile_values_are_read_or_refused(platform: Platform, data: st.DataObject) -> None:
    visit, body = sample_of(platform)
    posting = complete(platform, read(platform, visit, body).postings[0], visit)
    job = deepcopy(posting.payload)
    paths = list(list_paths(job))
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=4)):
        try:
            put(job, path, deepcopy(data.draw(st.sampled_from(JUNK))))
        except (TypeError, IndexError, KeyError):
            continue  # an earlier junk stands in the way
    parsed = read_jobs(platform, [job])
    assert len(parsed.postings) + len(parsed.dropped) == 1
    for shown in parsed.postings:
        assert "\x00" not in json.dumps(shown.payload)
        assert shown.title
        assert shown.url.startswith("http")


@every_platform
def test_a_job_of_nulls_is_dropped(platform: Platform) -> None:
    visit, body = sample_of(platform)
    job = dict.fromkeys(read(platform, visit, body).postings[0].payload)
    assert len(read_jobs(platform, [job]).dropped) == 1
