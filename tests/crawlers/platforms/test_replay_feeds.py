"""Laws of every feed and search: replay, counted drops, wrong shapes, unknown fields, hostile values, end of paging."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.hosts import is_one_of
from crawlers.parsing import parse_each
from crawlers.platform import Ask, Page, ParsedPage, Platform, Visit
from crawlers.platforms import (
    adzuna,
    arbeitnow,
    hacker_news,
    himalayas,
    internshala,
    jobicy,
    remoteok,
    remotive,
    rss,
    simplify,
    the_muse,
    unstop,
    usajobs,
)
from crawlers.replay_server import SAMPLES
from internflow.errors import ContractViolation
from internflow.listings.boards import read_boards
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
MODULES = (
    adzuna, arbeitnow, hacker_news, himalayas, internshala, jobicy, remoteok, remotive, rss, simplify, the_muse,
    unstop, usajobs,
)  # fmt: skip
PLATFORMS = {module.PLATFORM.name: module.PLATFORM for module in MODULES}
every_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
# Where the jobs of an answer are; nothing where the answer is the list.
LISTS: dict[str, tuple[str, ...]] = {
    "adzuna": ("results",),
    "arbeitnow": ("data",),
    "hacker_news": ("children",),
    "himalayas": ("jobs",),
    "jobicy": ("jobs",),
    "remoteok": (),
    "remotive": ("jobs",),
    "simplify": (),
    "the_muse": ("results",),
    "unstop": ("data", "data"),
    "usajobs": ("SearchResult", "SearchResultItems"),
}
REQUIRED = {
    "adzuna": ("id", "title", "redirect_url"),
    "arbeitnow": ("slug", "title", "url"),
    "hacker_news": ("id",),
    "himalayas": ("guid", "title"),
    "internshala": ("id", "title", "link"),
    "jobicy": ("id", "jobTitle", "url"),
    "remoteok": ("id", "position", "url"),
    "remotive": ("id", "title", "url"),
    "rss": ("title", "link"),
    "simplify": ("id", "title", "url"),
    "the_muse": ("id", "name", "refs"),
    "unstop": ("id", "title"),
    "usajobs": ("MatchedObjectId", "MatchedObjectDescriptor"),
}
JUNK: list[object] = [
    None, True, 0, -1, 7, 1.5, 1e308, 10**30, 10**400, "", " ", "x", "0", "\x00", "\u202e", "&#0;", "<b", "\ud800", "|",
    "x | y", "x" * 50_000, "9999-12-31T23:59:59+14:00", "0001-01-01", "https://[", "//[", [], [None], ["x"], [[]],
    [{}], {}, {"name": 1}, {"x": []},
]  # fmt: skip


def sample_of(platform: Platform) -> tuple[Visit, bytes]:
    (board,) = read_boards(platform.name, SAMPLES / "boards")
    (path,) = (SAMPLES / platform.name).glob(f"{board.token}.*")
    return Visit(board, NOW), path.read_bytes()


def read(platform: Platform, visit: Visit, body: bytes) -> ParsedPage:
    return platform.parse_postings(Page(platform.first_ask(visit), body), visit)


def write_page(platform: Platform, jobs: object) -> bytes:
    content = jobs
    for step in reversed(LISTS[platform.name]):
        content = {step: content}
    return json.dumps(content).encode()


def read_jobs(platform: Platform, jobs: list[Any]) -> ParsedPage:
    """Jobs as an answer of the platform would have them; those of HTML and XML come without one."""
    visit, _ = sample_of(platform)
    if platform.name in LISTS:
        return read(platform, visit, write_page(platform, jobs))
    return ParsedPage(*parse_each(jobs, visit, platform.parse_posting))


@every_platform
def test_a_sample_board_is_read_whole_and_shows_an_internship(platform: Platform) -> None:
    visit, body = sample_of(platform)
    parsed = read(platform, visit, body)
    assert parsed.dropped == ()
    assert parsed.shortfall is None
    assert parsed.reported_count in (None, len(parsed.postings))
    assert len(parsed.postings) >= 2
    assert any("intern" in f"{p.title} {p.employment_type}".lower() for p in parsed.postings)
    for posting in parsed.postings:
        assert posting.url.startswith("https://")
        assert (posting.platform, posting.board) == (platform.name, visit.board.token)
        assert posting.description_text or platform is simplify.PLATFORM


@every_platform
def test_a_sample_board_ends_with_its_only_page(platform: Platform) -> None:
    visit, body = sample_of(platform)
    following = platform.find_next or (lambda _page, _visit: ())
    assert following(Page(platform.first_ask(visit), body), visit) == ()


@every_platform
def test_every_request_goes_to_the_platforms_own_host(platform: Platform) -> None:
    visit, _ = sample_of(platform)
    ask = platform.first_ask(visit)
    host = urlsplit(ask.url).hostname or ""
    own = platform.hosts or (urlsplit(visit.board.url or "").hostname or "",)
    assert ask.url.startswith("https://")
    assert is_one_of(host, own)


@every_platform
def test_a_payload_parses_to_its_posting_again(platform: Platform) -> None:
    visit, body = sample_of(platform)
    for posting in read(platform, visit, body).postings:
        stored = json.loads(json.dumps(posting.payload))
        assert platform.parse_posting(stored, visit) == posting


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("arbeitnow", "feeds/hunt_arbeitnow.json"),
        ("hacker_news", "feeds/hunt_hackernews.json"),
        ("remoteok", "feeds/hunt_remoteok.json"),
        ("remotive", "feeds/hunt_remotive.json"),
        ("remotive", "shapes/remotive.json"),
        ("simplify", "lists/newgrad_2024-10-25.json"),
    ],
)
def test_real_payloads_parse_to_their_postings_again(
    name: str, file: str, shared_data: Path
) -> None:
    platform, visit = PLATFORMS[name], Visit(Board(name, "all", "Acme"), NOW)
    body = (shared_data / "listings" / file).read_bytes()
    parsed = platform.parse_postings(Page(Ask("https://x.example"), body), visit)
    assert parsed.postings
    assert parsed.dropped == ()
    for posting in parsed.postings:
        stored = json.loads(json.dumps(posting.payload))
        assert platform.parse_posting(stored, visit) == posting


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
            assert all(drop.reason for drop in parsed.dropped)


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
    body = write_page(platform, {"0": {}}) if platform.name in LISTS else b"<p>no list</p>"
    with pytest.raises(ContractViolation):
        read(platform, visit, body)


@every_platform
def test_unknown_fields_change_nothing_but_the_payload(platform: Platform) -> None:
    visit, body = sample_of(platform)
    for posting in read(platform, visit, body).postings:
        again = platform.parse_posting(posting.payload | {"never seen": {"x": [1]}}, visit)
        assert again.content_hash == posting.content_hash


def list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else items:
        yield (*path, key)
        yield from list_paths(item, (*path, key))


def put(job: dict[str, Any], path: tuple[Any, ...], junk: object) -> None:
    """Put junk at the path, unless earlier junk stands in the way."""
    target: Any = job
    with suppress(TypeError, LookupError):
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = junk


@every_platform
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_hostile_values_are_read_or_refused(platform: Platform, data: st.DataObject) -> None:
    visit, body = sample_of(platform)
    job = deepcopy(read(platform, visit, body).postings[0].payload)
    paths = list(list_paths(job))
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=4)):
        put(job, path, deepcopy(data.draw(st.sampled_from(JUNK))))
    parsed = read_jobs(platform, [job])
    is_deleted = platform is hacker_news.PLATFORM and job["text"] is None
    assert len(parsed.postings) + len(parsed.dropped) == (0 if is_deleted else 1)
    for shown in parsed.postings:
        assert shown.title
        assert shown.company
        assert shown.url.startswith("http")


@every_platform
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_hostile_answer_is_read_or_refused_as_a_whole(
    platform: Platform, data: st.DataObject
) -> None:
    visit, body = sample_of(platform)
    if platform.name in LISTS:
        content = {"answer": json.loads(body)}
        path = data.draw(st.sampled_from([p for p in list_paths(content) if len(p) < 5]))
        put(content, path, deepcopy(data.draw(st.sampled_from(JUNK))))
        hostile = json.dumps(content["answer"]).encode()
    else:
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.integers(0, 60))
        hostile = body[:start] + data.draw(st.binary(max_size=20)) + body[end:]
    page = Page(platform.first_ask(visit), hostile)
    try:
        read(platform, visit, hostile)
        asks = platform.find_next(page, visit) if platform.find_next else ()
    except ContractViolation:
        return
    assert all(is_one_of(urlsplit(ask.url).hostname or "", platform.hosts) for ask in asks)
