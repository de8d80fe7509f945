"""Indexing against the bare engines, and how long a search with three facets takes.

`python -m bench.index [--documents N] [--elasticsearch]` prints documents per second of ours and of the bare
library on the same prepared fields, interleaved, median of five rounds; then the latency of searches over N
documents in the embedded index, percentiles over a fixed list of queries.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tantivy

from index.embedded import TantivyEngine
from index.embedded_writer import prepare, schema
from index.fields import fields
from index.parse import parse
from index.port import Facet, Filters, SearchDocument, SearchEngine, narrowed

ROUNDS = 5
BATCH = 1000
SIZE = 3000
FACETS: tuple[Facet, ...] = ("company", "topic", "month")
TOPICS = ("pricing", "expansion", "outage", "funding", "regulation", "product", "leadership")
START = datetime(2025, 1, 1, tzinfo=UTC)


def documents(count: int, words: int, seed: int = 1) -> Iterator[SearchDocument]:
    """Yield `count` articles of about `words` words, whose frequencies fall as in a language (Zipf)."""
    chance = random.Random(seed)  # noqa: S311 - test data, no secret
    vocabulary = [_word(chance) for _ in range(20_000)]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
    pool = chance.choices(vocabulary, weights, k=2_000_000)
    for number in range(count):
        start = chance.randrange(len(pool) - 2 * words)
        date = START + timedelta(minutes=chance.randrange(950_000))
        yield SearchDocument(
            id=f"a{number:08}",
            kind="article",
            capture_id=f"c{number:08}",
            source_id=f"source-{number % 40}",
            url=f"https://paper-{number % 40}.example/{number}",
            publisher=f"Paper {number % 40}",
            title=" ".join(pool[start : start + 8]).capitalize(),
            body=" ".join(pool[start + 8 : start + 8 + chance.randrange(words // 2, words * 3 // 2)]) + ".",
            date=date,
            day=date.date().isoformat(),
            companies=tuple(f"company-{chance.randrange(40)}" for _ in range(chance.randrange(3))),
            topics=tuple(chance.sample(TOPICS, chance.randrange(3))),
            states=("SC",) if number % 3 else ("NC",),
            counties=(f"45{chance.randrange(46) * 2 + 1:03}",),
        )


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(chance.randrange(1, 5))
    )


def rate(work: Callable[[], None], count: int) -> float:
    """Return documents per second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def compared(ours: Callable[[], None], bare: Callable[[], None], count: int) -> tuple[float, float, float]:
    """Return the medians of ours, of the bare way and of their ratio, measured in turns."""
    pairs = [(rate(bare, count), rate(ours, count)) for _ in range(ROUNDS)]
    return (
        statistics.median(mine for _, mine in pairs),
        statistics.median(theirs for theirs, _ in pairs),
        statistics.median(mine / theirs for theirs, mine in pairs),
    )


def embedded(made: Sequence[SearchDocument]) -> tuple[float, float, float]:
    """Compare with a tantivy writer that is handed the finished fields of the same documents."""
    ready = [(document.id, document.model_dump_json().encode(), fields(document)) for document in made]

    def ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = TantivyEngine(Path(folder))
            with engine.rebuild() as (_, writer):
                for start in range(0, len(made), BATCH):
                    writer.put(made[start : start + BATCH])

    def bare() -> None:
        with tempfile.TemporaryDirectory() as folder:
            index = tantivy.Index(schema(), path=folder)
            prepare(index)
            writer = index.writer(128 << 20, 2)
            for key, stored, values in ready:
                writer.add_document(_plain(key, stored, values))
            writer.commit()
            writer.wait_merging_threads()

    return compared(ours, bare, len(made))


def _plain(key: str, stored: bytes, values: dict[str, Any]) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", key)
    made.add_bytes("document", stored)
    for name, value in values.items():
        if isinstance(value, str):
            made.add_text(name, value)
        elif isinstance(value, int):
            made.add_integer(name, value)
        else:
            for keyword in value or ():
                made.add_text(name, keyword)
    return made


def elasticsearch(made: Sequence[SearchDocument], url: str) -> tuple[float, float, float]:
    """Compare with the client's bulk helper that is handed the finished bodies of the same documents."""
    from elasticsearch import Elasticsearch
    from elasticsearch.helpers import bulk

    from index.elastic import ElasticEngine

    engine = ElasticEngine(url, alias="bench")
    client = Elasticsearch(url)
    ready = [
        {
            **{name: value for name, value in fields(document).items() if value not in (None, "", [])},
            "document": document.model_dump_json(),
        }
        for document in made
    ]

    def ours() -> None:
        with engine.rebuild() as (_, writer):
            for start in range(0, len(made), BATCH):
                writer.put(made[start : start + BATCH])

    def bare() -> None:
        # The template that our engine has put makes this an index of the same mappings.
        name = f"bench-bare-{time.perf_counter_ns()}"
        actions = (
            {"_index": name, "_id": d.id, "_source": body} for d, body in zip(made, ready, strict=True)
        )
        bulk(client, actions, chunk_size=BATCH)
        client.indices.refresh(index=name)
        client.indices.delete(index=name)

    ours()
    return compared(ours, bare, len(made))


QUERIES = ("{0}", "{20} {300}", '"{2} {5}"', "{1} OR {40}", "{3} -{10}", "{700}*", "{15} published:2026", "*")


def latencies(engine: SearchEngine, words: Sequence[str], rounds: int) -> list[float]:
    """Return the seconds that each of a fixed list of searches with three facets took."""
    taken = []
    for number in range(rounds):
        for form in QUERIES:
            text = form.format(*words[number:])
            narrow = Filters(companies=frozenset({"company-7"})) if number % 4 == 3 else Filters()
            began = time.perf_counter()
            engine.search(narrowed(parse(text), narrow), facets=FACETS, limit=10)
            taken.append(time.perf_counter() - began)
    return sorted(taken)


@contextmanager
def filled(count: int) -> Iterator[tuple[SearchEngine, list[str]]]:
    """Give an embedded index of `count` documents of 60 words, and its words, the most frequent first."""
    with tempfile.TemporaryDirectory() as folder:
        engine = TantivyEngine(Path(folder))
        with engine.rebuild() as (_, writer):
            batch: list[SearchDocument] = []
            for document in documents(count, 60):
                batch.append(document)
                if len(batch) == 5000:
                    writer.put(batch)
                    batch = []
            writer.put(batch)
        chance = random.Random(1)  # noqa: S311 - the same draw as in documents()
        yield engine, list(dict.fromkeys(_word(chance) for _ in range(20_000)))
        engine.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument(
        "--elasticsearch", action="store_true", help="start the tests' server and measure it"
    )
    asked = options.parse_args(arguments)
    made = list(documents(SIZE, 400))
    say = sys.stdout.write
    say(_line("tantivy", embedded(made)))
    if asked.elasticsearch:
        from tests.elasticsearch.server import running

        with running() as url:
            say(_line("Elasticsearch", elasticsearch(made, url)))
    with filled(asked.documents) as (engine, words):
        taken = latencies(engine, words, 25)
    half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    say(
        f"search with three facets, {asked.documents:,} documents: median {half * 1000:.1f} ms, "
        f"p95 {most * 1000:.1f} ms (target 50 ms at 1,000,000)\n"
    )


def _line(name: str, measured: tuple[float, float, float]) -> str:
    ours, bare, ratio = measured
    return f"index, {name}: {ours:,.0f} documents/s, bare {bare:,.0f}, ratio {ratio:.2f} (target 0.7)\n"


if __name__ == "__main__":
    main()
