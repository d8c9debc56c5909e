"""Spider of Remote OK's feed; crawlers.platforms.remoteok says how it is read."""

from crawlers.platforms import remoteok
from crawlers.spiders.board import BoardSpider


class RemoteokSpider(BoardSpider):
    """Crawls Remote OK's feed."""

    name = "remoteok"
    platform = remoteok.PLATFORM
