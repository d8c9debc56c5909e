"""Spider of Oracle Recruiting Cloud sites; crawlers.platforms.oracle says how they are read."""

from crawlers.platforms import oracle
from crawlers.spiders.board import BoardSpider


class OracleSpider(BoardSpider):
    """Crawls Oracle Recruiting Cloud sites."""

    name = "oracle"
    platform = oracle.PLATFORM
