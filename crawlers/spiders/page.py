"""Plan pages, read for their offers."""

from __future__ import annotations

from crawlers.spiders.source import SourceSpider


class PageSpider(SourceSpider):
    """`scrapy crawl page -a source=ID`, or `-a url=URL` for a source that is not in the catalog."""

    name = "page"
    kind = "page"
