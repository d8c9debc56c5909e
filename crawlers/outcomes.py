"""What an answer, or its absence, means for a board. Pure: no Scrapy, no clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.parsing import ParsedBoard, Platform, decode_json
from internflow.errors import ContractViolation
from internflow.listings.posting import Board, BoardResult, CrawlStatus, DroppedPosting, Posting

NOT_FOUND = frozenset({404, 410})
TRY_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, as far as a parser needs it."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of one board."""

    result: BoardResult
    postings: tuple[Posting, ...] = ()
    dropped: tuple[DroppedPosting, ...] = ()


@dataclass(frozen=True)
class Judge:
    """Judges the boards of one platform in one run, whose moment every result carries."""

    platform: Platform
    now: datetime

    def judge_answer(self, board: Board, answer: Answer) -> Outcome:
        """The outcome of an answer, whatever its status and shape."""
        if answer.status in NOT_FOUND:
            error = f"{board.platform} knows no board {board.token}: correct or remove its line."
            return self._conclude(board, "not_found", http_status=answer.status, error=error)
        if answer.status != 200:
            return self._refuse(board, answer.status)
        try:
            parsed = self.platform.parse_postings(decode_json(answer.body), board)
        except ContractViolation as broken:
            error = _describe_page(board, answer) or str(broken)
            return self._conclude(board, "failed", http_status=answer.status, error=error)
        return self.weigh(board, parsed, answer.status)

    def judge_absence(self, board: Board, reason: str, *, is_retryable: bool) -> Outcome:
        """The outcome of a board that sent no answer at all."""
        return self._conclude(board, "failed", error=reason, is_retryable=is_retryable)

    def judge_unreadable(self, board: Board, answer: Answer, error: Exception) -> Outcome:
        """The outcome of an answer on which the parser itself broke."""
        reason = f"The parser of {board.platform} broke with {type(error).__name__}: the log has its traceback."
        return self._conclude(board, "failed", http_status=answer.status, error=reason)

    def weigh(self, board: Board, parsed: ParsedBoard, http_status: int | None) -> Outcome:
        """The outcome of a board that was read: complete, empty, cut short, or broken in every posting."""
        fetched, dropped = len(parsed.postings), len(parsed.dropped)
        status: CrawlStatus = "ok" if fetched else "ok_empty"
        error = None
        if parsed.reported_count not in (None, fetched + dropped):
            status = "partial"
            error = f"The board reports {parsed.reported_count} postings and showed {fetched + dropped}."
        elif dropped and not fetched:
            status = "failed"
            error = (
                f"None of {dropped} postings could be read; the first: {parsed.dropped[0].reason}"
            )
        result = self._conclude(
            board, status, http_status=http_status, error=error, fetched_count=fetched,
            dropped_count=dropped, reported_count=parsed.reported_count,
        ).result  # fmt: skip
        return Outcome(result, parsed.postings, parsed.dropped)

    def _refuse(self, board: Board, status: int) -> Outcome:
        is_retryable = status >= 500 or status in TRY_LATER
        hint = (
            "it may answer later" if is_retryable else "it does not want to be asked, or has moved"
        )
        error = f"{board.platform} answered {status} for board {board.token}: {hint}."
        return self._conclude(
            board, "failed", http_status=status, error=error, is_retryable=is_retryable
        )

    def _conclude(self, board: Board, status: CrawlStatus, **details: Any) -> Outcome:
        return Outcome(
            BoardResult(
                platform=board.platform,
                board=board.token,
                company=board.company,
                status=status,
                feed_kind=self.platform.FEED_KIND,
                started_at=self.now,
                finished_at=self.now,
                **details,
            )
        )


def _describe_page(board: Board, answer: Answer) -> str | None:
    """A sentence for the usual case of a web page where JSON should be."""
    if "html" in answer.content_type.lower() or answer.body.lstrip()[:1] == b"<":
        return f"{board.platform} sent a web page instead of JSON for board {board.token}: open its address and look."
    return None
