"""Spider of Pinpoint boards; crawlers.platforms.pinpoint says how they are read."""

from crawlers.platforms import pinpoint
from crawlers.spiders.board import BoardSpider


class PinpointSpider(BoardSpider):
    """Crawls Pinpoint boards."""

    name = "pinpoint"
    platform = pinpoint.PLATFORM
