"""Spider of Himalayas' search; crawlers.platforms.himalayas says how it is read."""

from crawlers.platforms import himalayas
from crawlers.spiders.board import BoardSpider


class HimalayasSpider(BoardSpider):
    """Crawls Himalayas' search."""

    name = "himalayas"
    platform = himalayas.PLATFORM
