"""Spider of Rippling boards; crawlers.platforms.rippling says how they are read."""

from crawlers.platforms import rippling
from crawlers.spiders.board import BoardSpider


class RipplingSpider(BoardSpider):
    """Crawls Rippling boards."""

    name = "rippling"
    platform = rippling.PLATFORM
