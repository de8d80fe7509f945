"""Collect: one crawler per host over all due sources, any number of times in one process."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from crawlers import settings as project
from crawlers.politeness import CrawlOptions, host_of
from crawlers.run import CrawlRun, Progress
from crawlers.spiders.source import SourceSpider
from market.clock import Clock
from market.ports import Frontier, Sink, Validators
from market.records import Link, Source

__all__ = ["CrawlOptions", "collect"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_Links = Sequence[tuple[Source, Link]]


def collect(
    sources: Sequence[Source],
    *,
    archive_dir: Path,
    run_id: str,
    now: Clock,
    sink: Sink,
    validators: Validators,
    frontier: Frontier,
    options: CrawlOptions | None = None,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Ask for every enabled source and for the pages its feed tells of; return counts.

    What goes wrong with a source is an issue. Raises UnavailableError when the archive cannot be written,
    whatever the sink raises, and KeyboardInterrupt after a first Ctrl-C has been heeded: what was captured
    until then is kept. Must not be called from a running event loop.
    """
    run = CrawlRun(
        archive_dir=archive_dir,
        run_id=run_id,
        now=now,
        sink=sink,
        validators=validators,
        frontier=frontier,
        options=options or CrawlOptions(),
        progress=progress,
    )
    usable = [source for source in sources if source.enabled and source.terms.allowed]
    run.counts["skipped"] = len(sources) - len(usable)
    ended_well = False
    try:
        with _quiet_logs():
            asyncio.run(_crawl_all(run, usable))
        if run.failure is None:
            run.tell_blocked(usable)
            ended_well = True
    finally:
        run.writer.close(complete=ended_well)
        run.robots.save()
    if run.failure is not None:
        raise run.failure
    if run.pace.stopping.is_set():
        raise KeyboardInterrupt
    return {name: count for name, count in sorted(run.counts.items()) if count}


async def _crawl_all(run: CrawlRun, sources: Sequence[Source]) -> None:
    crawlers: set[Crawler] = set()
    tasks: set[asyncio.Task[None]] = set()
    room = asyncio.Semaphore(run.options.hosts_at_once)

    def stop() -> None:
        run.pace.stopping.set()
        for crawler in list(crawlers):
            task = asyncio.ensure_future(_stop(crawler))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    run.stop = stop

    async def one(host: str, own: Sequence[Source], links: _Links) -> None:
        async with room:
            if run.pace.stopping.is_set():
                return
            crawler = _crawler(run, host)
            crawlers.add(crawler)
            try:
                await crawler.crawl_async(sources=own, links=links)
            finally:
                crawlers.discard(crawler)

    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_host[host_of(source.url)].append(source)
    with _interruptible(stop):
        await asyncio.gather(*(one(host, own, ()) for host, own in by_host.items()))
        # Pages never lead on to further pages, so one more round ends it.
        elsewhere, run.elsewhere = run.elsewhere, defaultdict(list)
        await asyncio.gather(*(one(host, (), links) for host, links in elsewhere.items()))


async def _stop(crawler: Crawler) -> None:
    # Scrapy forgets a stop that comes before its engine runs, and such a crawl would never end.
    while crawler.crawling and not _runs(crawler):
        await asyncio.sleep(0.01)
    await crawler.stop_async()


def _runs(crawler: Crawler) -> bool:
    try:
        return crawler.engine is not None and bool(crawler.engine.running)
    except RuntimeError:
        return False


class _RunCrawler(Crawler):
    """A crawler that knows the run it is part of: live objects do not fit into Settings."""

    crawl_run: CrawlRun


def _crawler(run: CrawlRun, host: str) -> Crawler:
    options = run.options
    local = options.is_local(host)
    settings = Settings()
    settings.setmodule(project, priority="project")
    settings.update(
        {
            "USER_AGENT": options.user_agent,
            "AUTOTHROTTLE_ENABLED": not local,
            "AUTOTHROTTLE_START_DELAY": 0 if local else options.start_delay,
            "AUTOTHROTTLE_MAX_DELAY": options.max_delay,
            # Our own hosts have certificates of our own, if any; reading the world's takes 20 ms a host.
            "DOWNLOAD_VERIFY_CERTIFICATES": not local,
            "DOWNLOAD_TIMEOUT": options.timeout,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if local else 2,
            "REDIRECT_MAX_TIMES": options.max_redirects,
            "FEEDS": {},
            "LOG_ENABLED": False,
        },
        priority="cmdline",
    )
    crawler = _RunCrawler(SourceSpider, settings)
    crawler.crawl_run = run

    def spider_error(failure: Any, response: Any, spider: Any) -> None:
        if run.failure is None:
            source = response.meta.get("source") if response is not None else None
            text = f"{type(failure.value).__name__}: {failure.value}"
            run.issue(
                source,
                "crawler-error",
                f"The answer could not be handled ({text}); it stays in the archive. Please report this.",
                url=getattr(response, "url", None),
            )

    crawler.signals.connect(spider_error, signals.spider_error, weak=False)
    return crawler


@contextmanager
def _interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """While inside, a first Ctrl-C or SIGTERM calls `stop`, a second one breaks off at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def handle(handler: Callable[[], None]) -> None:
        for number in _SIGNALS:
            loop.add_signal_handler(number, handler)

    def first() -> None:
        handle(second)
        stop()

    def second() -> None:
        raise KeyboardInterrupt

    handle(first)
    try:
        yield
    finally:
        for number, handler in before.items():
            # Removing resets a signal to its default, which is not what was there before.
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """While inside, Scrapy's own log lines stay away: what went wrong is told by issues."""
    levels = {name: logging.getLogger(name).level for name in ("scrapy", "aiohttp", "asyncio")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
