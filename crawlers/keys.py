"""Puts the keys that a platform wants into its requests, last of all: no plan, landing file or log line holds one."""

from typing import cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawlers.spiders.board import BoardSpider
from internflow.settings import read_settings


class KeyRing:
    """Adds keys as query parameters and headers, for hosts of the platform alone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "KeyRing":
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """The request with its keys; nothing for one that has them. Raises IgnoreRequest without a key."""
        platform = cast("BoardSpider", self._crawler.spider).platform
        has_keys = request.meta.get("has_keys") or "ask" not in request.cb_kwargs
        if has_keys or not (platform.key_params or platform.key_headers):
            return None
        parts = urlsplit(request.url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        query |= {name: _read_key(key) for name, key in platform.key_params.items()}
        headers = {name: _read_key(key) for name, key in platform.key_headers.items()}
        return request.replace(
            url=parts._replace(query=urlencode(query)).geturl(),
            headers={**request.headers, **headers},
            meta=request.meta | {"has_keys": True},
        )


def _read_key(name: str) -> str:
    key = getattr(read_settings(), name)
    if key is None:
        raise IgnoreRequest(f"INTERNFLOW_{name.upper()} is not set")
    return str(key.get_secret_value())
