"""Spider of Jobicy's feed; crawlers.platforms.jobicy says how it is read."""

from crawlers.platforms import jobicy
from crawlers.spiders.board import BoardSpider


class JobicySpider(BoardSpider):
    """Crawls Jobicy's feed."""

    name = "jobicy"
    platform = jobicy.PLATFORM
