"""Spider of iCIMS portals; crawlers.platforms.icims says how they are read."""

from crawlers.platforms import icims
from crawlers.spiders.board import BoardSpider


class IcimsSpider(BoardSpider):
    """Crawls iCIMS portals."""

    name = "icims"
    platform = icims.PLATFORM
