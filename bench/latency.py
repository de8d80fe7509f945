"""How long a search with three facets takes, by kind of question; measured by `python -m bench.index`."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.corpus import Market
from bench.questions import Asker
from bench.table import Table
from index.embedded import TantivyEngine
from index.port import Facet, SearchDocument, SearchEngine

FOUND = 200_000
"""Documents of the measured searches unless more are asked for."""
QUESTIONS = 400
FACETS: tuple[Facet, ...] = ("company", "topic", "month")

Row = tuple[str, ...]


def searches(count: int) -> Table:
    """Return how long searches with three facets take over `count` documents; each is asked once."""
    market = Market()
    with tempfile.TemporaryDirectory() as folder:
        engine = TantivyEngine(Path(folder))
        with engine.rebuild() as (_, writer):
            for batch in _batches(market.documents(count, 100), 5000):
                writer.put(batch)
        asker = Asker(market)
        taken: dict[str, list[tuple[float, int]]] = {}
        for name, query in asker.mix(QUESTIONS):
            taken.setdefault(name, []).append(_timed(engine, query))
        every = [one for times in taken.values() for one in times]
        rows = [_times(name, taken[name]) for name in sorted(taken, key=lambda name: -len(taken[name]))]
        rows.append((*_times("all", every)[:-1], "p95 <= 50 ms"))
        rows += [
            _times(f"not in the mix: {name}", [_timed(engine, query) for _ in range(5)])
            for name, query in asker.hard()
        ]
        engine.close()
    return Table(
        f"Searches over {count:,} documents, embedded engine",
        f"python -m bench.index --documents {count}",
        ("search", "asked", "hits, median", "median ms", "p95 ms", "target"),
        tuple(rows),
        "Facets company, topic and month over all hits, and ten hits with their documents. Articles of 100 "
        f"words. The target is for 1,000,000 documents; load average {os.getloadavg()[0]:.1f} at the end.",
    )


def _timed(engine: SearchEngine, query: Any) -> tuple[float, int]:
    began = time.perf_counter()
    found = engine.search(query, facets=FACETS, limit=10)
    return time.perf_counter() - began, found.total


def _times(name: str, taken: Sequence[tuple[float, int]]) -> Row:
    times = sorted(seconds * 1000 for seconds, _ in taken)
    hits = statistics.median(total for _, total in taken)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    return name, str(len(times)), f"{hits:,.0f}", f"{statistics.median(times):.1f}", f"{p95:.1f}", ""


def _batches(documents: Iterable[SearchDocument], size: int) -> Iterable[list[SearchDocument]]:
    batch: list[SearchDocument] = []
    for document in documents:
        batch.append(document)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch
