"""Spider of Eightfold career sites; crawlers.platforms.eightfold says how they are read."""

from crawlers.platforms import eightfold
from crawlers.spiders.board import BoardSpider


class EightfoldSpider(BoardSpider):
    """Crawls Eightfold career sites."""

    name = "eightfold"
    platform = eightfold.PLATFORM
