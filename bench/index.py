"""Indexing beside the bare engines, then the searches of bench/latency.py.

python -m bench.index [--documents 1000000] [--elasticsearch]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tantivy

from bench.corpus import Market
from bench.latency import FOUND, searches
from bench.table import Table, skipped
from index.embedded import TantivyEngine
from index.embedded_writer import prepare, schema
from index.facets_tantivy import SET_FIELDS, set_name, together
from index.fields import KEYWORD_FIELDS, NUMBER_FIELDS, fields
from index.port import SearchDocument

ROUNDS = 5
BATCH = 1000
SIZE = 5000
"""Documents of a comparison, articles of 400 words among them; a server gets fewer, since it is slower."""
UNANALYSED = "tantivy, no analysis"
_HEAP = 128 << 20

Row = tuple[str, ...]


def measured(work: Callable[[], None], count: int) -> tuple[float, float]:
    """Return documents per second, and per second of this process's CPU time."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return count / (time.perf_counter() - began), count / (time.process_time() - used)


def compared(ours: Callable[[], None], controls: dict[str, Callable[[], None]], count: int) -> list[Row]:
    """Return a row for each control: ours and the control in documents per second, and the ratios.

    Measured in turns; each figure is the median of ROUNDS, a ratio that of the rounds' ratios.
    """
    rounds = []
    for _ in range(ROUNDS):
        theirs = {name: measured(work, count) for name, work in controls.items()}
        rounds.append((measured(ours, count), theirs))
    rows: list[Row] = []
    for name in controls:
        mine = statistics.median(own for (own, _), _ in rounds)
        bare = statistics.median(theirs[name][0] for _, theirs in rounds)
        ratio, cpu = (
            statistics.median(own[clock] / theirs[name][clock] for own, theirs in rounds) for clock in (0, 1)
        )
        target = "" if name == UNANALYSED else ">= 0.70"
        rows.append((name, f"{mine:,.0f}", f"{bare:,.0f}", f"{ratio:.2f}", f"{cpu:.2f}", target))
    return rows


def embedded(made: Sequence[SearchDocument]) -> list[Row]:
    """Compare our engine with tantivy's own writer, in two ways.

    "its own analysis": the same documents, stored the same, with the same fields and columns, which tantivy
    splits, folds and stems by itself; this is what the target means. "no analysis": tantivy is handed the
    fields that we made beforehand, so that all of our analysis counts as loss.
    """
    stored = [document.model_dump_json().encode() for document in made]
    finished = [fields(document) for document in made]
    # What a program has at hand anyway is not measured: the document as a dictionary.
    plain = [{**values, **_texts(document)} for document, values in zip(made, finished, strict=True)]

    def ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = TantivyEngine(Path(folder))
            with engine.rebuild() as (_, writer):
                for start in range(0, len(made), BATCH):
                    writer.put(made[start : start + BATCH])

    def bare(native: bool, rows: Sequence[dict[str, Any]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            index = tantivy.Index(_native() if native else schema(), path=folder)
            prepare(index)
            for name, analyzer in _analyzers().items():
                index.register_tokenizer(name, analyzer)
            writer = index.writer(_HEAP, 2)
            for document, text, values in zip(made, stored, rows, strict=True):
                writer.add_document(_plain(document.id, text, values))
            writer.commit()
            writer.wait_merging_threads()

    controls = {
        "tantivy, its own analysis": lambda: bare(True, plain),
        UNANALYSED: lambda: bare(False, finished),
    }
    return compared(ours, controls, len(made))


def _texts(document: SearchDocument) -> dict[str, str]:
    text = f"{document.title}\n{document.body}"
    return {
        "text": text,
        "text_stems": text,
        "title": document.title,
        "title_stems": document.title,
        "company_names": " ".join(document.company_names),
        "place_names": " ".join(document.place_names),
        "publisher": document.publisher,
    }


def _analyzers() -> dict[str, tantivy.TextAnalyzer]:
    def built(*more: tantivy.Filter) -> tantivy.TextAnalyzer:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), *more):
            builder = builder.filter(step)
        return builder.build()

    return {"words": built(), "stems": built(tantivy.Filter.stemmer("english"))}


def _native() -> tantivy.Schema:
    """Return the fields of our index, analysed by tantivy."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in ("text", "title", "company_names", "place_names", "publisher"):
        builder.add_text_field(name, tokenizer_name="words")
    for name in ("text_stems", "title_stems"):
        builder.add_text_field(name, tokenizer_name="stems")
    for name in (*KEYWORD_FIELDS, *map(set_name, SET_FIELDS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*NUMBER_FIELDS, "newest", "cheapest"):
        builder.add_integer_field(name, indexed=name in NUMBER_FIELDS, fast=True)
    return builder.build()


def _plain(key: str, stored: bytes, values: dict[str, Any]) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", key)
    made.add_bytes("document", stored)
    for name, value in values.items():
        if isinstance(value, str):
            made.add_text(name, value)
        elif isinstance(value, int):
            made.add_integer(name, value)
        elif value:
            for keyword in value:
                made.add_text(name, keyword)
            if name in SET_FIELDS:
                made.add_text(set_name(name), together(value))
    return made


def elasticsearch(made: Sequence[SearchDocument], url: str) -> list[Row]:
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
    rows = compared(ours, {"the client's bulk helper": bare}, len(made))
    engine.close()
    client.close()
    # Most of the work is the server's, whose CPU time is not this process's.
    return [(*row[:4], "", *row[5:]) for row in rows]


def _speed(title: str, rows: Sequence[Row], command: str) -> Table:
    columns = ("beside", "ours, documents/s", "bare, documents/s", "ratio", "CPU ratio", "target")
    load = os.getloadavg()[0]
    note = (
        f"In turns, median of {ROUNDS} rounds, with the same fields and stored documents on both sides. CPU "
        "ratio: of documents per CPU second of this process, which other work "
        "on the machine changes less. Without analysis the engine is handed text that is split and stemmed "
        f"already: all of our analysis counts as loss. Load average {load:.1f} at the end."
    )
    return Table(title, command, columns, tuple(rows), note)


def tables(documents: int = FOUND, *, server: bool = True) -> list[Table]:
    """Return indexing speed beside the bare engines, and search latency over `documents` documents."""
    made = list(Market().documents(SIZE, 400))
    found = [_speed("Indexing, embedded engine", embedded(made), "python -m bench.index")]
    if server:
        found.append(_on_server(made[: SIZE // 2]))
    found.append(searches(documents))
    return found


def _on_server(made: Sequence[SearchDocument]) -> Table:
    from tests.elasticsearch.server import MissingError, running

    title, command = "Indexing, Elasticsearch", "python -m bench.index --elasticsearch"
    try:
        with running() as url:
            return _speed(title, elasticsearch(made, url), command)
    except MissingError as error:
        return skipped(title, command, str(error))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=FOUND)
    options.add_argument("--elasticsearch", action="store_true", help="also measure the tests' server")
    asked = options.parse_args(arguments)
    for table in tables(asked.documents, server=asked.elasticsearch):
        sys.stdout.write(table.markdown() + "\n")


if __name__ == "__main__":
    main()
