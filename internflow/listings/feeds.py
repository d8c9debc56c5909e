"""Listings as RSS 2.0, Atom 1.0, JSON Feed 1.1 and a calendar of deadlines. Pure: the same listings, the same bytes."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import orjson
from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event

from internflow.listings.browsing import Listing
from internflow.listings.safety import find_web_url, reveal_line, sanitise_description
from internflow.listings.wording import list_facts

FeedFormat = Literal["rss", "atom", "json", "ics"]

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
PRODUCT = "-//InternFlow//Deadlines//EN"


@dataclass(frozen=True)
class Feed:
    """What a reader subscribes to. `updated_at` (UTC) is when its content may last have changed."""

    title: str
    feed_url: str
    home_url: str
    updated_at: datetime
    listings: tuple[Listing, ...]


def render_rss(feed: Feed) -> bytes:
    """RSS 2.0. Readers differ on whether a title is HTML: ours reads the same either way."""
    return bytes(_build_generator(feed, _write_ambiguous_line).rss_str(pretty=False))


def render_atom(feed: Feed) -> bytes:
    """Atom 1.0."""
    return bytes(_build_generator(feed, reveal_line).atom_str(pretty=False))


def render_json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1."""
    return orjson.dumps(
        {
            "version": JSON_FEED_VERSION,
            "title": reveal_line(feed.title),
            "home_page_url": feed.home_url,
            "feed_url": feed.feed_url,
            "items": [_build_item(listing) for listing in feed.listings],
        }
    )


def render_calendar(feed: Feed) -> bytes:
    """An iCalendar file: each listing with a deadline is an event of that whole day."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", reveal_line(feed.title))
    for listing in feed.listings:
        if listing.apply_by is not None:
            calendar.add_component(_build_event(listing, listing.apply_by))
    return bytes(calendar.to_ical())


RENDERERS: Mapping[FeedFormat, tuple[str, Callable[[Feed], bytes]]] = {
    "rss": ("application/rss+xml; charset=utf-8", render_rss),
    "atom": ("application/atom+xml; charset=utf-8", render_atom),
    "json": ("application/feed+json; charset=utf-8", render_json_feed),
    "ics": ("text/calendar; charset=utf-8", render_calendar),
}


def render_content(listing: Listing) -> str:
    """The facts, the way to the board and the description, as HTML that holds nothing that acts."""
    facts = "".join(
        f"<li>{html.escape(name)}: {html.escape(reveal_line(words))}</li>"
        for name, words in list_facts(listing)
    )
    url = find_web_url(listing.url)
    link = f'<p><a href="{html.escape(url)}">Open on its board</a></p>' if url else ""
    return f"<ul>{facts}</ul>{link}{sanitise_description(listing.description_html)}"


def _build_generator(feed: Feed, write_line: Callable[[str], str]) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(feed.feed_url)
    generator.title(write_line(feed.title))
    generator.description("Listings as their boards show them, newest first.")
    generator.link(href=feed.feed_url, rel="self")
    generator.link(href=feed.home_url, rel="alternate")
    generator.updated(feed.updated_at)
    generator.lastBuildDate(feed.updated_at)
    generator.generator("InternFlow")
    for listing in feed.listings:
        entry = generator.add_entry(order="append")
        entry.id(_build_urn(listing))
        entry.title(write_line(_build_title(listing)))
        entry.author({"name": write_line(listing.company) or "Unknown"})
        entry.published(listing.first_seen_at)
        entry.updated(listing.first_seen_at)
        entry.content(render_content(listing), type="html")
        for skill in listing.skills:
            entry.category({"term": write_line(skill)})
        if url := find_web_url(listing.url):
            entry.link(href=url, rel="alternate")
    return generator


def _build_item(listing: Listing) -> dict[str, Any]:
    item = {
        "id": listing.posting_id,
        "url": find_web_url(listing.url),
        "title": _build_title(listing),
        "content_html": render_content(listing),
        "date_published": listing.first_seen_at.isoformat(),
        "authors": [{"name": reveal_line(listing.company)}],
        "tags": [reveal_line(skill) for skill in listing.skills],
    }
    return {name: value for name, value in item.items() if value}


def _build_event(listing: Listing, apply_by: date) -> Event:
    url = find_web_url(listing.url)
    facts = [f"{name}: {reveal_line(words)}" for name, words in list_facts(listing)]
    event = Event()
    event.add("uid", f"{quote(listing.posting_id, safe=':')}@internflow")
    event.add("dtstamp", listing.first_seen_at)
    event.add("summary", f"Apply by today: {_build_title(listing)}")
    event.add("description", "\n".join([*facts, *([url] if url else [])]))
    event.add("dtstart", apply_by)
    event.add("dtend", apply_by + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if url:
        event.add("url", url)
    return event


def _build_title(listing: Listing) -> str:
    return f"{reveal_line(listing.title)}, {reveal_line(listing.company)}"


def _build_urn(listing: Listing) -> str:
    return f"urn:internflow:listing:{quote(listing.posting_id, safe=':')}"


def _write_ambiguous_line(text: str) -> str:
    return reveal_line(text).replace("<", "\u2039").replace(">", "\u203a")
