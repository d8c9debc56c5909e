"""The spider of every platform that answers with a whole board: one request for each board, one outcome for each."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

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
from twisted.python.failure import Failure

from crawlers.outcomes import Answer, Judge, Outcome
from crawlers.parsing import Platform
from internflow.listings.boards import choose_boards
from internflow.listings.posting import Board, BoardResult, DroppedPosting, Posting
from internflow.listings.text import clean_line

logger = structlog.get_logger("internflow.crawlers")

# What may be otherwise in a minute, and how it is said.
PASSING = {
    DownloadTimeoutError: "did not answer in time",
    CannotResolveHostError: "has a host name that could not be resolved",
    DownloadConnectionRefusedError: "refused the connection",
    DownloadFailedError: "broke the connection off",
    ResponseDataLossError: "sent only part of the answer",
}
LASTING = {
    IgnoreRequest: "may not be asked",
    DownloadCancelledError: "sent more than an answer may have",
}


class BoardSpider(Spider):
    """Crawls boards; arguments are texts, as `scrapy crawl -a name=value` gives them.

    boards: tokens, parted by commas (default: all of the list); boards_dir: folder of the lists;
    run_id, attempt, landing_dir: where it lands; now: the run's moment in ISO 8601.
    """

    platform: Platform

    def __init__(
        self,
        *,
        run_id: str,
        now: str,
        landing_dir: str,
        boards_dir: str,
        attempt: str = "1",
        boards: str = "",
    ) -> None:
        super().__init__()
        tokens = [token for token in boards.split(",") if token]
        self.boards = choose_boards(self.name, tokens, Path(boards_dir))
        self.judge = Judge(self.platform, datetime.fromisoformat(now).astimezone(UTC))
        self.run_id, self.attempt, self.landing_dir = run_id, int(attempt), Path(landing_dir)

    async def start(self) -> AsyncIterator[Request]:
        """One request for each board."""
        for board in self.boards:
            yield Request(
                self.platform.board_url(board.token),
                callback=self.parse_board,
                errback=self.fail_board,
                cb_kwargs={"board": board},
                dont_filter=True,
            )

    def parse_board(
        self, response: Response, board: Board
    ) -> Iterator[Posting | DroppedPosting | BoardResult]:
        """The postings of an answer and, last, how the board went."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        answer = Answer(response.status, content_type, response.body)
        try:
            outcome = self.judge.judge_answer(board, answer)
        except Exception as error:
            logger.exception("board_unreadable", platform=self.name, board=board.token)
            outcome = self.judge.judge_unreadable(board, answer, error)
        yield from _spread(outcome)

    def fail_board(self, failure: Failure) -> Iterator[BoardResult | Posting | DroppedPosting]:
        """How a board went that sent no answer."""
        board: Board = failure.request.cb_kwargs["board"]  # type: ignore[attr-defined]  # set by Scrapy
        error = failure.value
        is_passing = isinstance(error, tuple(PASSING))
        said = next(
            (text for kind, text in (PASSING | LASTING).items() if isinstance(error, kind)),
            f"could not be asked because of {type(error).__name__}",
        )
        detail = f" ({clean_line(str(error))[:200]})" if str(error) else ""
        reason = f"{self.name} {said} for board {board.token}{detail}."
        yield from _spread(self.judge.judge_absence(board, reason, is_retryable=is_passing))


def _spread(outcome: Outcome) -> Iterator[Posting | DroppedPosting | BoardResult]:
    yield from outcome.postings
    yield from outcome.dropped
    yield outcome.result
