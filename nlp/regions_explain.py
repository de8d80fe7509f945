"""Why a place was read as it was: what each piece of evidence added, in words (data/regions_reasons.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from market.places.gazetteer import Named
from market.records import Place
from nlp.regions_groups import Group
from nlp.regions_senses import score
from nlp.regions_spans import Spot

_SHOWN = 6
_LEAST = 0.15
"""Smaller additions, in log-odds, are not worth a line."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: its words and what it added to the log-odds, negative where it spoke against."""

    evidence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Sense:
    """One place that a name may mean, with its probability among the others and what speaks for it."""

    place: Place
    share: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why words name a place at all, the senses from the likeliest on, and what set the first two apart."""

    is_place: tuple[Reason, ...]
    senses: tuple[Sense, ...]
    decided: tuple[Reason, ...]


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("nlp.data").joinpath("regions_reasons.toml").read_text("utf-8"))


def phrase(feature: str) -> str:
    """Return a feature in words; its own name where the file has none."""
    words = _words()
    if feature in words["reason"]:
        return words["reason"][feature]
    head, _, tail = feature.partition("_")
    if head == "ner":
        label, _, part = tail.partition("_")
        if label == "none":
            return words["model"]["none"]
        return words["model"]["part"].format(label=label, part=words["part"].get(part, part))
    if head in words["family"]:
        return words["family"][head].format(words["flag"].get(tail, tail) if head == "flag" else tail)
    return feature.replace("_", " ")


def grounds_of(spot: Spot, group: Group, model: Mapping[str, Any]) -> Grounds:
    """Return why a spot names a place and which; `group` is resolved."""
    order = sorted(range(len(group.senses)), key=lambda n: -group.chances[n])[:5]
    parts = [_parts(group.looks[n], model["second"]) if n < len(group.looks) else {} for n in order]
    senses = tuple(
        _sense(group.senses[n], group.chances[n], part) for n, part in zip(order, parts, strict=True)
    )
    apart: dict[str, float] = {}
    if len(parts) > 1:
        apart = {name: parts[0].get(name, 0.0) - parts[1].get(name, 0.0) for name in {**parts[0], **parts[1]}}
    return Grounds(_reasons(_spotted(spot, model)), senses, _reasons(apart))


def _sense(named: Named, share: float, part: Mapping[str, float]) -> Sense:
    return Sense(named.place, round(share, 4), _reasons(part))


def _spotted(spot: Spot, model: Mapping[str, Any]) -> dict[str, float]:
    """Return what each feature added to the log-odds that the spot names a place, over both looks."""
    first = _parts(spot.features, model["detect"])
    if not model["again"] or not spot.look:
        return first
    second = _parts(spot.look, model["again"])
    whole = score(spot.features, model["detect"])
    # The second look takes the log-odds of the first as one feature: each of its parts counts in proportion.
    carried = second.pop("alone_odds", 0.0) / whole if whole else 0.0
    return {name: first.get(name, 0.0) * carried + second.get(name, 0.0) for name in {**first, **second}}


def _parts(features: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    return {name: value * weights.get(name, 0.0) for name, value in features.items()}


def _reasons(parts: Mapping[str, float]) -> tuple[Reason, ...]:
    shown = [(name, value) for name, value in parts.items() if name != "bias" and abs(value) >= _LEAST]
    shown.sort(key=lambda part: -abs(part[1]))
    return tuple(Reason(phrase(name), round(value, 2)) for name, value in shown[:_SHOWN])
