"""Spider of Greenhouse boards; crawlers.platforms.greenhouse says how they are read."""

from crawlers.platforms import greenhouse
from crawlers.spiders.board import BoardSpider


class GreenhouseSpider(BoardSpider):
    """Crawls Greenhouse boards."""

    name = "greenhouse"
    platform = greenhouse.PLATFORM
