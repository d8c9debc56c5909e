"""Spider of Lever job sites; crawlers.platforms.lever says how they are read."""

from crawlers.platforms import lever
from crawlers.spiders.board import BoardSpider


class LeverSpider(BoardSpider):
    """Crawls Lever job sites."""

    name = "lever"
    platform = lever.PLATFORM
