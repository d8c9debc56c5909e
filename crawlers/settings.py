"""Scrapy's settings: one polite request at a time, nothing that listens, nothing that phones home."""

from importlib.metadata import version

from internflow.settings import read_settings

_settings = read_settings()
_is_replay = _settings.replay_url is not None

BOT_NAME = "internflow"
SPIDER_MODULES = ["crawlers.spiders"]

USER_AGENT = (
    f"InternFlow/{version('internflow')} (internship listings; contact: {_settings.contact})"
)
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# The replay server is a process of this machine: it needs no rest between requests.
DOWNLOAD_DELAY = 0 if _is_replay else 1
AUTOTHROTTLE_ENABLED = not _is_replay
AUTOTHROTTLE_START_DELAY = 1
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 3
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
# Prefect retries a crawl: what is still missing, after a growing pause, for all to see. A retry here would hide
# failures and ask each board up to nine times.
RETRY_ENABLED = False
# Every status is a result of its board.
HTTPERROR_ALLOW_ALL = True

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "crawlers.hosts.HostGuard": 40,  # before robots.txt is asked of the host
    "crawlers.replay.ReplayMiddleware": 120,  # after robots.txt was asked of the platform
}
ITEM_PIPELINES = {"crawlers.pipelines.LandingPipeline": 300}
EXTENSIONS = {"crawlers.log_lines.LogLines": 0}

INTERNFLOW_REPLAY_URL = _settings.replay_url

# The extension sets up our own log lines; Scrapy's handler would say each of them a second time.
LOG_INSTALL_ROOT_HANDLER = False
