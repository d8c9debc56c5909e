"""Teamtailor sites: a real JSON Feed field by field, the RSS feed, paging, places and pay."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import teamtailor
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, Posting

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("teamtailor", "acme", "Acme"), NOW)
ITEM = {"id": "u-1", "title": "Intern", "url": "https://career.acme.example/jobs/1-intern"}
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel><title>Acme</title>
{items}
</channel></rss>"""
RSS_ITEM = """<item>
  <title>Intern</title>
  <description>&lt;p&gt;Design &lt;b&gt;optics&lt;/b&gt;.&lt;/p&gt;</description>
  <pubDate>Wed, 18 Nov 2026 10:00:00 +0100</pubDate>
  <link>https://career.acme.example/jobs/1-intern</link>
  <remoteStatus>{status}</remoteStatus>
  <guid>{guid}</guid>
  <tt:locations>
    <tt:location><tt:name>HQ</tt:name><tt:city>Dublin</tt:city><tt:country>Ireland</tt:country></tt:location>
    <tt:location><tt:name>Anywhere Lab</tt:name><tt:city/></tt:location>
  </tt:locations>
  <tt:department>Research</tt:department>
</item>"""


def build_page(content: dict[str, Any], number: int = 1) -> Page:
    ask = Ask(f"https://acme.teamtailor.com/jobs.json?per_page=100&page={number}")
    return Page(ask, json.dumps(content).encode())


def read_item(**told: Any) -> Posting:
    page = build_page({"items": [ITEM | {"_jobposting": told}]})
    (posting,) = teamtailor.parse_postings(page, VISIT).postings
    return posting


def read_rss(*items: str) -> ParsedPage:
    page = Page(
        Ask("https://acme.teamtailor.com/jobs.rss"), RSS.format(items="".join(items)).encode()
    )
    return teamtailor.parse_postings(page, VISIT)


def test_real_items_say_what_their_raw_fields_say(shared_data: Path) -> None:
    content = json.loads((shared_data / "listings/recorded/teamtailor.json").read_text())
    parsed = teamtailor.parse_postings(build_page(content), VISIT)
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, content["items"], strict=True):
        addresses = [place["address"] for place in raw["_jobposting"]["jobLocation"]]
        assert posting.external_id == raw["id"]
        assert posting.title == raw["title"]
        assert posting.url == raw["url"]
        assert posting.posted_at == datetime.fromisoformat(raw["date_published"])
        assert posting.date_kind == "exact"
        assert posting.places == tuple(
            f"{a['addressLocality']}, {a['addressCountry']}" for a in addresses
        )
        assert posting.work_model is None
        assert posting.payload == raw


def test_a_whole_job_posting() -> None:
    posting = read_item(
        description="<p>Optics</p>",
        employmentType=["INTERN", "FULL_TIME"],
        validThrough="2027-01-15T23:59:00+01:00",
        hiringOrganization={"name": "Acme Labs"},
        jobLocationType="TELECOMMUTE",
        jobLocation={"address": {"addressRegion": "Nordics", "addressCountry": {"name": "Norway"}}},
        baseSalary={"currency": "EUR", "value": {"minValue": "1000", "maxValue": "1200", "unitText": "MONTH"}},
        datePosted="2026-11-18",
    )  # fmt: skip
    assert (posting.company, posting.employment_type) == ("Acme Labs", "INTERN, FULL_TIME")
    assert (posting.places, posting.work_model) == (("Nordics, Norway",), "remote")
    assert posting.apply_by == date(2027, 1, 15)
    assert posting.pay_text == "EUR 1000 - 1200 per month"
    assert posting.posted_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert posting.description_text == "Optics"


def test_a_single_amount_is_pay_too() -> None:
    value = {"value": 20, "unitText": "HOUR"}
    assert read_item(baseSalary={"currency": "USD", "value": value}).pay_text == "USD 20 per hour"
    assert read_item(baseSalary={"currency": "USD", "value": None}).pay_text is None


def test_the_rss_feed_is_read_too() -> None:
    parsed = read_rss(RSS_ITEM.format(status="hybrid", guid="u-1"))
    (posting,) = parsed.postings
    assert (posting.external_id, posting.title, posting.url) == tuple(ITEM.values())
    assert (posting.places, posting.work_model) == (("Dublin, Ireland", "Anywhere Lab"), "hybrid")
    assert posting.department == "Research"
    assert posting.posted_at == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert posting.description_html == "<p>Design <b>optics</b>.</p>"
    assert teamtailor.parse_posting(posting.payload, VISIT) == posting
    assert parsed.shortfall is None


@pytest.mark.parametrize(
    ("status", "work_model"),
    [("fully", "remote"), ("onsite", "on_site"), ("none", None), ("", None)],
)
def test_remote_statuses(status: str, work_model: str | None) -> None:
    (posting,) = read_rss(RSS_ITEM.format(status=status, guid="u-1")).postings
    assert posting.work_model == work_model


def test_an_rss_feed_at_its_end_falls_short() -> None:
    items = [RSS_ITEM.format(status="none", guid=f"u-{number}") for number in range(100)]
    assert "100" in (read_rss(*items).shortfall or "")
    with pytest.raises(ContractViolation):
        teamtailor.parse_postings(Page(Ask("https://x.example"), b"<rss/>"), VISIT)


def test_the_next_page_is_asked_of_the_same_host_while_there_is_one() -> None:
    content = {"items": [ITEM], "next_url": "https://evil.example/jobs.json?page=9"}
    (ask,) = teamtailor.find_next(build_page(content, number=2), VISIT)
    assert ask.url == "https://acme.teamtailor.com/jobs.json?per_page=100&page=3"
    for last in (
        {"items": [ITEM]},
        {"items": [], "next_url": "x"},
        {"items": [ITEM], "next_url": None},
    ):
        assert teamtailor.find_next(build_page(last), VISIT) == ()
    rss = Page(Ask("https://acme.teamtailor.com/jobs.rss"), RSS.format(items="").encode())
    assert teamtailor.find_next(rss, VISIT) == ()


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.teamtailor.com/jobs/1-intern", "acme"),
        ("https://career.teamtailor.com/jobs", "career"),
        ("https://acme.na.teamtailor.com/jobs", "acme.na"),
        ("https://www.teamtailor.com/", None),
        ("https://career.acme.example/jobs", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert teamtailor.find_token(urlsplit(address)) == token


def test_north_american_sites_have_their_own_host() -> None:
    ask = teamtailor.first_ask(Visit(Board("teamtailor", "acme.na", "Acme"), NOW))
    assert ask.url == "https://acme.na.teamtailor.com/jobs.json?per_page=100&page=1"
