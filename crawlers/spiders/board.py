"""The spider of every platform: asks each board what there is to ask and keeps the answers as they come."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import structlog
from scrapy import Request, Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from crawlers.answers import AnswerWriter, BoardAnswers
from crawlers.conversation import Conversation
from crawlers.details import DetailCache
from crawlers.platform import Ask, Page, Platform, Visit
from crawlers.versions import find_parser_version
from internflow.errors import InternflowError
from internflow.listings.kind import find_kind
from internflow.listings.plans import PlannedBoard, read_plan
from internflow.listings.text import clean_line

logger = structlog.get_logger("internflow.crawlers")

MOST_DETAILS = 100  # pages of single jobs, for one board in one run

# What may be otherwise in a minute, and how it is said.
PASSING = {
    DownloadTimeoutError: "did not answer in time",
    CannotResolveHostError: "has a host name that could not be resolved",
    DownloadConnectionRefusedError: "refused the connection",
    DownloadFailedError: "broke the connection off",
    ResponseDataLossError: "sent only part of the answer",
}
LASTING = {
    IgnoreRequest: "may not be asked, or sent what may not be read,",
    DownloadCancelledError: "sent more than an answer may have",
}


class BoardSpider(Spider):
    """Crawls the boards of its platform that a plan lists; `plan` is the path of the plan."""

    platform: Platform

    def __init__(self, *, plan: str) -> None:
        super().__init__()
        self.plan = read_plan(Path(plan))
        version = find_parser_version(self.platform.name)
        self.talks = [
            self._begin(planned, version) for planned in self.plan.of_platform(self.platform.name)
        ]
        self.writer = AnswerWriter(
            self.plan.landing_dir, self.plan.run_id, self.platform.name,
            self.plan.attempts[self.platform.name],
        )  # fmt: skip
        self.details = DetailCache(self.plan.landing_dir.parent / "details")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The platform's pace, where there is a platform and not a replay of it."""
        super().update_settings(settings)
        if settings.getfloat("DOWNLOAD_DELAY"):
            settings.set("DOWNLOAD_DELAY", max(1.0, cls.platform.pace_seconds), priority="spider")

    def _begin(self, planned: PlannedBoard, version: str) -> Conversation:
        known = planned.known if planned.known and planned.known.parser_version == version else None
        return Conversation(Visit(planned.board, self.plan.now), known)

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each board."""
        for talk in self.talks:
            try:
                ask = self.platform.first_ask(talk.visit)
            except InternflowError as error:
                talk.fail(str(error), is_retryable=False)
                self._report(talk)
                continue
            talk.may_ask(ask)
            yield self._build_request(talk, ask, marks=self._find_marks(talk))

    def parse_answer(
        self, response: Response, talk: Conversation, ask: Ask, job: tuple[str, str] | None
    ) -> Iterator[Request]:
        """Keep an answer; yields what it leads to."""
        talk.close_request()
        page = Page(ask, response.body, _read_header(response, "Content-Type") or "")
        try:
            if job is not None:
                self._keep_detail(response.status, talk, page, job)
            elif response.status != 200:
                self._take_refusal(response.status, talk)
            else:
                yield from self._take_page(response, talk, page)
        except Exception as error:
            logger.exception("answer_unreadable", platform=self.name, board=talk.visit.board.token)
            talk.cut(f"Reading on broke with {type(error).__name__}: the log has its traceback.")
        if talk.is_over:
            self._report(talk)

    def fail_answer(self, failure: Failure) -> None:
        """A request that brought no answer; without a job's own page a board can do."""
        told = failure.request.cb_kwargs  # type: ignore[attr-defined]  # set by Scrapy
        talk: Conversation = told["talk"]
        talk.close_request()
        if told["job"] is None:
            error = failure.value
            said = next(
                (text for kind, text in (PASSING | LASTING).items() if isinstance(error, kind)),
                f"could not be asked because of {type(error).__name__}",
            )
            detail = f" ({clean_line(str(error))[:200]})" if str(error) else ""
            reason = f"{self.name} {said} for board {talk.visit.board.token}{detail}."
            talk.fail(reason, is_retryable=isinstance(error, tuple(PASSING)))
        if talk.is_over:
            self._report(talk)

    def closed(self, reason: str) -> None:
        """Name the answers; a board that was not heard out has failed or is cut short."""
        for talk in self.talks:
            if not talk.is_reported:
                said = f"The crawl ended ({reason}) before {self.name} had answered for board {talk.visit.board.token}."
                talk.fail(said, is_retryable=True)
                self._report(talk)
        self.writer.finish([talk.conclude() for talk in self.talks])
        self.details.prune()

    def _take_refusal(self, status: int, talk: Conversation) -> None:
        if talk.has_pages:
            reason = (
                f"{self.name} answered {status} in the middle of board {talk.visit.board.token}."
            )
            talk.cut(reason, is_retryable=True)
        elif status == 304:
            talk.recognise()
        else:
            talk.refuse(status)

    def _take_page(self, response: Response, talk: Conversation, page: Page) -> Iterator[Request]:
        is_first = not talk.has_pages
        if is_first:
            talk.mark(
                http_status=response.status,
                etag=_read_header(response, "ETag"),
                last_modified=_read_header(response, "Last-Modified"),
            )
            if self._is_single and talk.recognises(page.body):
                talk.recognise()
                return
        if not talk.add(self.writer.add(page), page.body):
            talk.cut(f"{self.name} sent a page of board {talk.visit.board.token} a second time.")
            return
        if self.platform.find_next:
            for ask in self.platform.find_next(page, talk.visit):
                if talk.may_ask(ask):
                    yield self._build_request(talk, ask)
        if self.platform.detail:
            yield from self._ask_details(talk, page)

    def _ask_details(self, talk: Conversation, page: Page) -> Iterator[Request]:
        """The pages of those jobs that by their title a student may want."""
        detail = self.platform.detail
        if detail is None:
            return
        for posting in self.platform.parse_postings(page, talk.visit).postings:
            if find_kind(posting.title, posting.employment_type, "").kind == "other":
                continue
            ask = detail.ask(posting.payload, talk.visit)
            if ask is None or talk.detail_count >= MOST_DETAILS:
                continue
            talk.detail_count += 1
            if kept := self.details.read(ask, posting.content_hash):
                talk.add(self.writer.add(kept, posting.external_id), kept.body)
            elif talk.may_ask(ask):
                yield self._build_request(
                    talk, ask, job=(posting.external_id, posting.content_hash)
                )

    def _keep_detail(
        self, status: int, talk: Conversation, page: Page, job: tuple[str, str]
    ) -> None:
        if status == 200:
            external_id, content_hash = job
            self.details.write(page, content_hash)
            talk.add(self.writer.add(page, external_id), page.body)

    @property
    def _is_single(self) -> bool:
        return self.platform.find_next is None and self.platform.detail is None

    def _find_marks(self, talk: Conversation) -> dict[str, str]:
        """What lets a board of one answer say in a word that nothing changed."""
        known = talk.known
        if known is None or not self._is_single:
            return {}
        marks = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in marks.items() if value}

    def _build_request(
        self,
        talk: Conversation,
        ask: Ask,
        *,
        marks: dict[str, str] | None = None,
        job: tuple[str, str] | None = None,
    ) -> Request:
        headers: dict[str, Any] = dict(ask.headers) | (marks or {})
        if ask.body is not None:
            headers = {"Content-Type": "application/json", "Accept": "application/json"} | headers
        return Request(
            ask.url,
            method="GET" if ask.body is None else "POST",
            body=ask.body or "",
            headers=headers,
            callback=self.parse_answer,
            errback=self.fail_answer,
            cb_kwargs={"talk": talk, "ask": ask, "job": job},
            dont_filter=True,
        )

    def _report(self, talk: Conversation) -> None:
        talk.is_reported = True
        answers: BoardAnswers = talk.conclude()
        log = logger.warning if answers.error else logger.info
        log(
            "board_asked", platform=self.name, board=answers.board.token, ended=answers.ended,
            pages=len(answers.pages), http_status=answers.http_status, error=answers.error,
        )  # fmt: skip


def _read_header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None
