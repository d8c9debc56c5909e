"""Spider of Breezy HR boards; crawlers.platforms.breezy says how they are read."""

from crawlers.platforms import breezy
from crawlers.spiders.board import BoardSpider


class BreezySpider(BoardSpider):
    """Crawls Breezy HR boards."""

    name = "breezy"
    platform = breezy.PLATFORM
