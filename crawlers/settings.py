"""Scrapy's settings, for `scrapy crawl` and for collect alike; collect adds what CrawlOptions say."""

from __future__ import annotations

from crawlers.politeness import CrawlOptions

_OPTIONS = CrawlOptions()

BOT_NAME = "crowsnest"
SPIDER_MODULES = ["crawlers.spiders"]
USER_AGENT = _OPTIONS.user_agent

# Asyncio instead of Twisted's reactor: it can run again in the same process.
TWISTED_REACTOR_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
STATS_DUMP = False
LOG_LEVEL = "WARNING"
LOGSTATS_INTERVAL = 0

CROWSNEST_ARCHIVE = "archive-of-scrapy"
CROWSNEST_CONTACT = ""
CROWSNEST_MAX_BYTES = _OPTIONS.max_bytes

# Oldest links first; the default is last in, first out.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = _OPTIONS.start_delay
AUTOTHROTTLE_MAX_DELAY = _OPTIONS.max_delay
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY = 0
DOWNLOAD_TIMEOUT = _OPTIONS.timeout
CONCURRENT_REQUESTS = 8
# More would start as many idle tasks for every answer.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_VERIFY_CERTIFICATES = True
# A body too long or torn is kept as far as it came: crawlers/middlewares.py cuts, archives and says so.
DOWNLOAD_MAXSIZE = 0
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False
REDIRECT_MAX_TIMES = _OPTIONS.max_redirects
COOKIES_ENABLED = False
COMPRESSION_ENABLED = False
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
REFERER_ENABLED = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.8",
}
DOWNLOAD_HANDLERS = {
    "http": "crawlers.handler.HttpHandler",
    "https": "crawlers.handler.HttpHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "crawlers.middlewares.RobotsMiddleware": 100,
    "crawlers.middlewares.RetryMiddleware": 550,
    "crawlers.middlewares.RedirectPolicy": 600,
    "crawlers.middlewares.ArchiveMiddleware": 900,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
}
FEEDS = {"stdout:": {"format": "jsonlines"}}
