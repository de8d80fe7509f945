"""Bare `scrapy crawl`: no ledger, so memory stands in for it and items are printed."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from crawlers.memory import Memory
from crawlers.politeness import CrawlOptions, host_of
from crawlers.run import CrawlRun
from market.clock import SystemClock
from market.errors import UsageError
from market.ids import run_id, slug
from market.records import Source
from market.records.source import SourceKind, SourceOptions


def bare_run(crawler: Crawler) -> CrawlRun:
    """Return the run of a crawl without a ledger; `-s CROWSNEST_ARCHIVE=DIR` says where the bytes go."""
    settings = crawler.settings
    clock = SystemClock()
    memory = Memory()
    run = CrawlRun(
        archive_dir=Path(settings["CROWSNEST_ARCHIVE"]),
        run_id=run_id(clock.now().isoformat(), "scrapy" + secrets.token_hex(4)),
        now=clock,
        sink=memory,
        validators=memory,
        frontier=memory,
        options=CrawlOptions(
            contact=settings["CROWSNEST_CONTACT"],
            max_bytes=settings.getint("CROWSNEST_MAX_BYTES"),
            timeout=settings.getfloat("DOWNLOAD_TIMEOUT"),
            start_delay=settings.getfloat("AUTOTHROTTLE_START_DELAY"),
        ),
        bare=True,
    )

    def closed(spider: Any) -> None:
        run.tell_blocked(spider.sources)
        run.robots.save()
        run.writer.close(complete=run.failure is None)
        for issue in memory.issues:
            spider.logger.warning("%s %s %s", issue.code, issue.url, issue.message)

    crawler.signals.connect(closed, signals.spider_closed, weak=False)
    return run


def bare_source(kind: SourceKind | None, arguments: dict[str, Any]) -> Source:
    """Return the source that `-a source=ID` or `-a url=URL` names, with `-a max_items=N` applied."""
    from crawlers.sources import catalog

    name, url = arguments.pop("source", None), arguments.pop("url", None)
    limit = arguments.pop("max_items", None)
    options = SourceOptions(max_items=int(limit)) if limit else SourceOptions()
    if url:
        host = host_of(url)
        return Source(
            id=name or slug(host) or "source", kind=kind or "page", url=url, publisher=host, options=options
        )
    known = {source.id: source for source in catalog()}
    if name not in known:
        raise UsageError(
            "source-unknown",
            f"No source {name!r} in crawlers/catalog: use -a source=ID with an id from there, or -a url=URL.",
        )
    source = known[name]
    if kind and source.kind != kind:
        raise UsageError(
            "source-kind", f"{name} is a {source.kind} source: use `scrapy crawl {source.kind}`."
        )
    if not (source.enabled and source.terms.allowed):
        raise UsageError("source-disabled", f"{name} is disabled: {source.terms.note}")
    return source.model_copy(update={"options": options}) if limit else source
