"""Spider of the lists of SimplifyJobs; crawlers.platforms.simplify says how they are read."""

from crawlers.platforms import simplify
from crawlers.spiders.board import BoardSpider


class SimplifySpider(BoardSpider):
    """Crawls the lists of SimplifyJobs."""

    name = "simplify"
    platform = simplify.PLATFORM
