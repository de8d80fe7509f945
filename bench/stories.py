"""How well articles cluster into stories, by pairs, and how the time of assigning grows.

tests/nlp/cases/stories has the articles (its README says who wrote which). A pair is right when both tell one
story and were given one id. Intervals are by bootstrap over stories; a pair of two stories counts half to
each.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from bench.bootstrap import interval
from bench.table import Table
from nlp.stories import Stories, StoryKey
from nlp.stories_words import shingles
from nlp.tag import Tagger, TagInput

CASES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "cases" / "stories"
SETS = ("dev", "own", "check", "check-2")
MARKS = (10_000, 25_000, 50_000)
_COMMAND = "python -m bench stories"
_COPIES = {"copy", "cut copy"}

Row = dict[str, Any]
Counts = tuple[float, float, float]
"""Pairs that are right, wrongly joined and missed."""


def articles(name: str) -> list[Row]:
    """Return a set's articles in the order in which they came, those without a date last."""
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(rows, key=lambda row: TagInput.from_json(row).published_at or last)


def found_in(rows: Sequence[Row], tagger: Tagger) -> list[str]:
    """Return the story id that each article is given, as they come."""
    stories = Stories()
    results = tagger.tag(map(TagInput.from_json, rows))
    return [stories.assign(result.story).story_id for result in results]


def counts(rows: Sequence[Row], found: Sequence[str]) -> dict[str, Counts]:
    """Return the pairs right, wrongly joined and missed of each story of the labels."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for (one, first), (other, second) in combinations(zip(rows, found, strict=True), 2):
        together = first == second
        if one["story"] == other["story"]:
            (right if together else missed)[one["story"]] += 2
        elif together:
            wrong.update((one["story"], other["story"]))
    names = {row["story"] for row in rows}
    return {name: (right[name] / 2, wrong[name] / 2, missed[name] / 2) for name in names}


def scores(parts: Sequence[Counts]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the pairs of some stories."""
    right, wrong, missed = (sum(part[place] for part in parts) for place in range(3))
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return precision, recall, 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


def recalls(rows: Sequence[Row], found: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return pairs of one story that were joined, and all of them, by the kind of the later article."""
    joined: defaultdict[str, list[bool]] = defaultdict(list)
    for (one, first), (other, second) in combinations(zip(rows, found, strict=True), 2):
        if one["story"] == other["story"]:
            joined[other["kind"]].append(first == second)
            joined["all copies" if other["kind"] in _COPIES else "all but copies"].append(first == second)
    return {kind: (sum(those), len(those)) for kind, those in sorted(joined.items())}


def keys(count: int) -> Iterator[StoryKey]:
    """Yield keys of invented articles, 144 a day, of 40 to 150 words, a few names and figures."""
    chance = random.Random(7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        story = number // 4 if chance.random() < 0.6 else number
        told = random.Random(story)
        words = [f"w{told.randrange(9_000)}" for _ in range(150)]
        names = tuple(f"n{told.randrange(60_000)}" for _ in range(12))
        yield StoryKey(
            article_id=f"a{number}",
            published_at=start + timedelta(minutes=number * 10),
            shingles=shingles(words[: chance.randrange(40, 150)]),
            title=names[:2],
            lead_names=names[:6],
            names=names[6:],
            words=tuple(words[:90]),
            lead_figures=(
                f"homes:{told.randrange(100, 90_000)}",
                f"money:{told.randrange(1, 400) * 100_000}",
            ),
        )


def _speed() -> Table:
    stories, made, rows = Stories(), keys(MARKS[-1]), []
    done = 0
    for mark in MARKS:
        batch = list(islice(made, mark - done - 1_000))
        for key in batch:
            stories.assign(key)
        last = list(islice(made, 1_000))
        began = time.process_time()
        for key in last:
            stories.assign(key)
        rows.append((f"{mark:,}", f"{(time.process_time() - began) * 1000:,.0f}"))
        done = mark
    return Table(
        "Stories: time of assigning",
        _COMMAND,
        ("articles known", "CPU ms for the last 1,000"),
        tuple(rows),
        "Invented keys, one process; no more than the latest 50,000 articles are remembered.",
    )


def tables() -> list[Table]:
    """Return quality by set, recall by kind, and speed."""
    tagger = Tagger()
    quality: list[tuple[str, ...]] = []
    by_kind: dict[str, dict[str, tuple[int, int]]] = {}
    for name in SETS:
        rows = articles(name)
        found = found_in(rows, tagger)
        parts = list(counts(rows, found).values())
        low, high = interval(parts, lambda drawn: scores(drawn)[2], seed=20261124)
        measured = [f"{value:.3f}" for value in scores(parts)]
        wrong, missed = (f"{sum(part[place] for part in parts):.0f}" for place in (1, 2))
        size = (f"{len(rows)}", f"{len(parts)}")
        quality.append((name, *size, *measured, f"{low:.3f} to {high:.3f}", wrong, missed))
        by_kind[name] = recalls(rows, found)
    kinds = sorted({kind for found in by_kind.values() for kind in found})
    share = [
        (kind, *("/".join(map(str, by_kind[name][kind])) if kind in by_kind[name] else "" for name in SETS))
        for kind in kinds
    ]
    columns = ("set", "articles", "stories", "P", "R", "F1", "F1, 95% interval", "wrongly joined", "missed")
    note = "Pairs. dev and own were developed on, check was not. Target: F1 0.95."
    return [
        Table("Stories: pairs of articles", _COMMAND, columns, tuple(quality), note),
        Table(
            "Stories: pairs found, by the kind of the later article",
            _COMMAND,
            ("kind", *SETS),
            tuple(share),
        ),
        _speed(),
    ]
