"""Spider of the search of USAJOBS; crawlers.platforms.usajobs says how it is read."""

from crawlers.platforms import usajobs
from crawlers.spiders.board import BoardSpider


class UsajobsSpider(BoardSpider):
    """Crawls the search of USAJOBS."""

    name = "usajobs"
    platform = usajobs.PLATFORM
