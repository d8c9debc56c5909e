"""Spider of NEOGOV feeds; crawlers.platforms.neogov says how they are read."""

from crawlers.platforms import neogov
from crawlers.spiders.board import BoardSpider


class NeogovSpider(BoardSpider):
    """Crawls NEOGOV feeds."""

    name = "neogov"
    platform = neogov.PLATFORM
