"""Is a resolution's score a probability, and what does a threshold on it buy? Tables for bench.places."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.places import Counts, Text, in_us
from bench.table import Table
from nlp.regions import Regions

_COMMAND = "python -m bench places"
_BINS = 10
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Judged = list[tuple[float, bool]]


def judged(texts: Sequence[Text], regions: Regions, home: bool, right: Callable[..., bool]) -> Judged:
    """Return (score, right) of every place in the United States that `regions` finds."""
    found: Judged = []
    for text in texts:
        gold = {(t.start, t.end): t for t in text.gold if in_us(t)}
        for mention in regions.find([text.parsed()], home_state=text.home if home else None):
            place = mention.place
            if place is not None and place.country == "US" and place.kind != "country":
                toponym = gold.get((mention.start, mention.end))
                found.append((mention.score, toponym is not None and right(place, toponym)))
    return found


def opened(regions: Regions) -> Regions:
    """Return the same regions without a bar for what is accepted."""
    bars = {**regions.model["thresholds"], "accept": 0.0}
    return Regions(regions.gazetteer, {**regions.model, "thresholds": bars})


def reliability_table(rows: Judged, title: str) -> Table:
    """Return how often scores of each tenth are right, and the mean gap weighted by their number."""
    lines, gap = [], 0.0
    for number in range(_BINS):
        part = [row for row in rows if min(_BINS - 1, int(row[0] * _BINS)) == number]
        if not part:
            continue
        said = sum(row[0] for row in part) / len(part)
        was = sum(row[1] for row in part) / len(part)
        gap += abs(said - was) * len(part) / len(rows)
        label = f"{number / _BINS:.1f} to {(number + 1) / _BINS:.1f}"
        lines.append((label, str(len(part)), f"{said:.3f}", f"{was:.3f}"))
    note = f"Mean gap {gap:.3f}. Calibration fitted on the other half; span-strict, within 161 km."
    return Table(title, _COMMAND, ("score", "places", "mean score", "share right"), tuple(lines), note)


def threshold_table(rows: Judged, wanted: int, title: str, accept: float) -> Table:
    """Return precision, recall and F1 of what scores at least a threshold; `wanted` counts gold places."""
    lines = []
    for least in sorted({*_THRESHOLDS, accept}):
        kept = [right for chance, right in rows if chance >= least]
        p, r, f = Counts([(sum(kept), len(kept), wanted)]).f1()
        lines.append((f"{least:.2f}", str(len(kept)), f"{p:.3f}", f"{r:.3f}", f"{f:.3f}"))
    note = f"Shipped: {accept} (nlp/data/regions_weights.json); below it a mention's place is unknown."
    return Table(title, _COMMAND, ("accept from", "places", "P", "R", "F1"), tuple(lines), note)
