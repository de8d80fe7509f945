"""One collect's shared state: what its crawlers, middlewares and spiders tell and ask each other."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from archive.response import Place, Response
from archive.writer import WarcWriter
from crawlers.landing import Landing
from crawlers.politeness import CrawlOptions, Pace, host_of, is_private
from crawlers.robots import Robots
from market.clock import Clock
from market.ports import Frontier, Sink, Validators
from market.records import Issue, Link, Source

Progress = Callable[[str, int, int], None]

BLOCKING = frozenset(
    {
        "robots-disallow",
        "robots-unreachable",
        "http-401",
        "http-403",
        "http-407",
        "http-429",
        "http-451",
        "dns-failure",
        "connection-refused",
        "tls-failure",
        "timeout",
    }
)
"""Codes that say something of a host, not of a page: told once a source, with the number of pages."""
_AT_ONCE = frozenset({"http-429", "dns-failure", "robots-unreachable", "tls-failure"})


class CrawlRun:
    """The state of one collect, hung on each of its crawlers as `crawl_run`."""

    def __init__(
        self,
        *,
        archive_dir: Path,
        run_id: str,
        now: Clock,
        sink: Sink,
        validators: Validators,
        frontier: Frontier,
        options: CrawlOptions,
        progress: Progress | None = None,
        bare: bool = False,
    ) -> None:
        self.run_id = run_id
        self.now = now
        self.sink = sink
        self.validators = validators
        self.frontier = frontier
        self.options = options
        self.writer = WarcWriter(archive_dir, run_id, now, agent=options.user_agent)
        self.robots = Robots(archive_dir / "robots.json", now, options.robots_age)
        self.pace = Pace(options)
        self.bare = bare
        """True under `scrapy crawl`: one crawler asks for all links and yields items to be printed."""
        self.counts: Counter[str] = Counter()
        self.elsewhere: dict[str, list[tuple[Source, Link]]] = defaultdict(list)
        """Article links whose host is not that of the crawler that found them."""
        self.failure: BaseException | None = None
        """What ended the run: the archive or the ledger is away."""
        self.stop: Callable[[], None] = lambda: None
        self._progress = progress
        self._appended = 0
        self._synced = 0
        self._syncing: asyncio.Future[None] | None = None
        self._asked: set[tuple[str, str]] = set()
        self._in_a_row: Counter[tuple[str, str]] = Counter()
        self._blocked: dict[tuple[str, str, str], list[str]] = {}
        self._shut: set[tuple[str, str]] = set()

    async def archive(self, response: Response) -> Place:
        """Append a response and wait until it is on disk; answers that wait together share one sync."""
        try:
            place = self.writer.append(response)
            self._appended += 1
            mine = self._appended
            while self._synced < mine:
                if self._syncing is None:
                    upto = self._appended
                    self._syncing = asyncio.ensure_future(asyncio.to_thread(self.writer.sync))
                    try:
                        await self._syncing
                    finally:
                        self._syncing = None
                    self._synced = upto
                else:
                    await asyncio.wait([self._syncing])
        except Exception as error:
            self.fail(error)
            raise
        return place

    def claim(self, source: Source, url: str) -> bool:
        """Tell whether `url` is still to be asked for in this run, and take it."""
        if (source.id, url) in self._asked:
            return False
        self._asked.add((source.id, url))
        self.counts["asked"] += 1
        return True

    def private_ok(self, source: Source) -> bool:
        """Tell whether the source may lead into a private network: only if it lies in one itself."""
        return is_private(host_of(source.url)) or self.options.is_local(host_of(source.url))

    def keep(self, landing: Landing, links: Sequence[Link] = ()) -> None:
        """Hand a capture to the ledger. A ledger that refuses ends the run; the archive keeps the bytes."""
        self.counts["captures"] += 1
        if landing.capture.reader:
            self.counts["changed" if landing.capture.changed else "unchanged"] += 1
        self._do(lambda: self.sink.capture(landing.capture, validator=landing.validator, links=links))

    def link_failed(self, link: Link, *, lasting: bool) -> None:
        """Count a failed attempt at a link, and give it up when that was the last one."""
        give_up = lasting or link.attempts + 1 >= self.options.attempts
        self.counts["links_given_up" if give_up else "links_failed"] += 1
        self._do(lambda: self.sink.link_failed(link, give_up=give_up))

    def issue(
        self, source: Source | None, code: str, message: str, *, url: str | None = None, **more: Any
    ) -> None:
        """Record an issue of this collect; `more` are further fields of Issue."""
        self.counts["issues"] += 1
        issue = Issue(
            run_id=self.run_id,
            stage="collect",
            code=code,
            source_id=source.id if source else None,
            url=url,
            message=message,
            at=self.now.now(),
            **more,
        )
        self._do(lambda: self.sink.issue(issue))

    def trouble(self, source: Source, code: str, message: str, *, url: str, **more: Any) -> None:
        """Record what went wrong with one URL; what is true of its whole host is told once, at the end."""
        if code not in BLOCKING:
            self.issue(source, code, message, url=url, **more)
            return
        host = host_of(url)
        self._blocked.setdefault((source.id, code, message), []).append(url)
        self._in_a_row[source.id, host] += 1
        if code in _AT_ONCE or self._in_a_row[source.id, host] >= self.options.give_up_host:
            self._shut.add((source.id, host))

    def went_well(self, source: Source, url: str) -> None:
        """Forget a host's failures in a row."""
        self._in_a_row.pop((source.id, host_of(url)), None)

    def is_shut(self, source: Source, url: str) -> bool:
        """Tell whether the source's pages on that host are left alone for the rest of this run."""
        return (source.id, host_of(url)) in self._shut

    def tell_blocked(self, sources: Sequence[Source]) -> None:
        """Record one issue for each block that was met."""
        known = {source.id: source for source in sources}
        for (source_id, code, message), urls in self._blocked.items():
            more = "" if len(urls) == 1 else f" ({len(urls)} pages of {host_of(urls[0])}, this one first.)"
            self.issue(known[source_id], code, message + more, url=urls[0], data={"pages": len(urls)})
        self._blocked.clear()

    def settled(self) -> None:
        """Count one URL as done, however it went."""
        self.counts["done"] += 1
        if self._progress:
            self._progress("collect", self.counts["done"], self.counts["asked"])

    def fail(self, error: BaseException) -> None:
        """End the run because of `error`, which `collect` raises once the crawlers have stopped."""
        self.failure = self.failure or error
        self.stop()

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            self.fail(error)
            raise


def run_of(crawler: Any) -> CrawlRun:
    """Return the state hung on `crawler`; a bare `scrapy crawl` gets one of its own."""
    run = getattr(crawler, "crawl_run", None)
    if run is None:
        from crawlers.bare import bare_run

        run = crawler.crawl_run = bare_run(crawler)
    return cast(CrawlRun, run)
