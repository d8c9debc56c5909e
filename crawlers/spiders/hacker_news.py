"""Spider of Hacker News' threads of open jobs; crawlers.platforms.hacker_news says how they are read."""

from crawlers.platforms import hacker_news
from crawlers.spiders.board import BoardSpider


class HackerNewsSpider(BoardSpider):
    """Crawls Hacker News' threads of open jobs."""

    name = "hacker_news"
    platform = hacker_news.PLATFORM
