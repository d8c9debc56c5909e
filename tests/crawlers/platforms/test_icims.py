"""iCIMS: recorded cards field by field, paging by what the page says, a job's own page."""

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from parsel import Selector

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.icims import PLATFORM
from internflow.listings.posting import Board

VISIT = Visit(Board("icims", "careers-acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
CARD = """<li class="iCIMS_JobCardItem"><div class="row">
<div class="col-xs-6 header left"><span class="sr-only field-label">Location</span>
<span>US-NJ-Edison | Remote</span></div>
<div class="col-xs-12 title"><a href="/jobs/12/ops-intern/job?in_iframe=1&amp;hashed=-3" class="iCIMS_Anchor">
<span class="sr-only field-label">Title</span><h3 class="x">Ops Intern &amp; Helper</h3></a></div>
<div class="col-xs-12 description">Own quotas.</div></div></li>"""


def page_of(body: str, number: int = 0) -> Page:
    url = f"https://careers-acme.icims.com/jobs/search?ss=1&in_iframe=1&pr={number}"
    return Page(Ask(url), f"<html><body>{body}</body></html>".encode())


def test_recorded_cards_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/icims.html").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    links = Selector(text=body.decode()).css("a.iCIMS_Anchor")
    assert len(parsed.postings) == len(links) == 2
    for posting, link in zip(parsed.postings, links, strict=True):
        number, title = link.attrib["title"].split(" - ", 1)
        assert (posting.external_id, posting.title) == (number, title)
        assert posting.url == link.attrib["href"].split("?")[0]
        assert posting.places == ("US",)
        assert posting.requisition_id == f"2026-{number}"


def test_links_may_be_relative_and_places_several() -> None:
    (posting,) = PLATFORM.parse_postings(page_of(CARD), VISIT).postings
    assert posting.url == "https://careers-acme.icims.com/jobs/12/ops-intern/job"
    assert posting.title == "Ops Intern & Helper"
    assert (posting.places, posting.work_model) == (("US-NJ-Edison",), "remote")
    assert posting.description_text == "Own quotas."


@pytest.mark.parametrize(
    ("body", "number", "next_number"),
    [
        (CARD + '<a href="/jobs/search?pr=1&amp;in_iframe=1">2</a>', 0, 1),
        (CARD + '<a href="/jobs/search?pr=0&amp;in_iframe=1">1</a>', 1, None),
        (CARD + '<h2 class="iCIMS_SubHeader">Search Results Page 2 of 12</h2>', 1, 2),
        (CARD + '<h2 class="iCIMS_SubHeader">Search Results Page 12 of 12</h2>', 11, None),
        (CARD + '<a href="https://[?pr=x">2</a>', 0, None),
        (CARD, 0, None),
        ('<div class="iCIMS_NoResults"></div><a href="?pr=9">9</a>', 0, None),
    ],
)
def test_a_page_leads_on_only_where_it_says_so(
    body: str, number: int, next_number: int | None
) -> None:
    assert PLATFORM.find_next is not None
    found = PLATFORM.find_next(page_of(body, number), VISIT)
    assert [ask.url.rpartition("pr=")[2] for ask in found] == (
        [str(next_number)] if next_number else []
    )


def test_a_portal_without_jobs_is_an_empty_board() -> None:
    parsed = PLATFORM.parse_postings(page_of('<div class="iCIMS_NoResults">No jobs</div>'), VISIT)
    assert (parsed.postings, parsed.dropped) == ((), ())


def test_a_jobs_own_page_is_asked_on_the_portals_host_and_completes_the_job() -> None:
    (posting,) = PLATFORM.parse_postings(page_of(CARD), VISIT).postings
    assert PLATFORM.detail is not None
    elsewhere = posting.payload | {"url": "https://evil.example/jobs/12/x/job"}
    ask = PLATFORM.detail.ask(elsewhere, VISIT)
    assert ask == Ask("https://careers-acme.icims.com/jobs/12/x/job?in_iframe=1")
    found = page_of(
        """<script nonce="a" type="application/ld+json">{"@type": "JobPosting", "title": "x",
        "datePosted": "2026-10-11T04:00:00.000Z", "validThrough": "2026-11-01", "employmentType": "INTERN",
        "description": "<p>Whole</p>", "jobLocation": [{"@type": "Place", "address": {"@type": "PostalAddress",
        "addressLocality": "Edison", "addressRegion": "NJ", "addressCountry": "US"}}]}</script>"""
    )
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, found), VISIT)
    assert whole.description_text == "Whole"
    assert whole.places == ("Edison, NJ, US",)
    assert (whole.employment_type, whole.apply_by) == ("INTERN", date(2026, 11, 1))
    assert whole.posted_at == datetime(2026, 10, 11, 4, tzinfo=UTC)
    assert whole.is_withdrawn


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://careers-acme.icims.com/jobs/search?ss=1", "careers-acme"),
        ("https://www.icims.com/", None),
        ("https://login.icims.com/u", None),
        ("https://acme.example/", None),
    ],
)
def test_the_token_is_the_portal(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
