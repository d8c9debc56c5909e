"""Spider of Paylocity boards; crawlers.platforms.paylocity says how they are read."""

from crawlers.platforms import paylocity
from crawlers.spiders.board import BoardSpider


class PaylocitySpider(BoardSpider):
    """Crawls Paylocity boards."""

    name = "paylocity"
    platform = paylocity.PLATFORM
