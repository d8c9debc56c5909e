"""Spider of Ashby boards; crawlers.platforms.ashby says how they are read."""

from crawlers.platforms import ashby
from crawlers.spiders.board import BoardSpider


class AshbySpider(BoardSpider):
    """Crawls Ashby boards."""

    name = "ashby"
    platform = ashby.PLATFORM
