"""Spider of Workday sites; crawlers.platforms.workday says how they are read."""

from crawlers.platforms import workday
from crawlers.spiders.board import BoardSpider


class WorkdaySpider(BoardSpider):
    """Crawls Workday sites."""

    name = "workday"
    platform = workday.PLATFORM
