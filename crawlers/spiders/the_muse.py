"""Spider of The Muse's search; crawlers.platforms.the_muse says how it is read."""

from crawlers.platforms import the_muse
from crawlers.spiders.board import BoardSpider


class TheMuseSpider(BoardSpider):
    """Crawls The Muse's search."""

    name = "the_muse"
    platform = the_muse.PLATFORM
