"""What is new for a saved filter, as Markdown and as an e-mail. Pure: nothing here reads a clock or sends anything."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from internflow.listings.browsing import Listing
from internflow.listings.filters import ListingFilters
from internflow.listings.safety import find_web_url, reveal_line
from internflow.listings.wording import describe_filters, list_facts

MOST_ENTRIES = 50
# Whatever means something in Markdown, and what mail programs and Markdown make links of by themselves.
MARKDOWN_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Clock and moments stand in the heading.
UNTOLD_FACTS = frozenset({"First seen"})


@dataclass(frozen=True)
class Entry:
    """One listing of a digest; every text is on one line and holds no control character."""

    title: str
    company: str
    facts: tuple[tuple[str, str], ...]
    url: str | None


@dataclass(frozen=True)
class Digest:
    """`entries` are the newest; `total_count` says how many there are in all."""

    filters_text: str
    day: str
    entries: tuple[Entry, ...]
    total_count: int

    @property
    def heading(self) -> str:
        return f"{self.total_count} new listing{'' if self.total_count == 1 else 's'}, {self.day}"

    @property
    def left_out_count(self) -> int:
        return self.total_count - len(self.entries)


def build_digest(filters: ListingFilters, listings: Sequence[Listing], now: datetime) -> Digest:
    """The digest of what is new; `listings` are all of it, newest first. `now` only names the day."""
    entries = tuple(
        Entry(
            reveal_line(listing.title),
            reveal_line(listing.company),
            tuple(
                (name, reveal_line(words))
                for name, words in list_facts(listing)
                if name not in UNTOLD_FACTS
            ),
            find_web_url(listing.url),
        )
        for listing in listings[:MOST_ENTRIES]
    )
    asked = reveal_line(describe_filters(filters.model_copy(update={"new_since": None})))
    return Digest(asked, f"{now:%d %b %Y}", entries, len(listings))


def render_markdown(digest: Digest) -> str:
    """The digest as Markdown in which no text of a listing is markup."""
    blocks = [f"# {digest.heading}", f"Filter: {_escape_markdown(digest.filters_text)}"]
    for entry in digest.entries:
        facts = [f"- {name}: {_escape_markdown(words)}" for name, words in entry.facts]
        link = [f"- <{_escape_autolink(entry.url)}>"] if entry.url else []
        title = f"{_escape_markdown(entry.title)}, {_escape_markdown(entry.company)}"
        blocks.append("\n".join([f"## {title}", "", *facts, *link]))
    return "\n\n".join([*blocks, *_describe_rest(digest)]) + "\n"


def render_text(digest: Digest) -> str:
    """The digest as plain text."""
    blocks = [digest.heading, f"Filter: {digest.filters_text}"]
    for entry in digest.entries:
        facts = [f"  {name}: {words}" for name, words in entry.facts]
        link = [f"  {entry.url}"] if entry.url else []
        blocks.append("\n".join([f"{entry.title}, {entry.company}", *facts, *link]))
    return "\n\n".join([*blocks, *_describe_rest(digest)]) + "\n"


def render_html(digest: Digest) -> str:
    """The digest as a page of HTML that loads nothing and runs nothing."""
    parts = [f"<h1>{digest.heading}</h1><p>Filter: {html.escape(digest.filters_text)}</p>"]
    for entry in digest.entries:
        facts = "".join(
            f"<li>{html.escape(name)}: {html.escape(words)}</li>" for name, words in entry.facts
        )
        link = (
            f'<p><a href="{html.escape(entry.url)}">Open on its board</a></p>' if entry.url else ""
        )
        title = f"{html.escape(entry.title)}, {html.escape(entry.company)}"
        parts.append(f"<h2>{title}</h2><ul>{facts}</ul>{link}")
    parts += [f"<p>{rest}</p>" for rest in _describe_rest(digest)]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>New listings</title>'
        f"</head><body>{''.join(parts)}</body></html>"
    )


def build_message(
    digest: Digest, *, name: str, sender: str, recipient: str, now: datetime
) -> EmailMessage:
    """The digest as a mail of text and HTML; `name` is the saved filter's.

    A line break in the name becomes a space. Raises ValueError for a recipient that is not one address.
    """
    message = EmailMessage()
    message["Subject"] = f"{reveal_line(name)}: {digest.heading}"
    message["From"] = sender
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(render_text(digest))
    message.add_alternative(render_html(digest), subtype="html")
    return message


def _describe_rest(digest: Digest) -> list[str]:
    if not digest.left_out_count:
        return []
    return [f"{digest.left_out_count} more are on the listings page."]


def _escape_markdown(text: str) -> str:
    return MARKDOWN_MARKS.sub(r"\\\1", text)


def _escape_autolink(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E")
