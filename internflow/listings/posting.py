"""The contract between job platforms and the warehouse: boards, postings, and how the crawl of a board went."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

import orjson

WorkModel = Literal["remote", "hybrid", "on_site"]
DateKind = Literal["exact", "relative", "none"]
CrawlStatus = Literal["ok", "ok_empty", "not_found", "failed", "partial"]
FeedKind = Literal["full_board", "window"]


@dataclass(frozen=True)
class Board:
    """A company's job board on a platform; `token` names it there.

    `url` is set where the token says no address: a feed, or a company's own careers page.
    """

    platform: str
    token: str
    company: str
    countries: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One job as its board shows it. `payload` is what the platform sent, for replay; times are in UTC.

    A board may show a job that it calls closed (`is_withdrawn`) or that it does not want shown (`is_hidden`): both
    are kept, for history, and shown to nobody as open.
    """

    platform: str
    board: str
    external_id: str
    url: str
    title: str
    company: str
    places: tuple[str, ...]
    work_model: WorkModel | None
    employment_type: str | None
    description_html: str
    description_text: str
    posted_at: datetime | None
    date_kind: DateKind
    apply_by: date | None
    pay_text: str | None
    payload: dict[str, Any] = field(hash=False)
    requisition_id: str | None = None
    department: str | None = None
    terms: tuple[str, ...] = ()
    sponsorship: str | None = None
    is_withdrawn: bool = False
    is_hidden: bool = False

    @property
    def posting_id(self) -> str:
        return f"{self.platform}:{self.board}:{self.external_id}"

    @cached_property
    def content_hash(self) -> str:
        """Changes when and only when something changes that a reader sees.

        The payload's noise does not count, nor does a date that was only told as an age: it moves with the clock.
        """
        content = [
            self.url,
            self.title,
            self.company,
            list(self.places),
            self.work_model,
            self.employment_type,
            self.description_html,
            self.posted_at.isoformat() if self.posted_at and self.date_kind == "exact" else None,
            self.apply_by.isoformat() if self.apply_by else None,
            self.pay_text,
            self.requisition_id,
            self.department,
            list(self.terms),
            self.sponsorship,
            self.is_withdrawn,
            self.is_hidden,
        ]
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


@dataclass(frozen=True, kw_only=True)
class DroppedPosting:
    """A posting that could not be read: why, and what the platform sent."""

    board: str
    reason: str
    payload: Any = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class BoardResult:
    """How the crawl of one board went.

    Both times are the run's moment, not the clock's, so that a run repeated after a crash ends with the same rows.
    `is_unchanged`: the board answered as in its last complete crawl, so nothing of it landed. The hash, the version
    of the parser and HTTP's two marks are how the next crawl knows. `is_retryable` tells that asking again soon may
    help; it stays in the landing files.
    """

    platform: str
    board: str
    company: str
    status: CrawlStatus
    feed_kind: FeedKind
    reported_count: int | None = None
    fetched_count: int = 0
    dropped_count: int = 0
    http_status: int | None = None
    error: str | None = None
    started_at: datetime
    finished_at: datetime
    is_unchanged: bool = False
    answer_hash: str | None = None
    parser_version: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_retryable: bool = False
