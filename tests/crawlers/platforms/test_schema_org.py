"""Careers pages with JobPosting data: JSON-LD in every shape, microdata, lists of job pages, withdrawn jobs."""

import json
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms.schema_org import PLATFORM
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

START = "https://www.acme.example/careers"
VISIT = Visit(Board("schema_org", "acme", "Acme", (), START), datetime(2026, 11, 23, 6, tzinfo=UTC))
JOB = {"@type": "JobPosting", "title": "Intern", "url": "/jobs/1", "identifier": "A-1"}


def ld(*contents: object) -> str:
    scripts = (content if isinstance(content, str) else json.dumps(content) for content in contents)
    return "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)


def page_of(body: str, url: str = START) -> Page:
    return Page(Ask(url), f"<html><head></head><body>{body}</body></html>".encode())


def read(body: str, url: str = START) -> ParsedPage:
    return PLATFORM.parse_postings(page_of(body, url), VISIT)


def follow(body: str, url: str = START) -> list[str]:
    assert PLATFORM.find_next is not None
    return [ask.url for ask in PLATFORM.find_next(page_of(body, url), VISIT)]


def test_a_posting_is_whole() -> None:
    job = JOB | {
        "description": "<p>Go</p>",
        "datePosted": "2026-11-10",
        "validThrough": "2026-12-31",
        "employmentType": ["INTERN"],
        "hiringOrganization": {"name": "Acme Labs"},
        "jobLocation": {"address": {"addressLocality": "Pune", "addressCountry": "IN"}},
        "baseSalary": {"currency": "INR", "value": {"value": 20000, "unitText": "MONTH"}},
        "applicationContact": {"email": "a.person@acme.example"},
    }
    (posting,) = read(ld(job)).postings
    kept = {name: value for name, value in job.items() if name != "applicationContact"}
    assert posting == Posting(
        platform="schema_org",
        board="acme",
        external_id="A-1",
        url="https://www.acme.example/jobs/1",
        title="Intern",
        company="Acme Labs",
        places=("Pune, IN",),
        work_model=None,
        employment_type="INTERN",
        description_html="<p>Go</p>",
        description_text="Go",
        posted_at=datetime(2026, 11, 10, tzinfo=UTC),
        date_kind="exact",
        apply_by=date(2026, 12, 31),
        pay_text="INR 20000 per month",
        payload=kept | {"url": "https://www.acme.example/jobs/1", "page_url": START},
        requisition_id="A-1",
    )


@pytest.mark.parametrize(
    "content",
    [
        JOB,
        [{"@type": "Organization"}, JOB],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, JOB]},
        {"@type": "WebPage", "mainEntity": JOB},
        JOB | {"@type": ["JobPosting", "Thing"]},
        JOB | {"@type": "http://schema.org/JobPosting"},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": JOB}]},
    ],
)
def test_json_ld_may_be_an_object_a_list_a_graph_or_nested(content: object) -> None:
    assert [p.external_id for p in read(ld(content)).postings] == ["A-1"]


def test_a_broken_script_takes_no_other_with_it() -> None:
    parsed = read(ld("{broken", "", "[" * 3000, JOB))
    assert [p.title for p in parsed.postings] == ["Intern"]


def test_microdata_is_read() -> None:
    (posting,) = read(
        """<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Lab Intern</h1>
        <a itemprop="url" href="/jobs/9">x</a><meta itemprop="datePosted" content="2026-11-01">
        <div itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><div itemprop="address" itemscope
        itemtype="https://schema.org/PostalAddress"><span itemprop="addressLocality">Goa</span></div></div>
        <p itemprop="description">Pipettes</p></div>"""
    ).postings
    assert (posting.title, posting.places) == ("Lab Intern", ("Goa",))
    assert posting.url == "https://www.acme.example/jobs/9"
    assert posting.description_text == "Pipettes"


def test_a_posting_past_its_last_day_is_withdrawn() -> None:
    (posting,) = read(ld(JOB | {"validThrough": "2026-11-01"})).postings
    assert posting.is_withdrawn


def test_a_posting_without_an_address_is_at_its_page_and_one_without_id_is_made_one() -> None:
    bare = {"@type": "JobPosting", "title": "Intern", "description": "x"}
    (posting,) = read(ld(bare), "https://www.acme.example/jobs/2").postings
    assert posting.url == "https://www.acme.example/jobs/2"
    assert posting.requisition_id is None
    assert posting.external_id == read(ld(bare), posting.url).postings[0].external_id
    others = [bare | {"jobLocation": place} for place in ("Goa", "Pune")]
    assert len(read(ld(*others)).postings) == 2


def test_a_posting_without_a_title_is_a_counted_drop() -> None:
    parsed = read(ld({"@type": "JobPosting", "description": "x"}, JOB))
    assert (len(parsed.postings), len(parsed.dropped)) == (1, 1)


def test_a_careers_page_without_any_data_is_refused_but_a_gone_job_page_is_not() -> None:
    with pytest.raises(ContractViolation, match="JobPosting"):
        read("<p>We hire</p>")
    assert read("<p>Gone</p>", "https://www.acme.example/jobs/2").postings == ()
    assert read(ld({"@type": "ItemList", "itemListElement": []})).postings == ()


@pytest.mark.parametrize(
    "elements",
    [
        [{"@type": "ListItem", "position": 1, "url": "/jobs/1"}],
        [{"@type": "ListItem", "item": "https://www.acme.example/jobs/1#apply"}],
        [{"@type": "ListItem", "item": {"@type": "JobPosting", "url": "https://www.acme.example/jobs/1"}}],
        ["https://www.acme.example/jobs/1", "https://www.acme.example/jobs/1"],
        {"@type": "JobPosting", "@id": "https://www.acme.example/jobs/1"},
    ],
)  # fmt: skip
def test_a_list_of_job_pages_is_followed(elements: object) -> None:
    assert follow(ld({"@type": "ItemList", "itemListElement": elements})) == [
        "https://www.acme.example/jobs/1"
    ]


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("ItemList", {"@type": "ListItem", "url": "https://evil.example/jobs/1"}),
        ("ItemList", {"@type": "ListItem", "url": "http://www.acme.example/jobs/1"}),
        ("ItemList", {"@type": "ListItem", "item": {"@type": "Product", "url": "/shop/1"}}),
        ("ItemList", {"@type": "ListItem", "url": "https://["}),
        ("ItemList", {"@type": "ListItem", "url": START}),
        ("ItemList", 7),
        ("BreadcrumbList", {"@type": "ListItem", "url": "/jobs/1"}),
    ],
)
def test_other_hosts_other_things_and_other_lists_are_not_followed(
    kind: str, element: object
) -> None:
    assert follow(ld({"@type": kind, "itemListElement": [element]})) == []


def test_links_and_job_pages_lead_nowhere() -> None:
    assert follow('<a href="/jobs/1">Intern</a>' + ld(JOB)) == []
    listed = ld({"@type": "ItemList", "itemListElement": ["/jobs/3"]})
    assert follow(listed, "https://www.acme.example/jobs/2") == []


@pytest.mark.parametrize(
    "element", ["div", 'div itemscope itemtype="https://schema.org/JobPosting"']
)
def test_a_page_that_is_nested_without_end_is_refused(element: str) -> None:
    with pytest.raises(ContractViolation, match="nested more than"):
        read(f"<{element}>" * 5000 + "x")
    assert len(read(ld(JOB) + "<div>" * 150).postings) == 1


def test_no_address_tells_its_token() -> None:
    assert PLATFORM.find_token(urlsplit(START)) is None


def test_a_board_without_an_address_is_refused() -> None:
    with pytest.raises(ContractViolation):
        PLATFORM.first_ask(Visit(Board("schema_org", "acme", "Acme"), VISIT.now))
