"""Any RSS or Atom feed of jobs. Pure: a feed in, postings out.

The board's url is the feed's address; its company is the company of every job, but where the feed names one for each. A
feed shows its newest entries, so absence closes nothing. feedparser reads what is not well-formed, too; a feed that
declares entities is refused. We Work Remotely puts the company before the title.
"""

import calendar
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult, urlsplit

import feedparser

from crawlers.feeds import join_kinds
from crawlers.job_posting import write_html
from crawlers.parsing import (
    LONGEST_ID,
    build_posting,
    parse_each,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_json

FEED_ENDINGS = ("/feed", "/rss", "/atom", ".rss", ".atom", "feed.xml", "rss.xml", "atom.xml")
COMPANY_FIRST = "weworkremotely.com"
# What feedparser lets escape on broken numbers, entities and markup.
PARSER_FAULTS = (
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    RecursionError,
)
# Our name -> what feedparser calls the elements that job feeds use for it.
ELEMENTS = {
    "company": ("job_listing_company", "company", "company_name"),
    "location": ("job_listing_location", "location", "region", "georss_featurename"),
    "kind": ("job_listing_job_type", "job_type", "type"),
    "pay": ("job_listing_salary", "salary"),
}


def first_ask(visit: Visit) -> Ask:
    """The feed."""
    return Ask(require_url({"url": visit.board.url}, "url"))


def find_token(address: SplitResult) -> str | None:
    """The host, for an address that ends as feeds do."""
    path = address.path.rstrip("/").lower()
    host = (address.hostname or "").removeprefix("www.")
    return host if host and path.endswith(FEED_ENDINGS) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read the feed. Raises ContractViolation when it is none."""
    feed = _decode_feed(page)
    if not feed.get("version"):
        raise ContractViolation(
            "The answer", page.body[:40], "it is neither an RSS nor an Atom feed."
        )
    entries = [_read_entry(entry) for entry in feed.entries]
    return ParsedPage(*parse_each(entries, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one entry. Raises ContractViolation when title or address is missing; an id may be made of the address."""
    url = require_url(job, "link")
    title, company = _find_names(require_text(job, "title"), visit)
    whereabouts = parse_whereabouts([read_text(job, "location")])
    description = write_html(read_text(job, "content"))
    posted_at = read_moment(job, "published")
    return build_posting(
        visit,
        job,
        external_id=_shorten(read_line(job, "id") or url),
        url=url,
        title=title,
        company=read_line(job, "company") or company or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=join_kinds([job.get("kind")]),
        description_html=description,
        posted_at=posted_at,
        pay_text=read_line(job, "pay"),
        department=join_kinds(read_list(job, "categories")[:1]),
    )


def _decode_feed(page: Page) -> Any:
    """The feed as feedparser has it. Raises ContractViolation for entities, and for what feedparser breaks on."""
    if b"<!entity" in page.body.lower():
        raise ContractViolation(
            "The feed", page.body[:40], "a feed that declares entities is refused."
        )
    headers = {"content-type": page.content_type} if page.content_type else {}
    try:
        # As a stream: feedparser would open the file that bytes name.
        return feedparser.parse(
            BytesIO(page.body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except PARSER_FAULTS as fault:
        raise ContractViolation("The feed", fault, "feedparser cannot read it.") from None


def _read_entry(entry: Any) -> dict[str, Any]:
    """What is read of an entry, as plain JSON."""
    contents = [read_text(part, "value") for part in read_list(entry, "content")]
    tags = [read_line(tag, "term") for tag in read_list(entry, "tags")]
    named = {
        ours: next((line for name in theirs if (line := read_line(entry, name))), None)
        for ours, theirs in ELEMENTS.items()
    }
    job = {
        "id": read_line(entry, "id"),
        "link": read_line(entry, "link"),
        "title": read_text(entry, "title"),
        "published": _write_moment(entry.get("published_parsed") or entry.get("updated_parsed")),
        "content": max([*contents, read_text(entry, "summary")], key=len),
        "categories": [tag for tag in tags if tag],
        **named,
    }
    cleaned: dict[str, Any] = clean_json(job)
    return cleaned


def _write_moment(parsed: Any) -> str | None:
    """feedparser's parts of a moment in UTC, as text."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _find_names(title: str, visit: Visit) -> tuple[str, str | None]:
    """The title, and the company where this feed puts it before the title."""
    host = urlsplit(visit.board.url or "").hostname or ""
    company, colon, rest = title.partition(": ")
    if host.removeprefix("www.") == COMPANY_FIRST and colon and rest:
        return rest, company
    return title, None


def _shorten(identifier: str) -> str:
    """An id as it is, or its hash where it is longer than an id may be."""
    if len(identifier) <= LONGEST_ID:
        return identifier
    return hashlib.sha256(identifier.encode()).hexdigest()


PLATFORM = Platform(
    name="rss",
    feed_kind="window",
    hosts=(),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
