"""Scrapy extension: every log line of a crawl goes through InternFlow's pipeline, once."""

import logging

from scrapy.crawler import Crawler

from internflow.logs import configure_logs
from internflow.settings import read_settings


class LogLines:
    """Sets the logs up when the crawler starts; Scrapy speaks of problems alone, the rest is said for each board."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LogLines":
        configure_logs(read_settings(), service="crawlers")
        logging.getLogger("scrapy").setLevel(logging.WARNING)
        return cls()
