"""One board in the course of a crawl: what was asked of it, what it answered, and when all is said."""

import hashlib
from dataclasses import replace

from crawlers.answers import BoardAnswers, StoredPage
from crawlers.outcomes import describe_refusal
from crawlers.platform import Ask, Visit
from internflow.listings.plans import Known

MOST_PAGES = 1500  # the largest board met so far has 23,609 postings, 20 a page


class Conversation:
    """Keeps count of a board's requests; it is over when every one was answered or has failed."""

    def __init__(self, visit: Visit, known: Known | None) -> None:
        self.visit = visit
        self.known = known
        self._answers = BoardAnswers(board=visit.board, ended="answered", known=known)
        self._pages: list[StoredPage] = []
        self._digests: dict[tuple[str, str, str], str] = {}
        self._asked: set[Ask] = set()
        self._open = 0
        self.detail_count = 0
        self.is_reported = False

    @property
    def is_over(self) -> bool:
        return self._open == 0

    @property
    def has_pages(self) -> bool:
        return bool(self._pages)

    def may_ask(self, ask: Ask) -> bool:
        """Whether to send this request; counts it when so. None is sent twice, and none after the limit."""
        if ask in self._asked or self._answers.error:
            return False
        if len(self._asked) >= MOST_PAGES:
            self.cut(f"It has more than {MOST_PAGES} pages: the rest was not asked for.")
            return False
        self._asked.add(ask)
        self._open += 1
        return True

    def close_request(self) -> None:
        """One request came to its end, whatever it was."""
        self._open -= 1

    def recognises(self, body: bytes) -> bool:
        """Whether this one answer is what the board said in its last complete crawl."""
        (ask,) = self._asked
        digest = hashlib.sha256(body).hexdigest()
        return self.known is not None and self.known.answer_hash == _combine(
            {("", ask.url, ask.body or ""): digest}
        )

    def add(self, stored: StoredPage, body: bytes) -> bool:
        """Take an answer; False when the board gave the very same before, so that its paging has no end."""
        digest = hashlib.sha256(body).hexdigest()
        is_new = stored.external_id is not None or digest not in self._digests.values()
        key = (stored.external_id or "", stored.ask.url, stored.ask.body or "")
        self._digests[key] = digest
        self._pages.append(stored)
        return is_new

    def mark(self, *, http_status: int, etag: str | None, last_modified: str | None) -> None:
        """Keep by what HTTP knows the board's first answer again."""
        self._answers = replace(
            self._answers, http_status=http_status, etag=etag, last_modified=last_modified
        )

    def refuse(self, status: int) -> None:
        """The first answer was no success."""
        self._answers = describe_refusal(self._answers, status)

    def fail(self, reason: str, *, is_retryable: bool) -> None:
        """No answer came: the board has failed, or is cut short where answers came before."""
        if self._pages:
            self.cut(reason, is_retryable=is_retryable)
        else:
            self._answers = replace(
                self._answers, ended="failed", error=reason, is_retryable=is_retryable
            )

    def cut(self, reason: str, *, is_retryable: bool = False) -> None:
        """Nothing more is asked; what came until now is all there is."""
        self._answers = replace(self._answers, error=reason, is_retryable=is_retryable)

    def recognise(self) -> None:
        """The board is as in its last complete crawl."""
        known = self.known
        if known is not None:
            self._answers = replace(
                self._answers, ended="unchanged", answer_hash=known.answer_hash,
                etag=self._answers.etag or known.etag,
                last_modified=self._answers.last_modified or known.last_modified,
            )  # fmt: skip

    def conclude(self) -> BoardAnswers:
        """How the asking ended; all pages together may turn out to be those of the last complete crawl."""
        answers = self._answers
        if answers.ended != "answered" or answers.error:
            return replace(answers, pages=tuple(self._pages))
        answer_hash = _combine(self._digests)
        if self.known is not None and answer_hash == self.known.answer_hash:
            self.recognise()
            return self._answers
        return replace(answers, pages=tuple(self._pages), answer_hash=answer_hash)


def _combine(digests: dict[tuple[str, str, str], str]) -> str:
    lines = sorted("\t".join((*key, digest)) for key, digest in digests.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
