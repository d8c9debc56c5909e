"""Asks again where that may help, after the time that the platform names or a growing pause."""

import asyncio
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import structlog
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

logger = structlog.get_logger("internflow.crawlers")

PASSING = (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 522, 524})
LONGEST_PAUSE = 120.0  # seconds; who asks for more is left alone until the next crawl


class Patience:
    """Repeats a request twice; the whole host rests meanwhile."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pause = crawler.settings.getfloat("INTERNFLOW_RETRY_PAUSE")
        self._rests_until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Patience":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked again."""
        while (left := self._rests_until.get(_find_host(request), 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The same request once more for an answer that may be another one soon; else the answer."""
        if response.status not in LATER:
            return response
        named = read_retry_after(response.headers.get("Retry-After"), time.time())
        again = self._repeat(request, named, f"HTTP {response.status}")
        return again or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The same request once more for a connection that broke."""
        if not isinstance(exception, PASSING):
            return None
        return self._repeat(request, None, type(exception).__name__)

    def _repeat(self, request: Request, named: float | None, reason: str) -> Request | None:
        tried = request.meta.get("retry_times", 0)
        pause = self._pause * 4**tried if named is None else named
        if pause > LONGEST_PAUSE or self._crawler.spider is None:
            return None
        again: Request | None = get_retry_request(
            request, spider=self._crawler.spider, reason=reason
        )
        if again is not None:
            host = _find_host(request)
            self._rests_until[host] = time.monotonic() + pause
            logger.info("asked_again", host=host, reason=reason, pause_seconds=round(pause, 1))
        return again


def read_retry_after(value: bytes | None, now: float) -> float | None:
    """Seconds that a Retry-After header names, as a number or as a date; None when it names none."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def _find_host(request: Request) -> str:
    return str(request.meta.get("asked_host") or urlsplit(request.url).netloc)
