"""Sends every request of a crawl to a replay server instead of the platform. Off unless a replay URL is set."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

REPLAY_URL = "INTERNFLOW_REPLAY_URL"


def is_replay(url: str, replay_url: str | None) -> bool:
    """Whether an address is one of the replay server's."""
    return replay_url is not None and urlsplit(url)[:2] == urlsplit(replay_url)[:2]


class ReplayMiddleware:
    """Turns https://host/path?query into <replay_url>/host/path?query."""

    def __init__(self, replay_url: str) -> None:
        self._replay_url = replay_url.rstrip("/")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReplayMiddleware":
        replay_url = crawler.settings.get(REPLAY_URL)
        if not replay_url:
            raise NotConfigured("no replay URL is set")
        return cls(replay_url)

    def process_request(self, request: Request) -> Request | None:
        """The request to the replay server; nothing for one that goes there already."""
        if is_replay(request.url, self._replay_url):
            return None
        url = f"{self._replay_url}/{request.url.partition('://')[2]}"
        # The platform's robots.txt was asked before, and no proxy stands between us and this machine.
        return request.replace(
            url=url, meta=request.meta | {"dont_obey_robotstxt": True, "proxy": None}
        )
