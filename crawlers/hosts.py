"""Keeps a crawl on its platform's own hosts, whatever a redirect says."""

from typing import cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawlers.replay import REPLAY_URL, is_replay
from crawlers.spiders.board import BoardSpider


class HostGuard:
    """Refuses every request, redirected ones and those for robots.txt included, to another host or without TLS."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._replay_url: str | None = crawler.settings.get(REPLAY_URL)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "HostGuard":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for a host that is not the platform's."""
        spider = cast("BoardSpider", self._crawler.spider)
        parts = urlsplit(request.url)
        is_own = parts.scheme == "https" and parts.netloc in spider.platform.HOSTS
        if not is_own and not is_replay(request.url, self._replay_url):
            raise IgnoreRequest(
                f"{parts.scheme}://{parts.netloc[:100]} is not one of its hosts,"
                f" {', '.join(spider.platform.HOSTS)}"
            )
