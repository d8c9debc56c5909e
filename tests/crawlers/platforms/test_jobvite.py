"""Jobvite: recorded rows field by field, both layouts, paging by "1-50 of 120", links made absolute."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from parsel import Selector

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.jobvite import PLATFORM
from internflow.listings.posting import Board

VISIT = Visit(Board("jobvite", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))


def page_of(body: str, number: int = 0) -> Page:
    url = f"https://jobs.jobvite.com/acme/search?p={number}&nl=1&fr=true"
    return Page(Ask(url), f"<html><body>{body}</body></html>".encode())


def test_recorded_rows_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/jobvite.html").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    rows = Selector(text=body.decode()).xpath("//tr")
    assert len(parsed.postings) == len(rows) == 2
    for posting, row in zip(parsed.postings, rows, strict=True):
        href = row.css("a").attrib["href"]
        assert posting.external_id == href.rsplit("/", 1)[-1]
        assert posting.url == f"https://jobs.jobvite.com{href}"
        assert posting.title == row.css("a::text").get()
        assert posting.places == (row.css(".jv-job-list-location::text").get(),)


def test_the_list_layout_the_department_and_a_picture_link_are_read() -> None:
    body = """<h3>Engineering</h3><table class="jv-job-list"><tr>
    <td><a href="/careers/acme/job/oA1"><img src="x"></a></td>
    <td class="jv-job-list-name"><a href="/careers/acme/job/oA1?nl=1">Intern</a></td>
    <td class="jv-job-list-location">Dublin,
      Ireland</td></tr></table>
    <ul><li><a href="https://jobs.jobvite.com/acme/job/oA2"><div class="jv-job-list-name">Clerk</div>
    <div class="jv-job-list-location">2 Locations</div></a></li></ul>"""
    parsed = PLATFORM.parse_postings(page_of(body), VISIT)
    intern, clerk = parsed.postings
    assert parsed.dropped == ()
    assert (intern.title, intern.department) == ("Intern", "Engineering")
    assert intern.places == ("Dublin, Ireland",)
    assert intern.url == "https://jobs.jobvite.com/acme/job/oA1"
    assert (clerk.title, clerk.places, clerk.department) == ("Clerk", (), None)


def test_paging_follows_the_count_that_the_page_shows() -> None:
    rows = '<a href="/acme/job/oA1">Intern</a>'
    first = page_of(f'<span class="jv-pagination-text">1-50 of 120</span>{rows}')
    last = page_of(f'<span class="jv-pagination-text">101-120 of 120</span>{rows}', 2)
    assert PLATFORM.find_next is not None
    assert [ask.url for ask in PLATFORM.find_next(first, VISIT)] == [
        "https://jobs.jobvite.com/acme/search?p=1&nl=1&fr=true"
    ]
    assert PLATFORM.find_next(last, VISIT) == ()
    assert PLATFORM.parse_postings(first, VISIT).reported_count == 120


def test_a_board_without_jobs_is_empty() -> None:
    parsed = PLATFORM.parse_postings(page_of('<p class="jv-page-message">None</p>'), VISIT)
    assert (parsed.postings, parsed.dropped) == ((), ())


def test_a_jobs_own_page_completes_it() -> None:
    (posting,) = PLATFORM.parse_postings(page_of('<a href="/acme/job/oA1">X</a>'), VISIT).postings
    assert PLATFORM.detail is not None
    ask = PLATFORM.detail.ask(posting.payload, VISIT)
    assert ask == Ask("https://jobs.jobvite.com/acme/job/oA1?nl=1&fr=true")
    found = page_of('<div class="jv-job-detail-description"><p>Whole</p><script>x</script></div>')
    whole = PLATFORM.parse_posting(PLATFORM.detail.merge(posting.payload, found), VISIT)
    assert whole.description_text == "Whole"


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://jobs.jobvite.com/acme/jobs", "acme"),
        ("https://jobs.jobvite.com/careers/acme/job/oA1", "acme"),
        ("https://jobs.jobvite.com/", None),
        ("https://www.jobvite.com/acme", None),
    ],
)
def test_the_token_is_the_first_step(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
