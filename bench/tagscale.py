"""Tagging at length and in parallel: start, memory over many articles, and what a second process gains.

`python -m bench tagscale` prints the tables; it takes a quarter of an hour or more, so `make bench` leaves it
out. How far it is stands on standard error.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

from bench.pool import loop_seconds, seconds
from bench.table import Table
from market.places.gazetteer import TABLE
from nlp.tag import Tagger, TagInput

ARTICLES = 100_000
EVERY = 10_000
"""After so many articles memory is looked at."""
NEW_WORDS = 5
"""Words of each article that no other has: real news brings one to five new names an article."""
PARALLEL = 240
RUNS = 3
ROUNDS = 3
_COMMAND = "python -m bench tagscale"


def articles(count: int) -> Iterator[TagInput]:
    """Yield short articles of ours, each about two other towns of the gazetteer and with new names."""
    chance = random.Random(4)
    with sqlite3.connect(f"{TABLE.resolve().as_uri()}?mode=ro&immutable=1", uri=True) as db:
        towns = db.execute(
            "SELECT name, state FROM place WHERE kind = 'city' AND country = 'US' AND population > 200"
        ).fetchall()
    for number in range(count):
        city, state = towns[number * 7 % len(towns)]
        other, beyond = towns[(number * 13 + 5) % len(towns)]
        names = ["".join(chance.choices(ascii_lowercase, k=9)).capitalize() for _ in range(NEW_WORDS)]
        text = (
            f"{city.upper()}, {state} - Acme Fiber will wire {number + 500:,} homes in {other}, {beyond}. "
            f"{' '.join(names[:2])} of {' and '.join(names[2:])} spoke."
        )
        yield TagInput(id=str(number), title=f"Fiber comes to {city}", text=text)


def _tell(words: str) -> None:
    sys.stderr.write(f"tagscale: {words}\n")
    sys.stderr.flush()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def memory_table() -> Table:
    """Return the resident memory of one process after so many articles."""
    started = time.perf_counter()
    tagger = Tagger()
    ready = time.perf_counter() - started
    rows = [("before the first", f"{_resident_mb():.0f}", "")]
    words, since = 0, time.perf_counter()
    for number, result in enumerate(tagger.tag(articles(ARTICLES)), 1):
        result.to_json()
        words += len(result.input.title.split()) + len(result.input.text.split())
        if number % EVERY == 0:
            took = time.perf_counter() - since
            rows.append((f"{number:,}", f"{_resident_mb():.0f}", f"{EVERY / took:.0f}"))
            since = time.perf_counter()
            _tell(
                f"{number:,} of {ARTICLES:,} articles, {rows[-1][1]} MB, the last {EVERY:,} in {took:.0f} s"
            )
    return Table(
        "Tagging: memory of one process",
        _COMMAND,
        ("articles", "resident MB", "articles a second"),
        tuple(rows),
        f"Articles of ours of {words / ARTICLES:.0f} words, each with other towns and {NEW_WORDS} words that "
        f"no other has. Tagger() took {ready:.1f} s.",
    )


_tagger: list[Tagger] = []
_inputs: list[TagInput] = []


def _ready() -> None:
    _tagger.append(Tagger())
    _inputs.extend(articles(PARALLEL))


def _tag(part: tuple[int, int]) -> int:
    return sum(1 for _ in _tagger[0].tag(_inputs[slice(*part)]))


def _tagged(workers: int) -> float:
    """Return the seconds of the best of some short runs: other work on the machine only lengthens them."""
    parts = [(start, start + PARALLEL // 8) for start in range(0, PARALLEL, PARALLEL // 8)]
    with multiprocessing.get_context("spawn").Pool(workers, _ready) as pool:
        pool.map(_tag, [(0, 8)] * workers * 2, chunksize=1)
        return min(seconds(lambda: pool.map(_tag, parts, chunksize=1)) for _ in range(RUNS))


def _looped(workers: int) -> float:
    return min(loop_seconds(workers) for _ in range(RUNS))


def parallel_table() -> Table:
    """Return the gain of two processes over one, for tagging and for a CPU loop, interleaved."""
    loops, tags = [], []
    for number in range(ROUNDS):
        _tell(f"round {number + 1} of {ROUNDS} with one process and two")
        loops.append(_looped(1) / _looped(2))
        tags.append(_tagged(1) / _tagged(2))
    loop, tag = statistics.median(loops), statistics.median(tags)
    return Table(
        "Tagging: two processes against one",
        _COMMAND,
        ("what", "gain of tagging", "gain of a CPU loop", "ratio", "target"),
        ((f"tagging {PARALLEL} articles", f"{tag:.2f}", f"{loop:.2f}", f"{tag / loop:.2f}", ">= 0.85"),),
        f"Medians of {ROUNDS} interleaved rounds; a round takes the best of {RUNS} short runs of each.",
    )


def tables() -> list[Table]:
    """Return what a second process gives, and how memory grows."""
    return [parallel_table(), memory_table()]
