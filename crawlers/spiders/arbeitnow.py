"""Spider of Arbeitnow's feed; crawlers.platforms.arbeitnow says how it is read."""

from crawlers.platforms import arbeitnow
from crawlers.spiders.board import BoardSpider


class ArbeitnowSpider(BoardSpider):
    """Crawls Arbeitnow's feed."""

    name = "arbeitnow"
    platform = arbeitnow.PLATFORM
