"""Fetch and archive against bare Scrapy, and an unchanged second pass against the first.

`python -m bench.collect` prints both. Pages are served gzip-encoded by another process on loopback; the
two ways take turns within one run on the same server and the medians are compared. Bare Scrapy runs
on asyncio as well (its Twisted reactor cannot run twice in a process), with its defaults and a spider that
looks at each body once.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from bench.table import Table
from crawlers.collect import CrawlOptions, collect
from crawlers.memory import Memory
from market.clock import FixedClock
from market.records import Source

PAGES = 400
ROUNDS = 5
_NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_WORDS = ("fiber", "harbor", "county", "network", "build", "homes", "passed", "plan", "price", "council")


def page(number: int, size: int = 60_000) -> bytes:
    """Return a page of about `size` bytes, different for each number, that packs like real ones."""
    chance = random.Random(number)
    words: list[str] = []
    length = 0
    while length < size:
        word = chance.choice(_WORDS) + (f"-{chance.randrange(10**6)}" if chance.random() < 0.2 else "")
        words.append(word)
        length += len(word) + 1
    return f"<html><head><title>{number}</title></head><body><p>{' '.join(words)}</p></body></html>".encode()


class Site(AbstractContextManager["Site"]):
    """A feed and its pages, gzip-encoded, with ETags, served by another process."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        here, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(pages, there), daemon=True
        )
        self._here = here

    def __enter__(self) -> Site:
        self._process.start()
        self.port: int = self._here.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    def url(self, path: str) -> str:
        """Return the URL of a path."""
        return f"http://127.0.0.1:{self.port}{path}"


def _serve(pages: int, pipe: Connection) -> None:
    bodies = {f"/a/{number}": gzip.compress(page(number), 6) for number in range(pages)}
    items = "".join(f"<item><title>Story {n}</title><link>/a/{n}</link></item>" for n in range(pages))
    rss = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    bodies["/feed"] = gzip.compress(rss.encode())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                body = bodies.get(path)
                if body is None:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif f'"{path}"' in head.lower():
                    writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
                else:
                    kind = "application/rss+xml" if path == "/feed" else "text/html; charset=utf-8"
                    lines = f"Content-Type: {kind}\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"
                    writer.write(f'HTTP/1.1 200 OK\r\nETag: "{path}"\r\n{lines}\r\n\r\n'.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


class _BareSpider(Spider):
    name = "bare"

    def __init__(self, urls: list[str]) -> None:
        super().__init__()
        self.urls = urls
        self.seen = 0

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url)

    def parse(self, response: Response) -> None:
        self.seen += len(response.body) > 0


def bare(site: Site) -> int:
    """Fetch every page with bare Scrapy; return how many came."""
    urls = [site.url("/feed")] + [site.url(f"/a/{number}") for number in range(site.pages)]
    crawler = Crawler(_BareSpider, {"TWISTED_REACTOR_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    asyncio.run(crawler.crawl_async(urls))
    return int(getattr(crawler.spider, "seen", 0))


def ours(site: Site, folder: Path, memory: Memory, run_id: str) -> int:
    """Collect the feed and its pages into an archive; return how many captures can be read."""
    source = Source(id="bench", kind="feed", url=site.url("/feed"))
    counts = collect(
        [source],
        archive_dir=folder,
        run_id=run_id,
        now=FixedClock(_NOW),
        sink=memory,
        validators=memory,
        frontier=memory,
        options=CrawlOptions(),
    )
    return counts.get("changed", 0) + counts.get("unchanged", 0)


def _timed(work: Callable[[], int], expected: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    got = work()
    if got != expected:
        raise RuntimeError(f"{got} pages came instead of {expected}")
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> dict[str, float]:
    """Return pages/s of both ways, their ratio, and the second pass's CPU as a share of the first's."""
    bare_times: list[float] = []
    our_times: list[float] = []
    shares: list[float] = []
    levels = {name: logging.getLogger(name).level for name in ("scrapy", "asyncio")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with Site(pages) as site, tempfile.TemporaryDirectory() as folder:
            bare(site)
            for number in range(rounds):
                memory = Memory()
                bare_times.append(_timed(partial(bare, site), pages + 1)[0])
                place = Path(folder) / str(number)
                first = _timed(partial(ours, site, place, memory, "first"), pages + 1)
                second = _timed(partial(ours, site, place, memory, "second"), 1)
                our_times.append(first[0])
                shares.append(second[1] / first[1])
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    theirs, mine = statistics.median(bare_times), statistics.median(our_times)
    return {
        "bare_pages_per_s": (pages + 1) / theirs,
        "pages_per_s": (pages + 1) / mine,
        "ratio": theirs / mine,
        "second_pass_cpu_share": statistics.median(shares),
    }


def tables() -> list[Table]:
    """Return the measurements as a table."""
    got = measure()
    return [
        Table(
            "Fetch and archive, pages served gzip-encoded",
            "python -m bench collect",
            ("what", "ours", "baseline", "ratio", "target"),
            (
                (
                    "pages/s against bare Scrapy (asyncio)",
                    f"{got['pages_per_s']:.0f}",
                    f"{got['bare_pages_per_s']:.0f}",
                    f"{got['ratio']:.2f}",
                    ">= 0.75",
                ),
                (
                    "CPU of a second pass over an unchanged web, against the first",
                    "",
                    "",
                    f"{got['second_pass_cpu_share']:.3f}",
                    "<= 0.10",
                ),
            ),
        )
    ]
