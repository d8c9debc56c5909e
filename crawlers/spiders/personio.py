"""Spider of Personio sites; crawlers.platforms.personio says how they are read."""

from crawlers.platforms import personio
from crawlers.spiders.board import BoardSpider


class PersonioSpider(BoardSpider):
    """Crawls Personio sites."""

    name = "personio"
    platform = personio.PLATFORM
