"""The contract between job platforms and the warehouse: boards, postings, and how the crawl of a board went."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

WorkModel = Literal["remote", "hybrid", "on_site"]
DateKind = Literal["exact", "relative", "none"]
CrawlStatus = Literal["ok", "ok_empty", "not_found", "failed", "partial"]
FeedKind = Literal["full_board", "window"]


@dataclass(frozen=True)
class Board:
    """A company's job board on a platform; `token` names it there."""

    platform: str
    token: str
    company: str


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One job as its board shows it. `payload` is what the platform sent, for replay; times are in UTC."""

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

    @property
    def posting_id(self) -> str:
        return f"{self.platform}:{self.board}:{self.external_id}"

    @property
    def content_hash(self) -> str:
        """Changes when and only when something changes that a reader sees; the payload's noise does not count."""
        content = [
            self.url,
            self.title,
            self.company,
            list(self.places),
            self.work_model,
            self.employment_type,
            self.description_html,
            self.posted_at.isoformat() if self.posted_at else None,
            self.apply_by.isoformat() if self.apply_by else None,
            self.pay_text,
        ]
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


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
    `is_retryable` tells that asking again soon may help; it stays in the landing files.
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
    is_retryable: bool = False
