"""Spider of HRMDirect boards; crawlers.platforms.hrmdirect says how they are read."""

from crawlers.platforms import hrmdirect
from crawlers.spiders.board import BoardSpider


class HrmdirectSpider(BoardSpider):
    """Crawls HRMDirect boards."""

    name = "hrmdirect"
    platform = hrmdirect.PLATFORM
