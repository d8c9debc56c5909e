"""Hacker News' monthly "Who is hiring?" thread. Pure: an answer in, postings out.

Documented at hn.algolia.com/api: the stories of the account whoishiring lead to the newest thread. Every top-level
comment is one posting; its first line is free text, by custom "Company | Role | Place | REMOTE | pay | address". Who
wrote a comment, and the replies to it, are left out.
"""

from typing import Any
from urllib.parse import SplitResult, parse_qs

from crawlers.feeds import is_on
from crawlers.hacker_news_line import read_first_line
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "hn.algolia.com"
PAGES = "news.ycombinator.com"
THREAD = "who is hiring"


def first_ask(_visit: Visit) -> Ask:
    """The newest stories of the account that opens the threads."""
    tags = "tags=story,author_whoishiring&hitsPerPage=5"
    return Ask(f"https://{HOST}/api/v1/search_by_date?{tags}")


def find_next(page: Page, _visit: Visit) -> tuple[Ask, ...]:
    """The newest thread, after the list of stories. Raises ContractViolation when none is there."""
    payload = decode_json(page)
    return () if _is_thread(payload) else (Ask(f"https://{HOST}/api/v1/items/{_find_id(payload)}"),)


def find_token(address: SplitResult) -> str | None:
    """There is one thread at a time."""
    is_thread = is_on(address, PAGES) and parse_qs(address.query).get("id") == ["whoishiring"]
    return "all" if is_thread or is_on(address, HOST) else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a thread; the list of stories holds no postings. Raises ContractViolation when the page is neither."""
    payload = decode_json(page)
    if not _is_thread(payload):
        _find_id(payload)
        return ParsedPage(())
    comments = [_keep(comment) for comment in require_jobs(payload, "children")]
    return ParsedPage(*parse_each([c for c in comments if c is not None], visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one comment. Raises ContractViolation when its id is missing or it names no job."""
    external_id = require_id(job, "id")
    markup = read_text(job, "text")
    description = sanitise_html(markup)
    line = read_first_line(markup)
    whereabouts = parse_whereabouts(line.places)
    posted_at = read_moment(job, "created_at")
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=f"https://{PAGES}/item?id={external_id}",
        title=line.title,
        company=line.company or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=line.employment_type,
        description_html=description,
        posted_at=posted_at,
        pay_text=line.pay_text,
    )


def _is_thread(payload: object) -> bool:
    return isinstance(payload, dict) and "children" in payload


def _find_id(payload: object) -> str:
    """The id of the newest thread among the stories. Raises ContractViolation."""
    for story in require_jobs(payload, "hits"):
        number = read_line(story, "objectID") or ""
        if THREAD in (read_line(story, "title") or "").lower() and number.isdecimal():
            return number[:20]
    titles = [read_line(story, "title") for story in read_list(payload, "hits")]
    raise ContractViolation("The list of stories", titles, f"one of them asks {THREAD!r}.")


def _keep(comment: object) -> Any:
    """A comment without its author and the replies to it; None for a deleted one."""
    if not isinstance(comment, dict):
        return comment
    if comment.get("text") is None and "id" in comment:
        return None
    return {name: comment.get(name) for name in ("id", "text", "created_at")}


PLATFORM = Platform(
    name="hacker_news",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
