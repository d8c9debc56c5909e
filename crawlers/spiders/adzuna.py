"""Spider of Adzuna's search; crawlers.platforms.adzuna says how it is read."""

from crawlers.platforms import adzuna
from crawlers.spiders.board import BoardSpider


class AdzunaSpider(BoardSpider):
    """Crawls Adzuna's search."""

    name = "adzuna"
    platform = adzuna.PLATFORM
