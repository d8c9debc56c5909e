"""Spider of Internshala's lists; crawlers.platforms.internshala says how they are read."""

from crawlers.platforms import internshala
from crawlers.spiders.board import BoardSpider


class InternshalaSpider(BoardSpider):
    """Crawls Internshala's lists."""

    name = "internshala"
    platform = internshala.PLATFORM
