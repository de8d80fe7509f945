"""The second look at a name: its neighbours in a list, its namesakes, and how near the sure places are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from heapq import nlargest

from market.places.distance import distance_km
from market.records import Place
from nlp.document import Passage
from nlp.regions_context import Context
from nlp.regions_groups import groups_of
from nlp.regions_senses import score, sense_alone, softmax
from nlp.regions_spans import LIST_GAP, Spot

_SURE = 0.6
"""From this probability on a name serves as an anchor for others."""
_DOUBTFUL = 0.02
"""Names below this probability are given up without a look."""
_CERTAIN = 0.97
"""Names above this one need none."""
_ANCHORS = 16
_SENSES = 12
_KEYS = 300
_NAMESAKES = 200
_REACH_KM = 40.0
_DEGREES = 1.6
"""Latitudes further apart than this (about four times the reach) weigh nothing."""


def nearness(
    spots: Sequence[Spot], chances: Sequence[float], context: Context, first: Mapping[str, float]
) -> dict[str, float]:
    """Return by key the logarithm of one plus the weight of sure places around a name's nearest sense.

    `chances` are the probabilities of a first look, `first` the weights of senses alone.
    """
    found: dict[str, float] = {}
    pairs = list(zip(spots, chances, strict=True))
    doubtful = {s.key: s for s, c in pairs if s.form == "name" and _DOUBTFUL < c < _CERTAIN}
    sure = sorted((pair for pair in pairs if pair[1] >= _SURE), key=lambda pair: -pair[1])
    anchors = _anchors([spot for spot, _ in sure], context, first) if doubtful else []
    if not anchors:
        return found
    for spot in list(doubtful.values())[:_KEYS]:
        others = [(place, share) for key, place, share in anchors if key != spot.key]
        weights = [
            sum(share * _closeness(named.place, place) for place, share in others)
            for named in spot.senses[:_SENSES]
            if named.place.kind in ("city", "county") or named.flag == "x"
        ]
        found[spot.key] = math.log1p(max(weights, default=0.0))
    return found


def again_features(
    spots: Sequence[Spot],
    chances: Sequence[float],
    passages: Sequence[Passage],
    near: Mapping[str, float],
) -> list[dict[str, float]]:
    """Return each spot's features with what its neighbours in a list and its namesakes came to.

    `chances` are the probabilities of a first look at each spot alone, `near` is what nearness() gave.
    Numbers are log-odds over five.
    """
    odds = [math.log(max(1e-6, c) / max(1e-6, 1 - c)) / 5 for c in chances]
    namesakes: dict[str, list[int]] = {}
    for number, spot in enumerate(spots):
        namesakes.setdefault(spot.key, []).append(number)
    best = {key: _best_two(odds, same[:_NAMESAKES]) for key, same in namesakes.items() if len(same) > 1}
    found = []
    for number, spot in enumerate(spots):
        features = {**spot.features, "alone_odds": odds[number]}
        if spot.form == "name":
            features["near_sure"] = near.get(spot.key, 0.0)
            features["common_near"] = min(near.get(spot.key, 0.0), max(0.0, features.get("common", 0.0)))
        if spot.key in best:
            first_best, second_best = best[spot.key]
            features["same_best"] = odds[second_best if first_best == number else first_best]
        for side, other in (("left", number - 1), ("right", number + 1)):
            if 0 <= other < len(spots) and spots[other].passage == spot.passage:
                first, second = sorted((spots[other], spot), key=lambda each: each.start)
                gap = passages[spot.passage].text[first.end : second.start]
                if len(gap) < 8 and LIST_GAP.fullmatch(gap) and not (second.attached or first.attached):
                    features[f"list_{side}"] = odds[other]
                    features["listed"] = 1.0
        found.append(features)
    return found


def _best_two(odds: Sequence[float], numbers: Sequence[int]) -> tuple[int, int]:
    """Return which two of some numbers have the highest odds."""
    first, second = nlargest(2, numbers, key=odds.__getitem__)
    return first, second


def _anchors(
    sure: Sequence[Spot], context: Context, first: Mapping[str, float]
) -> list[tuple[str, Place, float]]:
    anchors: dict[str, tuple[str, Place, float]] = {}
    for group in groups_of(sure)[: 2 * _ANCHORS]:
        senses = [named for named in group.senses[:_SENSES] if named.place.kind not in ("state", "country")]
        if not senses or len(senses) < min(len(group.senses), _SENSES):
            continue
        chances = softmax([score(sense_alone(group, named, context), first) for named in senses])
        top = max(range(len(senses)), key=chances.__getitem__)
        if group.key not in anchors or anchors[group.key][2] < chances[top]:
            anchors[group.key] = (group.key, senses[top].place, chances[top])
    return sorted(anchors.values(), key=lambda anchor: -anchor[2])[:_ANCHORS]


def _closeness(one: Place, other: Place) -> float:
    if abs(one.lat - other.lat) > _DEGREES or one.id == other.id:
        return 0.0
    return math.exp(-distance_km(one.lat, one.lon, other.lat, other.lon) / _REACH_KM)
