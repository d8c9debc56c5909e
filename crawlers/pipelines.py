"""Where a spider's items go: into one landing, in which every board has a result."""

from typing import Any, cast

import structlog
from scrapy.crawler import Crawler

from crawlers.spiders.board import BoardSpider
from internflow.listings.landing import LandingWriter
from internflow.listings.posting import BoardResult, DroppedPosting, Posting

logger = structlog.get_logger("internflow.crawlers")


class LandingPipeline:
    """Writes postings as they come and the results when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._results: dict[str, BoardResult] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LandingPipeline":
        return cls(crawler)

    @property
    def _spider(self) -> BoardSpider:
        return cast("BoardSpider", self._crawler.spider)

    def open_spider(self) -> None:
        """Begin the landing."""
        spider = self._spider
        self._writer = LandingWriter(
            spider.landing_dir, spider.run_id, str(spider.name), spider.attempt
        )

    def process_item(self, item: Any) -> Any:
        """Write a posting, or keep a board's result for the end."""
        if isinstance(item, Posting):
            self._writer.add_posting(item)
        elif isinstance(item, DroppedPosting):
            logger.warning("posting_dropped", board=item.board, reason=item.reason)
            self._writer.add_dropped(item)
        elif isinstance(item, BoardResult):
            self._keep(item)
        return item

    def close_spider(self) -> None:
        """End the landing; a board of which nothing was heard has failed."""
        spider = self._spider
        for board in spider.boards:
            if board.token not in self._results:
                reason = f"The crawl ended before {spider.name} answered for board {board.token}."
                self._keep(spider.judge.judge_absence(board, reason, is_retryable=True).result)
        self._writer.finish([self._results[board.token] for board in spider.boards])

    def _keep(self, result: BoardResult) -> None:
        self._results[result.board] = result
        log = logger.info if result.status in ("ok", "ok_empty") else logger.warning
        log(
            "board_crawled", platform=result.platform, board=result.board, status=result.status,
            fetched=result.fetched_count, dropped=result.dropped_count, reported=result.reported_count,
            http_status=result.http_status, error=result.error,
        )  # fmt: skip
