"""HRMDirect: recorded rows field by field, rows of one job made one, a job's own page."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from parsel import Selector

from crawlers.platform import Page, Visit
from crawlers.platforms.hrmdirect import PLATFORM
from internflow.listings.posting import Board

VISIT = Visit(Board("hrmdirect", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
ROW = """<tr class="reqitem ReqRowClick" data-req-id="7"><td class="departments reqitem">IT</td>
<td class="posTitle reqitem"><a href="job-opening.php?req=7&amp;req_loc={loc}&amp;#job">Intern</td>
<td class="cities reqitem">{city}</td><td class="state reqitem">MI</td></tr>"""


def page_of(body: str) -> Page:
    return Page(PLATFORM.first_ask(VISIT), f"<html><body>{body}</body></html>".encode())


def test_recorded_rows_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/hrmdirect.html").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    rows = Selector(text=body.decode()).xpath("//tr")
    assert len(parsed.postings) == len(rows) == 2
    for posting, row in zip(parsed.postings, rows, strict=True):
        cells = [text.strip() for text in row.xpath("td//text()").getall() if text.strip()]
        assert posting.external_id == row.attrib["data-req-id"]
        assert [posting.department, posting.title] == cells[:2]
        assert posting.posted_at == datetime.strptime(cells[2], "%m/%d/%Y").replace(tzinfo=UTC)
        assert posting.url == urljoin(
            "https://acme.hrmdirect.com/employment/", row.css("a").attrib["href"]
        )


def test_rows_of_one_job_in_several_places_are_one_posting() -> None:
    rows = ROW.format(loc=1, city="Plymouth") + ROW.format(loc=2, city="Detroit")
    parsed = PLATFORM.parse_postings(page_of(f"<table>{rows}</table>"), VISIT)
    (posting,) = parsed.postings
    assert posting.places == ("Plymouth, MI", "Detroit, MI")
    assert (posting.posted_at, posting.date_kind, parsed.dropped) == (None, "none", ())


@pytest.mark.parametrize("junk", ["{", "{}", "\x01", "&#1;='&#1;'", "a:b", "xmlns:x=''"])
def test_attributes_that_none_can_have_do_not_matter(junk: str) -> None:
    row = (
        ROW.format(loc=1, city="Flint")
        .replace("<tr ", f"<tr {junk} ")
        .replace(">Intern", ">In\x01tern")
    )
    assert PLATFORM.parse_postings(page_of(f"<table>{row}</table>"), VISIT).dropped == ()


def test_a_board_without_jobs_is_empty() -> None:
    parsed = PLATFORM.parse_postings(page_of('<table class="reqResultTable"></table>'), VISIT)
    assert (parsed.postings, parsed.dropped) == ((), ())


def test_a_jobs_own_page_gives_place_and_description() -> None:
    row = ROW.format(loc=1, city="").replace("MI", "")
    (posting,) = PLATFORM.parse_postings(page_of(f"<table>{row}</table>"), VISIT).postings
    assert PLATFORM.detail is not None
    ask = PLATFORM.detail.ask(posting.payload, VISIT)
    assert ask is not None
    assert ask.url == "https://acme.hrmdirect.com/employment/job-opening.php?req=7"
    found = page_of(
        '<table class="viewFields"><tr><td><b>Location:</b></td><td class="viewFieldValue">Flint, MI</td></tr></table>'
        '<div class="jobDesc"><p>Whole</p></div>'
    )
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, found), VISIT)
    assert (whole.places, whole.description_text) == (("Flint, MI",), "Whole")


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.hrmdirect.com/employment/job-openings.php", "acme"),
        ("https://www.hrmdirect.com/", None),
        ("https://acme.example/", None),
    ],
)
def test_the_token_is_the_subdomain(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
