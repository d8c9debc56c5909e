"""What the answers of a board, or their absence, mean for it. Pure: no Scrapy, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawlers.answers import BoardAnswers
from crawlers.platform import Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.posting import BoardResult, CrawlStatus, DroppedPosting, Posting

NOT_FOUND = frozenset({404, 410})
TRY_LATER = frozenset({408, 425, 429})


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
    parser_version: str

    def judge(self, answers: BoardAnswers, pages: Iterable[tuple[Page, str | None]]) -> Outcome:
        """The outcome of a board: what it showed, or why it showed nothing.

        A job's own page is read into the job; one that cannot be read leaves the job as the list has it.
        """
        if answers.ended == "unchanged" and answers.known:
            known = answers.known
            return self._conclude(
                answers, known.status, is_unchanged=True, reported_count=known.reported_count,
                fetched_count=known.fetched_count, dropped_count=known.dropped_count,
            )  # fmt: skip
        if answers.ended != "answered":
            status: CrawlStatus = "not_found" if answers.ended == "not_found" else "failed"
            return self._conclude(answers, status)
        visit = Visit(answers.board, self.now)
        listed, details = [], {}
        for page, external_id in pages:
            if external_id is None:
                listed.append(page)
            else:
                details[external_id] = page
        try:
            shown = self._read_lists(listed, visit)
        except ContractViolation as broken:
            error = _describe_page(answers, listed[0]) or str(broken)
            return self._conclude(replace(answers, error=error), "failed")
        return self.weigh(answers, self._read_details(shown, details, visit))

    def judge_unreadable(self, answers: BoardAnswers, error: Exception) -> Outcome:
        """The outcome of answers on which the parser itself broke."""
        reason = (
            f"The parser of {self.platform.name} broke with {type(error).__name__}:"
            " the log has its traceback."
        )
        return self._conclude(replace(answers, error=reason), "failed")

    def weigh(self, answers: BoardAnswers, shown: ParsedPage) -> Outcome:
        """The outcome of a board that was read: complete, empty, cut short, or broken in every posting."""
        fetched, dropped = len(shown.postings), len(shown.dropped)
        status: CrawlStatus = "ok" if fetched else "ok_empty"
        error = answers.error or shown.shortfall
        if error is None and (shown.reported_count or 0) > fetched + dropped:
            error = (
                f"The board reports {shown.reported_count} postings and showed {fetched + dropped}."
            )
        if error is not None:
            status = "partial"
        elif dropped and not fetched:
            status = "failed"
            error = (
                f"None of {dropped} postings could be read; the first: {shown.dropped[0].reason}"
            )
        result = self._conclude(
            replace(answers, error=error), status, fetched_count=fetched, dropped_count=dropped,
            reported_count=shown.reported_count,
        ).result  # fmt: skip
        return Outcome(result, shown.postings, shown.dropped)

    def _read_lists(self, pages: list[Page], visit: Visit) -> ParsedPage:
        """All pages as one; the first says how many postings there are. A posting shown twice counts once."""
        postings: dict[str, Posting] = {}
        dropped: list[DroppedPosting] = []
        parsed: list[ParsedPage] = []
        for number, page in enumerate(pages):
            try:
                parsed.append(self.platform.parse_postings(page, visit))
            except ContractViolation as broken:
                if not number:
                    raise
                parsed.append(ParsedPage((), shortfall=f"Page {number + 1}: {broken}"))
            for posting in parsed[-1].postings:
                postings.setdefault(posting.external_id, posting)
            dropped.extend(parsed[-1].dropped)
        reported = parsed[0].reported_count if parsed else None
        shortfall = next((page.shortfall for page in parsed if page.shortfall), None)
        return ParsedPage(tuple(postings.values()), tuple(dropped), reported, shortfall)

    def _read_details(
        self, shown: ParsedPage, details: dict[str, Page], visit: Visit
    ) -> ParsedPage:
        if not details or self.platform.detail is None:
            return shown
        merge = self.platform.detail.merge
        postings = []
        for posting in shown.postings:
            whole = posting
            if page := details.get(posting.external_id):
                try:
                    whole = self.platform.parse_posting(merge(posting.payload, page), visit)
                except ContractViolation:
                    whole = posting
            postings.append(whole)
        return replace(shown, postings=tuple(postings))

    def _conclude(self, answers: BoardAnswers, status: CrawlStatus, **details: Any) -> Outcome:
        board = answers.board
        return Outcome(
            BoardResult(
                platform=board.platform,
                board=board.token,
                company=board.company,
                status=status,
                feed_kind=self.platform.feed_kind,
                http_status=answers.http_status,
                error=answers.error,
                is_retryable=answers.is_retryable,
                answer_hash=answers.answer_hash,
                etag=answers.etag,
                last_modified=answers.last_modified,
                parser_version=self.parser_version,
                started_at=self.now,
                finished_at=self.now,
                **details,
            )
        )


def describe_refusal(answers: BoardAnswers, status: int) -> BoardAnswers:
    """How a board ended whose first answer was no success."""
    board = answers.board
    if status in NOT_FOUND:
        error = f"{board.platform} knows no board {board.token}: correct or remove its line."
        return replace(answers, ended="not_found", http_status=status, error=error)
    is_retryable = status >= 500 or status in TRY_LATER
    hint = "it may answer later" if is_retryable else "it does not want to be asked, or has moved"
    error = f"{board.platform} answered {status} for board {board.token}: {hint}."
    return replace(
        answers, ended="failed", http_status=status, error=error, is_retryable=is_retryable
    )


def _describe_page(answers: BoardAnswers, page: Page) -> str | None:
    """A sentence for the usual case of a web page where data should be."""
    starts = page.body.lstrip()[:100].lower()
    if b"<!doctype html" in starts or starts.startswith(b"<html"):
        board = answers.board
        return (
            f"{board.platform} sent a web page instead of data for board {board.token}:"
            " open its address and look."
        )
    return None
