"""The spider that all kinds share: asks for sources and article pages, and lands what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.failures import explain
from crawlers.feed_links import take_feed
from crawlers.items import Captured
from crawlers.landing import Landing, land
from crawlers.politeness import host_of, url_problem
from crawlers.readers.feed import read_feed
from crawlers.run import CrawlRun, run_of
from market.records import Link, Source
from market.records.capture import ReaderName
from market.records.source import SourceKind

READERS: dict[SourceKind, ReaderName] = {"feed": "feed", "page": "offers", "labels": "labels"}


class SourceSpider(Spider):
    """Crawls one host: its sources, the article links they lead to, and links that others found."""

    name = "host"
    kind: ClassVar[SourceKind | None] = None

    def __init__(
        self,
        crawl_run: CrawlRun,
        sources: Sequence[Source],
        links: Sequence[tuple[Source, Link]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.run_state = crawl_run
        self.sources = sources
        self.links = links
        self.hosts = {host_of(source.url) for source in sources} | {host_of(link.url) for _, link in links}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        """Build it with the crawler's run; a bare `scrapy crawl` names its source by `-a source=ID`."""
        run = run_of(crawler)
        if "sources" not in kwargs:
            from crawlers.bare import bare_source

            kwargs["sources"] = [bare_source(cls.kind, kwargs)]
        return super().from_crawler(crawler, *args, crawl_run=run, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Yield links still pending from earlier runs first, then the sources themselves."""
        for source, link in self.links:
            for request in self.article(source, link):
                yield request
        for source in self.sources:
            if source.kind == "feed":
                for request in self.pending(source):
                    yield request
            if self.run_state.claim(source, source.url):
                yield self.request(source, source.url, READERS[source.kind])

    def request(
        self, source: Source, url: str, reader: ReaderName, hint: Link | None = None, priority: int = 0
    ) -> Request:
        """Return the conditional request for `url`."""
        known = self.run_state.validators.validator(url)
        headers = {}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        meta = {"source": source, "asked": url, "reader": reader, "hint": hint, "known": known}
        return Request(
            url,
            callback=self.landed_feed if reader == "feed" else self.landed,
            errback=self.failed,
            headers=headers,
            meta=meta,
            priority=priority,
            dont_filter=True,
        )

    def pending(self, source: Source) -> Iterator[Request]:
        """Yield requests for the source's pending links; those on another host wait for its crawler."""
        run = self.run_state
        waiting = run.frontier.pending(source.id)
        for link in waiting[: run.options.most_pages]:
            if run.bare or host_of(link.url) in self.hosts:
                yield from self.article(source, link)
            else:
                run.elsewhere[host_of(link.url)].append((source, link))

    def article(self, source: Source, link: Link) -> Iterator[Request]:
        """Yield the request for one article page, unless this run has asked for it."""
        run = self.run_state
        if run.is_shut(source, link.url) or not run.claim(source, link.url):
            return
        if problem := url_problem(link.url, private_ok=run.private_ok(source)):
            run.trouble(source, "link-refused", f"The link was not followed: {problem}.", url=link.url)
            run.link_failed(link, lasting=True)
            run.settled()
            return
        yield self.request(source, link.url, "article", link, priority=1)

    def landed(self, response: Response) -> list[Any]:
        """Take an archived answer: keep the capture."""
        source, landing = self._land(response)
        return self._keep(source, landing, [])

    async def landed_feed(self, response: Response) -> list[Any]:
        """Take an archived feed: keep the capture with its links, and go on to their pages."""
        source, landing = self._land(response)
        capture = landing.capture
        if not (landing.body and capture.changed and capture.reader):
            return self._keep(source, landing, [])
        # A feed of many items takes seconds to parse, and other hosts' answers must not wait for it.
        reading = await asyncio.to_thread(read_feed, landing.body, capture.final_url, capture.media_type)
        landing, links = take_feed(self.run_state, source, landing, reading)
        follow = self._keep(source, landing, links)
        if links:
            follow.extend(self.pending(source))
        return follow

    def _land(self, response: Response) -> tuple[Source, Landing]:
        meta = response.meta
        place, wire = meta["archived"]
        limit = self.run_state.options.max_decoded_bytes
        return meta["source"], land(place, wire, meta["known"], decoded_limit=limit)

    def _keep(self, source: Source, landing: Landing, links: list[Link]) -> list[Any]:
        self.run_state.keep(landing, links)
        self._settle(source, landing)
        return [Captured(capture=landing.capture, links=tuple(links))] if self.run_state.bare else []

    def failed(self, failure: Failure) -> None:
        """Record why a request brought no answer."""
        run = self.run_state
        request: Request = vars(failure)["request"]
        meta = request.meta
        source: Source = meta["source"]
        # What a stopping run breaks off is no failure of the source; the next run asks again.
        if failure.value is None or run.pace.stopping.is_set():
            return
        trouble = explain(failure.value)
        run.settled()
        if trouble is None:
            return
        run.counts["failed"] += 1
        run.trouble(source, trouble.code, trouble.message, url=meta["asked"], level=trouble.level)
        if meta["hint"]:
            run.link_failed(meta["hint"], lasting=trouble.lasting)

    def _settle(self, source: Source, landing: Landing) -> None:
        run = self.run_state
        capture = landing.capture
        trouble = landing.trouble
        if trouble is None:
            run.went_well(source, capture.final_url)
        else:
            run.counts["failed"] += capture.reader is None
            run.trouble(
                source,
                trouble.code,
                trouble.message,
                url=capture.url,
                level=trouble.level,
                capture_id=capture.id,
            )
            if capture.hint and capture.reader is None:
                run.link_failed(capture.hint, lasting=trouble.lasting)
        run.settled()
