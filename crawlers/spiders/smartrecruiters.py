"""Spider of SmartRecruiters boards; crawlers.platforms.smartrecruiters says how they are read."""

from crawlers.platforms import smartrecruiters
from crawlers.spiders.board import BoardSpider


class SmartrecruitersSpider(BoardSpider):
    """Crawls SmartRecruiters boards."""

    name = "smartrecruiters"
    platform = smartrecruiters.PLATFORM
