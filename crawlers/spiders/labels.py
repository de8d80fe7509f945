"""Label files, read row by row."""

from __future__ import annotations

from crawlers.spiders.source import SourceSpider


class LabelsSpider(SourceSpider):
    """`scrapy crawl labels -a source=ID`, or `-a url=URL` for a source that is not in the catalog."""

    name = "labels"
    kind = "labels"
