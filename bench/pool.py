"""What a second process gains when captures are read, against what a pure CPU loop gains meanwhile."""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.response import Response, Tags
from archive.writer import WarcWriter
from bench.collect import page
from bench.table import Table
from crawlers.landing import land
from crawlers.readers import VERSIONS
from crowsnest.pool import ReadPool
from market.clock import SystemClock
from market.records import Capture, Source

PAGES = 160
ROUNDS = 5
_SOURCE = Source(id="bench", kind="feed", url="http://127.0.0.1/feed")


def captures(folder: Path) -> list[tuple[Capture, Source]]:
    """Archive PAGES pages and return their captures."""
    clock = SystemClock()
    writer = WarcWriter(folder, "bench", clock)
    found = []
    for number in range(PAGES):
        url = f"http://127.0.0.1/{number}"
        response = Response(
            url=url,
            status=200,
            headers=((b"Content-Type", b"text/html"),),
            body=page(number),
            at=clock.now(),
            tags=Tags(source_id="bench", run_id="bench", asked_url=url, reader="article"),
        )
        place = writer.write(response)
        found.append((land(place, response, None, decoded_limit=10_000_000).capture, _SOURCE))
    writer.close(complete=True)
    return found


def _spin(_: int) -> int:
    total = 0
    for number in range(4_000_000):
        total += number & 7
    return total


def loop_seconds(workers: int) -> float:
    """Return how long eight CPU loops take on so many processes."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(_spin, range(workers))
        return seconds(lambda: pool.map(_spin, range(8)))


def _read(folder: Path, work: list[tuple[Capture, Source]], workers: int) -> float:
    now = SystemClock().now()
    with ReadPool(folder, workers) as pool:
        list(pool.read(work[: 4 * workers], now, VERSIONS))
        return seconds(lambda: list(pool.read(work, now, VERSIONS)))


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def tables() -> list[Table]:
    """Return the gain of two processes over one, for reading and for the loop, interleaved."""
    loops, reads = [], []
    with tempfile.TemporaryDirectory() as name:
        work = captures(Path(name))
        for _ in range(ROUNDS):
            loops.append(loop_seconds(1) / loop_seconds(2))
            reads.append(_read(Path(name), work, 1) / _read(Path(name), work, 2))
    loop, read = statistics.median(loops), statistics.median(reads)
    return [
        Table(
            "Two processes against one",
            "python -m bench pool",
            ("what", "gain of reading", "gain of a CPU loop", "ratio", "target"),
            ((f"reading {PAGES} captures", f"{read:.2f}", f"{loop:.2f}", f"{read / loop:.2f}", ">= 0.85"),),
        )
    ]
