"""What a job platform is to the crawl: where its boards are asked, how a page is read, and how gently it is treated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult

from internflow.listings.posting import Board, DroppedPosting, FeedKind, Posting

Job = Mapping[str, Any]


@dataclass(frozen=True)
class Visit:
    """One board in one run; ages are counted back from its moment."""

    board: Board
    now: datetime


@dataclass(frozen=True)
class Ask:
    """One request: a GET, or a POST of JSON text where there is a body. It never holds a key."""

    url: str
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """The answer to a request, as it came."""

    ask: Ask
    body: bytes
    content_type: str = ""


@dataclass(frozen=True)
class ParsedPage:
    """What a page shows: postings, what could not be read, and how many postings the platform says the board has.

    `shortfall` says in words why the rest of the board cannot be seen, a platform's ceiling say.
    """

    postings: tuple[Posting, ...]
    dropped: tuple[DroppedPosting, ...] = ()
    reported_count: int | None = None
    shortfall: str | None = None


@dataclass(frozen=True)
class Detail:
    """A second request for one job whose list row lacks its description.

    `ask` is None for a job that has no page of its own; `merge` puts what the page says into the job, which
    `parse_posting` then reads. The crawl asks only for jobs that a student may want, and for each only once.
    """

    ask: Callable[[Job, Visit], Ask | None]
    merge: Callable[[Job, Page], Job]


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A job platform. Every function is pure; `hosts` may begin with `*.` for any one host below.

    first_ask: the request that begins a board.
    parse_postings: reads a page; raises ContractViolation when it is no page of a board.
    parse_posting: reads one job, as `Posting.payload` keeps it; raises ContractViolation when a required field lacks.
    find_next: the requests that a page leads to; None where one answer is the whole board.
    find_token: the board's token, from the address of a careers page; None when it is not this platform's.
    key_params, key_headers: query parameter or header -> the setting that holds its key.
    """

    name: str
    feed_kind: FeedKind
    hosts: tuple[str, ...]
    first_ask: Callable[[Visit], Ask]
    parse_postings: Callable[[Page, Visit], ParsedPage]
    parse_posting: Callable[[Job, Visit], Posting]
    find_token: Callable[[SplitResult], str | None]
    find_next: Callable[[Page, Visit], tuple[Ask, ...]] | None = None
    detail: Detail | None = None
    pace_seconds: float = 1.0
    unknown_board: tuple[str, str] = ("text/plain; charset=utf-8", "Not Found")
    key_params: Mapping[str, str] = field(default_factory=dict)
    key_headers: Mapping[str, str] = field(default_factory=dict)
