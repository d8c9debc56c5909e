"""Spider of Workable accounts; crawlers.platforms.workable says how they are read."""

from crawlers.platforms import workable
from crawlers.spiders.board import BoardSpider


class WorkableSpider(BoardSpider):
    """Crawls Workable accounts."""

    name = "workable"
    platform = workable.PLATFORM
