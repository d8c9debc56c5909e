"""A Scrapy crawl of the same answers that keeps and parses nothing: `python -m benchmarks.bare_crawl PLAN`."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.utils.project import get_project_settings

from crawlers.platform import Visit
from crawlers.platforms import PLATFORMS
from crawlers.replay import ReplayMiddleware
from internflow.listings.plans import read_plan


class BareSpider(Spider):
    """Asks for every board of a plan."""

    name = "bare"

    def __init__(self, plan: str) -> None:
        super().__init__()
        self.plan = read_plan(Path(plan))

    async def start(self) -> AsyncIterator[Request]:
        for planned in self.plan.boards:
            platform = PLATFORMS[planned.board.platform]
            ask = platform.first_ask(Visit(planned.board, self.plan.now))
            yield Request(ask.url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing is done with it."""


def main() -> None:
    settings = get_project_settings()
    settings.set("DOWNLOADER_MIDDLEWARES", {ReplayMiddleware: 120})
    settings.set("ROBOTSTXT_OBEY", False)
    settings.set("LOG_ENABLED", False)
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider, plan=sys.argv[1])
    process.start()


main()
