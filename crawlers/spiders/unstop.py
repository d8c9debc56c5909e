"""Spider of Unstop's search; crawlers.platforms.unstop says how it is read."""

from crawlers.platforms import unstop
from crawlers.spiders.board import BoardSpider


class UnstopSpider(BoardSpider):
    """Crawls Unstop's search."""

    name = "unstop"
    platform = unstop.PLATFORM
