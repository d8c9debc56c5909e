"""Keeps a crawl on its platform's own public hosts, whatever a redirect or a name server says."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.platform import Platform
from crawlers.replay import REPLAY_URL, is_replay
from crawlers.spiders.board import BoardSpider
from internflow.listings.posting import Board


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
        if is_replay(request.url, self._replay_url):
            return
        spider = cast("BoardSpider", self._crawler.spider)
        hosts = find_hosts(spider.platform, (talk.visit.board for talk in spider.talks))
        parts = urlsplit(request.url)
        if parts.scheme != "https" or not is_one_of(parts.netloc, hosts):
            raise IgnoreRequest(
                f"{parts.scheme}://{parts.netloc[:100]} is not one of its hosts, {', '.join(hosts)[:200]}"
            )
        request.meta.setdefault("asked_host", parts.netloc)


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses alone: a company's name server cannot point a crawl into our network."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802  Twisted's name
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(_require_public, name)


def find_hosts(platform: Platform, boards: Iterable[Board]) -> tuple[str, ...]:
    """The hosts that a platform's crawl may ask: its own, or those of its boards' addresses, with and without www."""
    if platform.hosts:
        return platform.hosts
    own = {urlsplit(board.url or "").netloc.lower().removeprefix("www.") for board in boards}
    return tuple(sorted(f"{www}{host}" for host in own if host for www in ("", "www.")))


def is_one_of(host: str, allowed: Iterable[str]) -> bool:
    """Whether a host is allowed; `*.example.com` stands for any one host below example.com."""
    host = host.lower()
    return any(
        host.partition(".")[2] == name[2:] if name.startswith("*.") else host == name
        for name in allowed
    )


def _require_public(address: str, name: str) -> str:
    if not ip_address(address).is_global:
        raise DNSLookupError(f"{name} is at {address}, which is not a public address")
    return address
