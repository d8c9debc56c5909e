"""Spider of Phenom career sites; crawlers.platforms.phenom says how they are read."""

from crawlers.platforms import phenom
from crawlers.spiders.board import BoardSpider


class PhenomSpider(BoardSpider):
    """Crawls Phenom career sites."""

    name = "phenom"
    platform = phenom.PLATFORM
