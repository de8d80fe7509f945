"""Places in our own world and US news (tests/nlp/cases/world): end to end, by kind, and on given mentions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.places import WITHIN_KM, Counts
from bench.table import Table
from market.places.distance import distance_km
from market.records import Place
from nlp.build import build_pipeline, passages
from nlp.document import Field, Passage, Span
from nlp.regions import PlaceMention, Regions

CASES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "cases" / "world"
HALVES = ("dev", "check")
_COMMAND = "python -m bench places"
_KINDS = ("country", "state", "county", "city", "neighborhood", "physical", "region", "facility")


class Gold(NamedTuple):
    """A hand-placed toponym; `free` may be left unread (inside a body's or team's name)."""

    start: int
    end: int
    lat: float
    lon: float
    kind: str
    us: bool
    free: bool


class Story(NamedTuple):
    """A text as the pipeline reads it, with its outlet's state and its toponyms."""

    passage: Passage
    home: str | None
    gold: tuple[Gold, ...]


def read_world(half: str) -> list[Story]:
    """Return the parsed texts of "dev" or "check"."""
    lines = (CASES / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    read = passages(build_pipeline(), (("", row["text"]) for row in rows))
    return [
        Story(
            passage,
            row["home"],
            tuple(
                Gold(
                    mark["start"],
                    mark["end"],
                    mark["lat"],
                    mark["lon"],
                    mark["kind"],
                    mark["country"] == "US" and mark["kind"] != "country",
                    mark["nested"] or mark["team"],
                )
                for mark in row["toponyms"]
            ),
        )
        for row, (_, passage) in zip(rows, read, strict=True)
    ]


def hits(place: Place | None, gold: Gold, limit: float = WITHIN_KM) -> bool:
    """Return whether a place lies within `limit` km of a toponym."""
    return place is not None and distance_km(place.lat, place.lon, gold.lat, gold.lon) <= limit


def found_in(stories: Sequence[Story], regions: Regions) -> list[tuple[PlaceMention, ...]]:
    """Return the mentions of each text, told its outlet's state."""
    return [regions.find([story.passage], home_state=story.home) for story in stories]


def score_world(
    stories: Sequence[Story], found: Sequence[Sequence[PlaceMention]], us: bool
) -> tuple[Counts, dict[str, tuple[int, int]]]:
    """Return the span-strict counts and (right, asked) by kind; a toponym that is `free` need not be read."""
    counts = Counts()
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for story, mentions in zip(stories, found, strict=True):
        gold = {(g.start, g.end): g for g in story.gold if g.us or not us}
        got = {(m.start, m.end): m.place for m in mentions if m.place is not None}
        right = {span for span, mark in gold.items() if hits(got.get(span), mark)}
        asked = [span for span, mark in gold.items() if span in right or not mark.free]
        for span, mark in gold.items():
            kinds[mark.kind][0] += span in right
            kinds[mark.kind][1] += 1
        counts.rows.append((len(right), len(right) + _wrong(story, got, right, us), len(asked)))
    return counts, {kind: (right, asked) for kind, (right, asked) in kinds.items()}


def _wrong(story: Story, got: dict[tuple[int, int], Place], right: set[tuple[int, int]], us: bool) -> int:
    """Count the places read that are wrong; one that touches a free toponym is not held against it."""
    wrong = 0
    spans = {(g.start, g.end) for g in story.gold}
    for (start, end), place in got.items():
        fair = (start, end) in right or (us and (place.country != "US" or place.kind == "country"))
        beside = any(g.free and g.start < end and start < g.end for g in story.gold)
        wrong += not fair and ((start, end) in spans or not beside)
    return wrong


def given_world(stories: Sequence[Story], regions: Regions, home: bool, limit: float) -> Counts:
    """Return the counts of given mentions resolved within `limit` km (accuracy is their recall)."""
    counts = Counts()
    for story in stories:
        spans: list[tuple[Field, Span]] = [("text", Span(g.start, g.end)) for g in story.gold]
        found = regions.given([story.passage], spans, home_state=story.home if home else None)
        right = sum(hits(m.place, g, limit) for m, g in zip(found, story.gold, strict=True))
        counts.rows.append((right, len(spans), len(spans)))
    return counts


def world_tables(regions: Regions) -> list[Table]:
    """Return the tables of both halves: end to end and given mentions, and by kind."""
    rows: list[tuple[str, ...]] = []
    by_kind: dict[str, dict[str, tuple[int, int]]] = {}
    for half in HALVES:
        stories = read_world(half)
        found = found_in(stories, regions)
        for us, view in ((False, "all"), (True, "US view")):
            counts, kinds = score_world(stories, found, us)
            p, r, f = counts.f1()
            low, high = counts.interval(lambda v: v[2])
            name = f"{half} ({len(stories)} texts), {view}"
            rows.append((name, f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", f"{low:.3f} to {high:.3f}"))
            by_kind.setdefault(half, kinds)
        for home, label in ((False, "text alone"), (True, "with the outlet's state")):
            for limit in (161.0, 25.0):
                given = given_world(stories, regions, home, limit)
                low, high = given.interval(lambda v: v[1])
                name = f"{half}, given mentions, {limit:.0f} km, {label}"
                rows.append((name, "", "", f"{given.f1()[1]:.3f}", f"{low:.3f} to {high:.3f}"))
    return [
        Table(
            "Places: our own world and US news",
            _COMMAND,
            ("half", "P", "R", "F1 or accuracy", "95% interval"),
            tuple(rows),
            "tests/nlp/cases/world. Span-strict, within 161 km unless said otherwise; the outlet's state "
            "told where the text has one.",
        ),
        Table(
            "Places: our own world and US news, by kind",
            _COMMAND,
            ("kind", *(f"{half}, found right" for half in HALVES)),
            tuple(
                (kind, *("{} of {}".format(*by_kind[half].get(kind, (0, 0))) for half in HALVES))
                for kind in _KINDS
            ),
            "Lakes, rivers and regions are marked at a central or local point, so many that are read rightly "
            "lie further than 161 km from it: the gazetteer has a river at its mouth.",
        ),
    ]
