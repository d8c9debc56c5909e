"""Spider of BambooHR sites; crawlers.platforms.bamboohr says how they are read."""

from crawlers.platforms import bamboohr
from crawlers.spiders.board import BoardSpider


class BamboohrSpider(BoardSpider):
    """Crawls BambooHR sites."""

    name = "bamboohr"
    platform = bamboohr.PLATFORM
