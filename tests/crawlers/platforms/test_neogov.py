"""NEOGOV: recorded items field by field, dates and pay of the extensions, another namespace, hostile XML."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from crawlers.platform import Page, Visit
from crawlers.platforms.neogov import PLATFORM
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

VISIT = Visit(Board("neogov", "acme", "Acme"), datetime(2026, 11, 23, 6, tzinfo=UTC))
SPACE = "{http://www.neogov.com/namespaces/JobListing}"
LINK = "https://www.schooljobs.com/careers/acme/jobs/54"


def read(item: str, space: str = "https://www.schooljobs.com") -> Posting:
    body = f"""<rss xmlns:j="{space}" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>
    <item><title>Intern</title><link>{LINK}</link><atom:link href="x">y</atom:link>{item}</item></channel></rss>"""
    (posting,) = PLATFORM.parse_postings(
        Page(PLATFORM.first_ask(VISIT), body.encode()), VISIT
    ).postings
    return posting


def test_recorded_items_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/neogov.xml").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    items = fromstring(body).findall("channel/item")
    assert len(parsed.postings) == len(items) == 2
    for posting, raw in zip(parsed.postings, items, strict=True):
        assert posting.external_id == raw.findtext(f"{SPACE}jobId")
        assert posting.title == raw.findtext("title")
        assert posting.url == raw.findtext("link")
        assert posting.posted_at == parsedate_to_datetime(raw.findtext("pubDate") or "")
        assert posting.pay_text == "{} {} - {} per {}".format(
            *(raw.findtext(f"{SPACE}{n}") for n in ("salaryCurrency", "minimumSalary", "maximumSalary")),
            (raw.findtext(f"{SPACE}salaryInterval") or "").lower(),
        )  # fmt: skip
        for name in ("description", f"{SPACE}qualifications"):
            assert (raw.findtext(name) or "x") in posting.description_html
    first, second = parsed.postings
    assert (first.places, first.work_model) == (("Atlanta, Georgia",), None)
    assert (second.places, second.work_model) == ((), "remote")
    assert (first.apply_by, second.apply_by) == (date(2026, 9, 20), None)
    assert (first.department, second.department) == ("Information Technology", "Project Management")


def test_the_agencys_own_clock_says_the_last_day() -> None:
    posting = read(
        "<j:advertiseToDateTime>Fri, 18 Dec 2026 23:59:00:0</j:advertiseToDateTime>"
        "<j:advertiseToDateTimeUTC>Sat, 19 Dec 2026 07:59:00:0</j:advertiseToDateTimeUTC>"
        "<j:advertiseFromDateUTC>Mon, 09 Nov 2026 08:00:00:0</j:advertiseFromDateUTC>"
    )
    assert posting.apply_by == date(2026, 12, 18)
    assert posting.posted_at == datetime(2026, 11, 9, tzinfo=UTC)
    assert posting.external_id == "54"  # without a jobId, that in the address
    assert posting.url == LINK


@pytest.mark.parametrize(
    ("item", "pay"),
    [
        ("<j:minimumSalary>21.50</j:minimumSalary><j:salaryInterval>Hourly</j:salaryInterval>", "21.50 per hour"),
        ("<j:minimumSalary>Depends</j:minimumSalary>", None),
        ("<j:minimumSalary>0</j:minimumSalary><j:maximumSalary>0</j:maximumSalary>", None),
    ],
)  # fmt: skip
def test_pay_is_written_where_it_is_numbers(item: str, pay: str | None) -> None:
    assert read(item).pay_text == pay


@pytest.mark.parametrize("last", ["Continuous", "Sun, 31 Feb 2026 00:00:00:0", "Sun, 01 Abc 2026"])
def test_a_day_that_is_none_is_no_last_day(last: str) -> None:
    assert read(f"<j:advertiseToDateTime>{last}</j:advertiseToDateTime>").apply_by is None


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><item/></rss>",
        b'<!DOCTYPE r [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>',
        b"<rss><channel>",
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ContractViolation):
        PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://www.governmentjobs.com/careers/fulton/jobs/1", "fulton"),
        ("https://www.governmentjobs.com/SearchEngine/JobsFeed?agency=fulton", "fulton"),
        ("https://agency.governmentjobs.com/jobfeed.cfm?Agency=Fulton", "fulton"),
        ("https://www.governmentjobs.com/jobs/123-0/clerk", None),
        ("https://www.governmentjobs.com/jobs", None),
        ("https://www.example.com/careers/fulton", None),
    ],
)
def test_the_token_is_the_agency(address: str, token: str | None) -> None:
    assert PLATFORM.find_token(urlsplit(address)) == token
