"""Feeds: reads the feed, then the article pages it tells of."""

from __future__ import annotations

from crawlers.spiders.source import SourceSpider


class FeedSpider(SourceSpider):
    """`scrapy crawl feed -a source=ID`, or `-a url=URL` for a source that is not in the catalog."""

    name = "feed"
    kind = "feed"
