"""Spider of Teamtailor sites; crawlers.platforms.teamtailor says how they are read."""

from crawlers.platforms import teamtailor
from crawlers.spiders.board import BoardSpider


class TeamtailorSpider(BoardSpider):
    """Crawls Teamtailor sites."""

    name = "teamtailor"
    platform = teamtailor.PLATFORM
