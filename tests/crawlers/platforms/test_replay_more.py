"""Laws of the career-site platforms, over recorded answers and samples: replay, counted drops, hostile answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.parsing import parse_each
from crawlers.platform import Page, Platform, Visit
from crawlers.platforms import (
    breezy,
    eightfold,
    hrmdirect,
    icims,
    jobvite,
    neogov,
    oracle,
    paylocity,
    phenom,
    pinpoint,
    rippling,
    schema_org,
)
from crawlers.replay_server import SAMPLES
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
MODULES = (
    breezy, eightfold, hrmdirect, icims, jobvite, neogov, oracle, paylocity, phenom, pinpoint, rippling, schema_org,
)  # fmt: skip
PLATFORMS = {module.PLATFORM.name: module.PLATFORM for module in MODULES}
every_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
URLS = {
    "phenom": "https://careers.fernhollow.example/global/en",
    "schema_org": "https://www.hollowmere.example/careers",
}
RECORDED = {
    "eightfold.json": ("eightfold", "albemarle.albemarle.com"),
    "hrmdirect.html": ("hrmdirect", "acme"),
    "icims.html": ("icims", "careers-wipfli"),
    "jobvite.html": ("jobvite", "feedingamerica"),
    "neogov.xml": ("neogov", "exampleagency"),
    "oracle_orc.json": ("oracle", "ejov.fa.ca2.CX"),
    "paylocity.html": ("paylocity", "211e692d-c45a-4e3a-ae01-3e497af97929"),
    "phenom.html": ("phenom", "careers.phenom.com"),
    "pinpoint.json": ("pinpoint", "acme"),
    "rippling.json": ("rippling", "acme"),
}
REQUIRED = {
    "breezy": ("id", "name", "url"),
    "eightfold": ("id", "name"),
    "hrmdirect": ("id", "title", "url"),
    "icims": ("id", "title", "url"),
    "jobvite": ("id", "title", "url"),
    "neogov": ("title", "link"),
    "oracle": ("Id", "Title"),
    "paylocity": ("JobId", "JobTitle"),
    "phenom": ("title",),
    "pinpoint": ("id", "title"),
    "rippling": ("uuid", "name", "url"),
    "schema_org": ("title",),
}
DETAIL_PAGE = b"""<html><head><script type="application/ld+json">{"@type": "JobPosting", "title": "T",
"description": "<p>Terraform</p>", "datePosted": "2026-11-20", "validThrough": "2026-11-22",
"employmentType": "INTERN", "jobLocation": {"address": {"addressLocality": "Pune"}}}</script></head>
<body><div class="jobDesc iCIMS_JobContent jv-job-detail-description job-preview-details">Go</div></body></html>"""
DETAIL_JSON = {
    "eightfold": {"job_description": "<p>Terraform</p>", "recruiter": "A. Person"},
    "oracle": {"items": [{"Id": "1", "ExternalDescriptionStr": "<p>Terraform</p>"}]},
    "rippling": {"description": {"role": "<p>Terraform</p>"}, "hiringManager": "A. Person"},
}
JUNK = st.sampled_from(
    [
        None, True, 0, -1, 7, 1.5, 1e308, 10**30, 10**400, "", " ", "x", "0", "\x00", "\u202e", "&#0;", "<b",
        "x" * 50_000, "9999-12-31T23:59:59+14:00", "0001-01-01", "31 Feb 2026", "https://[", "//x", "Fri, 99 Abc 0000",
        [], [None], ["x"], [[]], [{}], {}, {"name": 1}, {"address": {"addressCountry": [1]}}, {"value": {"value": []}},
    ]
)  # fmt: skip
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def visit_of(platform: Platform, token: str) -> Visit:
    return Visit(Board(platform.name, token, "Acme", (), URLS.get(platform.name)), NOW)


def sample_of(platform: Platform) -> tuple[Visit, Page]:
    (path,) = (SAMPLES / platform.name).iterdir()
    visit = visit_of(platform, path.stem)
    return visit, Page(platform.first_ask(visit), path.read_bytes())


def complete(platform: Platform, posting: Posting, visit: Visit) -> Posting:
    """The posting with its own page, where the platform has pages of single jobs."""
    if platform.detail is None:
        return posting
    ask = platform.detail.ask(posting.payload, visit)
    assert ask is not None
    assert ask.url.startswith("https://")
    found = DETAIL_JSON.get(platform.name)
    body = json.dumps(found).encode() if found else DETAIL_PAGE
    return platform.parse_posting(platform.detail.merge(posting.payload, Page(ask, body)), visit)


def recorded_pages(folder: Path) -> Iterator[tuple[Platform, Visit, Page]]:
    for name, (platform_name, token) in RECORDED.items():
        platform = PLATFORMS[platform_name]
        visit = visit_of(platform, token)
        yield platform, visit, Page(platform.first_ask(visit), (folder / name).read_bytes())


@every_platform
def test_a_sample_board_is_read_whole_in_one_page_and_shows_an_internship(
    platform: Platform,
) -> None:
    visit, page = sample_of(platform)
    parsed = platform.parse_postings(page, visit)
    assert parsed.dropped == ()
    assert len(parsed.postings) >= 2
    assert parsed.reported_count in (None, len(parsed.postings))
    assert any("intern" in posting.title.lower() for posting in parsed.postings)
    assert platform.find_next is None or platform.find_next(page, visit) == ()


@every_platform
def test_a_sample_payload_parses_to_its_posting_again_with_and_without_its_own_page(
    platform: Platform,
) -> None:
    visit, page = sample_of(platform)
    for posting in platform.parse_postings(page, visit).postings:
        for whole in (posting, complete(platform, posting, visit)):
            stored = json.loads(json.dumps(whole.payload))
            assert platform.parse_posting(stored, visit) == whole


def test_recorded_payloads_parse_to_their_postings_again(shared_data: Path) -> None:
    count = 0
    for platform, visit, page in recorded_pages(shared_data / "listings" / "recorded"):
        parsed = platform.parse_postings(page, visit)
        assert parsed.dropped == ()
        for posting in parsed.postings:
            assert platform.parse_posting(json.loads(json.dumps(posting.payload)), visit) == posting
            count += 1
    assert count == 19


@pytest.mark.parametrize("name", [name for name, p in PLATFORMS.items() if p.detail])
def test_a_jobs_own_page_gives_the_description_and_brings_no_people(name: str) -> None:
    platform = PLATFORMS[name]
    visit, page = sample_of(platform)
    posting = platform.parse_postings(page, visit).postings[0]
    whole = complete(platform, posting, visit)
    assert whole.description_text in ("Terraform", "Go")
    assert (whole.external_id, whole.title, whole.url) == (
        posting.external_id,
        posting.title,
        posting.url,
    )
    assert "A. Person" not in json.dumps(whole.payload)


@every_platform
def test_a_job_without_a_required_field_is_dropped_and_counted_and_stops_no_other(
    platform: Platform,
) -> None:
    visit, page = sample_of(platform)
    job, *_ = (posting.payload for posting in platform.parse_postings(page, visit).postings)
    for field in REQUIRED[platform.name]:
        broken = {k: v for k, v in job.items() if k not in (field, "guid", "posting_name")}
        postings, dropped = parse_each([broken, job, "odd"], visit, platform.parse_posting)
        assert [d.payload for d in dropped] == [broken, "odd"], field
        assert len(postings) == 1


@every_platform
def test_fields_never_seen_before_do_not_matter(platform: Platform) -> None:
    visit, page = sample_of(platform)
    for posting in platform.parse_postings(page, visit).postings:
        known = platform.parse_posting({**posting.payload, "never seen": [{"x": None}, "y"]}, visit)
        assert known.content_hash == posting.content_hash


@every_platform
@pytest.mark.parametrize(
    "body", [b"", b"x", b"{}", b"[1]", b"null", b'{"data": 1}', b"<html><p>Login</p></html>"]
)
def test_another_answer_than_a_boards_is_a_contract_violation(
    platform: Platform, body: bytes
) -> None:
    if platform.name in ("breezy", "rippling") and body == b"[1]":
        pytest.skip("a bare list is the right shape here: its odd job is a counted drop")
    visit, page = sample_of(platform)
    with pytest.raises(ContractViolation):
        platform.parse_postings(Page(page.ask, body), visit)


@every_platform
@QUICK
@given(data=st.data())
def test_hostile_fields_raise_nothing_but_contract_violation(
    platform: Platform, data: st.DataObject
) -> None:
    visit, page = sample_of(platform)
    job: dict[str, Any] = dict(platform.parse_postings(page, visit).postings[0].payload)
    names = st.sampled_from([*sorted(job), "detail", "baseSalary", "validThrough"])
    changes = data.draw(st.dictionaries(names, JUNK, min_size=1))
    postings, dropped = parse_each([job | changes], visit, platform.parse_posting)
    assert len(postings) + len(dropped) == 1
    if platform.detail:
        try:
            platform.detail.ask(job | changes, visit)
        except ContractViolation as error:
            assert error.fix


@every_platform
@QUICK
@given(cut=st.integers(0, 4000), noise=st.binary(max_size=30))
def test_a_damaged_page_raises_nothing_but_contract_violation(
    platform: Platform, cut: int, noise: bytes
) -> None:
    visit, page = sample_of(platform)
    damaged = Page(page.ask, page.body[:cut] + noise + page.body[cut + 40 :])
    for read in (platform.parse_postings, platform.find_next):
        try:
            assert read is None or read(damaged, visit) is not None
        except ContractViolation as error:
            assert error.fix
    if platform.detail:
        try:
            assert "detail" in platform.detail.merge({}, damaged)
        except ContractViolation as error:
            assert error.fix


@every_platform
def test_every_request_of_a_board_goes_to_its_own_hosts(platform: Platform) -> None:
    visit, page = sample_of(platform)
    asks = [platform.first_ask(visit)]
    if platform.detail:
        jobs = platform.parse_postings(page, visit).postings
        asks += [ask for job in jobs if (ask := platform.detail.ask(job.payload, visit))]
    for ask in asks:
        host = ask.url.split("/")[2]
        own = platform.hosts or (URLS[platform.name].split("/")[2],)
        assert host in own or f"*.{host.partition('.')[2]}" in own
