"""Spider of Jobvite boards; crawlers.platforms.jobvite says how they are read."""

from crawlers.platforms import jobvite
from crawlers.spiders.board import BoardSpider


class JobviteSpider(BoardSpider):
    """Crawls Jobvite boards."""

    name = "jobvite"
    platform = jobvite.PLATFORM
