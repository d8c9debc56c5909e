"""Scrapy's settings: one polite request at a time to each host, nothing that listens, nothing that phones home."""

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
# The replay server is a process of this machine: it stands for many hosts and needs no rest between requests.
CONCURRENT_REQUESTS_PER_DOMAIN = 8 if _is_replay else 1
DOWNLOAD_DELAY = 0 if _is_replay else 1
AUTOTHROTTLE_ENABLED = not _is_replay
AUTOTHROTTLE_START_DELAY = 1
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

DOWNLOAD_TIMEOUT = _settings.crawl_timeout_seconds
DOWNLOAD_MAXSIZE = (
    64 * 1024 * 1024
)  # decompressed, so that a small answer cannot unpack into a huge one
DOWNLOAD_WARNSIZE = 0
CLOSESPIDER_TIMEOUT = int(_settings.crawl_hours * 3600)
if not _is_replay:
    TWISTED_DNS_RESOLVER = "crawlers.hosts.PublicResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 3
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
# crawlers.patience repeats what may pass, and rests meanwhile; Scrapy's own retry would ask on at once.
RETRY_ENABLED = False
RETRY_TIMES = 2
INTERNFLOW_RETRY_PAUSE = 0 if _is_replay else 4  # seconds
# Every status is a result of its board.
HTTPERROR_ALLOW_ALL = True

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    "crawlers.hosts.HostGuard": 40,  # before robots.txt is asked of the host
    "crawlers.replay.ReplayMiddleware": 120,  # after robots.txt was asked of the platform
    "crawlers.patience.Patience": 550,
} | ({} if _is_replay else {"crawlers.keys.KeyRing": 130})
EXTENSIONS = {"crawlers.log_lines.LogLines": 0}

INTERNFLOW_REPLAY_URL = _settings.replay_url

# The extension sets up our own log lines; Scrapy's handler would say each of them a second time.
LOG_INSTALL_ROOT_HANDLER = False
