"""The spots of a document, each with the probability that it names a place at all, seen in two looks."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from market.places.gazetteer import Gazetteer
from nlp.document import Field, Passage, Span
from nlp.regions_context import Context, Entities, gather
from nlp.regions_evidence import detect_features
from nlp.regions_joins import join
from nlp.regions_near import again_features, nearness
from nlp.regions_senses import score
from nlp.regions_spans import Scanner, Spot
from nlp.regions_words import Token, tokens


@dataclass(slots=True)
class Analysis:
    """A document on its way: spots with their chances, before thresholds."""

    passages: list[Passage]
    words: list[list[Token]]
    entities: list[Entities]
    spots: list[Spot]
    context: Context
    chances: list[float]


def analyse(
    passages: Sequence[Passage],
    gazetteer: Gazetteer,
    scanner: Scanner,
    model: Mapping[str, Any],
    home_state: str | None,
    footprint: Collection[str],
    exclude: Mapping[Field, Sequence[Span]],
) -> Analysis:
    """Return the spots of a document and the probability of each that it names a place (see Regions)."""
    words = [tokens(passage) for passage in passages]
    entities = [Entities(passage.entities) for passage in passages]
    spots: list[Spot] = []
    for number, passage in enumerate(passages):
        scanned = scanner.scan(number, passage, words[number])
        join(gazetteer, passage, words[number], scanned)
        spots += _outside(scanned, exclude.get(passage.field, ()))
    context = gather(passages, words, spots, entities, home_state, frozenset(footprint))
    chances = []
    for number, spot in enumerate(spots):
        left = spots[number - 1] if number and spots[number - 1].passage == spot.passage else None
        right = spots[number + 1] if number + 1 < len(spots) else None
        if right is not None and right.passage != spot.passage:
            right = None
        part = spot.passage
        spot.features = detect_features(
            spot, passages[part], words[part], entities[part], context, gazetteer, (left, right)
        )
        chances.append(chance_of(score(spot.features, model["detect"])))
    if model["again"]:
        near = nearness(spots, chances, context, model["first"])
        looks = again_features(spots, chances, passages, near)
        chances = [chance_of(score(look, model["again"])) for look in looks]
        for spot, look in zip(spots, looks, strict=True):
            spot.look = look
    return Analysis(list(passages), words, entities, spots, context, chances)


def _outside(spots: Sequence[Spot], spans: Sequence[Span]) -> list[Spot]:
    """Return the spots that share no character with any span. Linear in both after sorting the spans."""
    barred = sorted(spans, key=lambda span: span.start)
    kept = []
    number, reach = 0, -1
    for spot in spots:
        while number < len(barred) and barred[number].start < spot.end:
            reach = max(reach, barred[number].end)
            number += 1
        if reach <= spot.start:
            kept.append(spot)
    return kept


def chance_of(value: float) -> float:
    """Return the probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
