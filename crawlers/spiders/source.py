"""The spider that all kinds share: asks for sources and article pages, and lands what comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.failures import explain
from crawlers.items import Captured
from crawlers.landing import Landing, land
from crawlers.politeness import host_of, url_problem
from crawlers.readers.feed import FeedItem, read_feed
from crawlers.run import CrawlRun, run_of
from market.records import Capture, Link, Source
from market.records.capture import ReaderName
from market.records.source import SourceKind

MOST_TOLD = 5
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
            callback=self.landed,
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
        """Take an archived answer: keep the capture, and go on to where it leads."""
        run = self.run_state
        assert response.request is not None  # noqa: S101
        meta = response.request.meta
        source: Source = meta["source"]
        place, wire = meta["archived"]
        landing = land(place, wire, meta["known"], decoded_limit=run.options.max_decoded_bytes)
        links: list[Link] = []
        if landing.body and landing.capture.changed and landing.capture.reader == "feed":
            landing, links = self._read_feed(source, landing)
        run.keep(landing, links)
        self._settle(source, landing)
        follow: list[Any] = [Captured(capture=landing.capture, links=tuple(links))] if run.bare else []
        if links:
            follow.extend(self.pending(source))
        return follow

    def failed(self, failure: Failure) -> None:
        """Record why a request brought no answer."""
        run = self.run_state
        meta = failure.request.meta  # type: ignore[attr-defined]
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

    def _read_feed(self, source: Source, landing: Landing) -> tuple[Landing, list[Link]]:
        run = self.run_state
        capture = landing.capture
        reading = read_feed(landing.body, capture.final_url, capture.media_type)
        tell = partial(run.issue, source, url=source.url, capture_id=capture.id)
        if reading.problem:
            tell(reading.problem.code, reading.problem.message)
            if not reading.items:
                unread = capture.model_copy(update={"reader": None})
                return landing.model_copy(update={"capture": unread, "validator": None}), []
        if len(reading.items) < source.expect.min:
            tell(
                "source-drifted",
                f"The feed has {len(reading.items)} items; {source.expect.min} or more were expected: "
                "look whether it has moved.",
                level="warning",
            )
        run.counts["feed_items"] += len(reading.items)
        links: dict[str, Link] = {}
        refused: dict[str, list[tuple[FeedItem, str]]] = defaultdict(list)
        for item in reading.items:
            code, problem = self._item_problem(source, item)
            if problem:
                refused[code].append((item, problem))
            else:
                links.setdefault(item.url, _link(source, capture, item))
        for code, items in refused.items():
            _tell_refused(tell, code, items)
        return landing, list(links.values())[: source.options.max_items]

    def _item_problem(self, source: Source, item: FeedItem) -> tuple[str, str]:
        if not item.url:
            return "feed-item-without-link", "has no link to a page"
        problem = url_problem(item.url, private_ok=self.run_state.private_ok(source))
        told = f"leads to {item.url[:200]!r}, which was not followed: {problem}" if problem else ""
        return "link-refused", told


def _tell_refused(tell: Callable[..., None], code: str, items: list[tuple[FeedItem, str]]) -> None:
    """Tell of each item that led nowhere; of many in one, so that a bad feed does not bury the others."""
    if len(items) > MOST_TOLD:
        titles = [item.title for item, _ in items[:MOST_TOLD]]
        message = f"{len(items)} items of the feed lead to no page; the first {items[0][1]}."
        tell(code, message, level="warning", data={"items": len(items), "titles": titles})
        return
    for item, problem in items:
        data = {"item": item.number, "title": item.title, "published": item.published_raw}
        message = f"Item {item.number} of the feed, {item.title[:80]!r}, {problem}."
        tell(code, message, level="warning", data=data)


def _link(source: Source, capture: Capture, item: FeedItem) -> Link:
    return Link(
        source_id=source.id,
        url=item.url,
        title=item.title,
        published_raw=item.published_raw,
        updated_raw=item.updated_raw,
        seen_at=capture.fetched_at,
    )
