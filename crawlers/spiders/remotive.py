"""Spider of Remotive's feed; crawlers.platforms.remotive says how it is read."""

from crawlers.platforms import remotive
from crawlers.spiders.board import BoardSpider


class RemotiveSpider(BoardSpider):
    """Crawls Remotive's feed."""

    name = "remotive"
    platform = remotive.PLATFORM
