"""Spider of Recruitee sites; crawlers.platforms.recruitee says how they are read."""

from crawlers.platforms import recruitee
from crawlers.spiders.board import BoardSpider


class RecruiteeSpider(BoardSpider):
    """Crawls Recruitee sites."""

    name = "recruitee"
    platform = recruitee.PLATFORM
