import json
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from internflow.listings.feeds import (
    RENDERERS,
    Feed,
    FeedFormat,
    render_atom,
    render_calendar,
    render_content,
    render_json_feed,
    render_rss,
)
from tests.listings.examples import HOSTILE, HOSTILE_TEXT, NOW, PLAIN, build_listing

ADDRESS = "https://college.example/api/feeds/listings.rss?kind=internship&country=IN"


def build_feed(*listings: object) -> Feed:
    return Feed("Data & <b>more</b>", ADDRESS, "https://college.example/", NOW, tuple(listings))  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs), *(str(value)[:11] for _, value in attrs)}


@pytest.mark.parametrize("render", [render_rss, render_atom])
def test_feed_is_read_back_with_its_facts(render: object) -> None:
    read = feedparser.parse(render(build_feed(PLAIN)))  # type: ignore[operator]
    assert not read.bozo
    (entry,) = read.entries
    assert entry.id == "urn:internflow:listing:ashby:orbit:1"
    assert entry.title == "Data Intern, Orbit"
    assert entry.link == PLAIN.url
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == PLAIN.first_seen_at
    assert [tag.term for tag in entry.tags] == ["Python"]
    said = entry.content[0].value if "content" in entry else entry.summary
    assert "Build <b>pipelines</b>." in said
    assert "₹20,000-30,000 or $240-360 a month" in said
    assert "20 Jun 2026" in said


def test_rss_and_atom_name_their_own_address_and_moment() -> None:
    rss, atom = (
        feedparser.parse(render(build_feed(PLAIN))) for render in (render_rss, render_atom)
    )
    assert rss.feed.link == "https://college.example/"
    assert rss.version == "rss20"
    assert atom.version == "atom10"
    for read in (rss, atom):
        assert [link.href for link in read.feed.links if link.rel == "self"] == [ADDRESS]
        assert datetime(*read.feed.updated_parsed[:6], tzinfo=UTC) == NOW
    assert atom.feed.id == ADDRESS


def test_json_feed_is_version_1_1_with_strings_as_ids() -> None:
    read = json.loads(render_json_feed(build_feed(PLAIN)))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"] == ADDRESS
    (item,) = read["items"]
    assert item["id"] == "ashby:orbit:1"
    assert item["url"] == PLAIN.url
    assert item["date_published"] == "2026-05-29T22:30:00+00:00"
    assert item["authors"] == [{"name": "Orbit"}]


def test_calendar_has_a_whole_day_for_each_deadline_and_none_for_others() -> None:
    without = build_listing(posting_id="ashby:orbit:2", apply_by=None)
    read = Calendar.from_ical(render_calendar(build_feed(PLAIN, without)))
    (event,) = read.walk("VEVENT")
    assert event["UID"] == "ashby:orbit:1@internflow"
    assert event.decoded("DTSTART") == date(2026, 6, 20)
    assert event.decoded("DTEND") == date(2026, 6, 21)
    assert event.decoded("DTSTAMP") == PLAIN.first_seen_at
    assert event["URL"] == PLAIN.url
    assert "Data Intern" in event["SUMMARY"]
    assert str(read["PRODID"]).startswith("-//InternFlow//")


@pytest.mark.parametrize("form", RENDERERS)
def test_same_listings_give_the_same_bytes(form: FeedFormat) -> None:
    _media_type, render = RENDERERS[form]
    assert render(build_feed(PLAIN, HOSTILE)) == render(build_feed(PLAIN, HOSTILE))


@pytest.mark.parametrize("form", RENDERERS)
def test_feed_without_listings_is_still_valid(form: FeedFormat) -> None:
    written = RENDERERS[form][1](build_feed())
    if form == "ics":
        assert Calendar.from_ical(written).walk("VEVENT") == []
    elif form == "json":
        assert json.loads(written)["items"] == []
    else:
        assert not feedparser.parse(written).bozo


@pytest.mark.parametrize("render", [render_rss, render_atom])
def test_hostile_listing_is_inert_in_xml(render: object) -> None:
    written = render(build_feed(HOSTILE, PLAIN))  # type: ignore[operator]
    read = feedparser.parse(written)
    assert not read.bozo
    links = [entry.get("link", "") for entry in read.entries]  # where there is none, the id
    assert [link for link in links if link and not link.startswith("urn:")] == [PLAIN.url]
    assert b"<script" not in written
    raw = feedparser.parse(written, sanitize_html=False)
    assert "pwned" in raw.entries[0].title
    if render is render_rss:
        assert not set("<>") & set(raw.entries[0].title)
    said = (
        raw.entries[0].content[0].value if "content" in raw.entries[0] else raw.entries[0].summary
    )
    assert not Tags(said).found & {"script", "img", "onclick", "onerror", "javascript:"}


def test_hostile_listing_is_inert_in_json_and_its_id_is_kept() -> None:
    item = json.loads(render_json_feed(build_feed(HOSTILE)))["items"][0]
    assert item["id"] == HOSTILE.posting_id
    assert "url" not in item
    assert "\n" not in item["title"]
    assert not Tags(item["content_html"]).found & {"script", "img", "onclick", "javascript:"}


def test_hostile_listing_adds_no_line_of_its_own_to_the_calendar() -> None:
    written = render_calendar(build_feed(HOSTILE, PLAIN))
    read = Calendar.from_ical(written)
    events = read.walk("VEVENT")
    assert len(events) == 2
    assert "BEGIN:VEVENT" in events[0]["SUMMARY"]
    assert "URL" not in events[0]
    unfolded = written.replace(b"\r\n ", b"").split(b"\r\n")
    names = {line.split(b":")[0].split(b";")[0] for line in unfolded if line}
    assert names <= {
        b"BEGIN", b"END", b"VERSION", b"PRODID", b"X-WR-CALNAME", b"UID", b"DTSTAMP", b"DTSTART", b"DTEND",
        b"SUMMARY", b"DESCRIPTION", b"TRANSP", b"URL",
    }  # fmt: skip
    assert max(map(len, written.split(b"\r\n"))) <= 75


@given(st.text(), st.text())
def test_any_title_and_description_give_feeds_that_can_be_read(title: str, markup: str) -> None:
    feed = build_feed(build_listing(title=title, description_html=markup, company=markup))
    for render in (render_rss, render_atom):
        read = feedparser.parse(render(feed))
        assert not read.bozo
        assert len(read.entries) == 1
    assert len(Calendar.from_ical(render_calendar(feed)).walk("VEVENT")) == 1
    assert len(json.loads(render_json_feed(feed))["items"]) == 1


def test_content_holds_no_tag_of_the_facts() -> None:
    content = render_content(build_listing(pay_quote=HOSTILE_TEXT, description_html=""))
    assert Tags(content).found <= {"ul", "li", "p", "a", "href", "https://job"}
