"""Spider of RSS and Atom feeds; crawlers.platforms.rss says how they are read."""

from crawlers.platforms import rss
from crawlers.spiders.board import BoardSpider


class RssSpider(BoardSpider):
    """Crawls RSS and Atom feeds."""

    name = "rss"
    platform = rss.PLATFORM
