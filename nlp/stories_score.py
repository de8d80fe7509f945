"""How surely two articles tell one story: what they share, weighed by rarity, and what speaks against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nlp.stories_figures import agree, weight
from nlp.stories_key import StoryKey
from nlp.stories_words import stem, table

_FURTHER, _BARE = 0.7, 0.6
"""What a name behind the lead weighs, and a name's word that stands without the signs of one."""
_FEWEST_SHINGLES = 4
_COPY_FROM, _COPY_SURE = 0.25, 0.65
"""Share of the shorter text that the longer one holds: from here on it counts, from there wholly."""
_CONTRARY = ("money", "homes", "mbps")
_LEAST_FIGURE = 0.35
_MOST_FIGURES, _MOST_CONTRARY = 2.0, 2
_ROUGHLY = 0.7


@dataclass(frozen=True, slots=True)
class Profile:
    """An article's words with what each weighs now; made anew when others have come."""

    key: StoryKey
    shingles: frozenset[int]
    lead: Mapping[str, float]
    names: Mapping[str, float]
    """Names but those of places."""
    where: Mapping[str, float]
    words: Mapping[str, float]
    title: Mapping[str, float]
    trade: bool
    """True when it speaks of networks at all."""
    said: Mapping[str, float]
    """Names and words, a word as if it were a name."""


def profile(key: StoryKey, rarity: Callable[[str], float]) -> Profile:
    """Return the profile of an article; `rarity` is 1 for a word never seen and 0 for one in every text."""
    places = set(key.where)
    lead = {name: rarity(name) for name in key.lead_names if name not in places}
    names = {name: _FURTHER * rarity(name) for name in key.names if name not in places} | lead
    plain = {word: rarity(word) for word in (*key.words, *key.title) if word not in names}
    in_lead = {*key.lead_names}
    return Profile(
        key=key,
        shingles=frozenset(key.shingles),
        lead=lead,
        names=names,
        where={name: (1.0 if name in in_lead else _BARE) * rarity(name) for name in key.where},
        words={word: rare * rare for word, rare in plain.items()},
        title={word: rarity(word) for word in key.title},
        trade=bool(key.topic)
        or not _trade().isdisjoint((*key.words, *key.names, *key.lead_names, *key.title)),
        said={word: _BARE * rare for word, rare in plain.items()} | names,
    )


def same_story(left: Profile, right: Profile) -> float:
    """Return the log odds that two articles tell one story."""
    weights = _weights()
    return weights["bias"] + sum(weights[name] * value for name, value in signs(left, right).items())


@lru_cache(maxsize=1)
def _trade() -> frozenset[str]:
    return frozenset(stem(word) for word in str(table("trade")["words"]).split())


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    return table("weights")


def copied(left: Profile, right: Profile) -> float:
    """Return 0 to 1: how far the shorter of two texts is a copy of the longer, or of a part of it."""
    fewer = min(len(left.shingles), len(right.shingles))
    if fewer < _FEWEST_SHINGLES:
        return 0.0
    inside = len(left.shingles & right.shingles) / fewer
    return min(1.0, max(0.0, (inside - _COPY_FROM) / (_COPY_SURE - _COPY_FROM)))


def signs(left: Profile, right: Profile) -> dict[str, float]:
    """Return what speaks for one story and against it, by the names of the weights."""
    one, other = left.key, right.key
    copy = copied(left, right)
    if one.roundup or other.roundup:
        # A list shares names with everything it lists.
        return {"copy": copy}
    ours, theirs = {*one.lead_figures, *one.figures}, {*other.lead_figures, *other.figures}
    figures = sum(max((_shared(f, g) for g in theirs), default=0.0) for f in ours)
    contrary = _contrary(one, other)
    quarter = _disjoint(_quarters(one), _quarters(other))
    # The text of another city's release, or of another quarter's, is no copy.
    template = bool(contrary or quarter)
    contradicted = contrary * (1 + copy)
    outage = "outage" in (one.topic, other.topic)
    together = {*one.places} & {*other.places}
    coverage = (_covered(left.lead, right.said), _covered(right.lead, left.said))
    return {
        "copy": 0.0 if template else copy,
        "words": (1 - copy) * _cosine(left.words, right.words),
        "shared_names": math.log1p(_overlap(left.names, right.names)),
        "figures": min(_MOST_FIGURES, figures),
        # Counts of an outage grow through its day.
        "contrary_figures": 0.0 if outage else contradicted,
        "contrary_outage": contradicted if outage else 0.0,
        "place": float(bool(together)),
        "contrary_place": float(bool(one.places and other.places and not together)) * (1 + copy),
        "title": 0.0 if template and copy else _cosine(left.title, right.title),
        "contrary_quarter": float(quarter),
        "contrary_topic": float(bool(one.topic and other.topic and one.topic != other.topic)),
        "least_covered": min(coverage),
        "most_covered": max(coverage),
        "contrary_title": min(_untold(left, right), _untold(right, left)),
        "contrary_trade": float(left.trade != right.trade),
        "contrary_subject": (_absent(one, right) + _absent(other, left)) / 2,
    }


def _shared(one: str, other: str) -> float:
    """Return how telling it is that two articles name two figures: less when they agree but roughly."""
    if one == other:
        return weight(one)
    return min(weight(one), weight(other)) * _ROUGHLY if agree(one, other) else 0.0


def _contrary(one: StoryKey, other: StoryKey) -> int:
    """Count the units in which both leads name a main figure and neither names the other's anywhere."""
    found = 0
    for unit in _CONTRARY:
        ours, theirs = _main(one, unit), _main(other, unit)
        if not ours or not theirs:
            continue
        found += not (
            any(agree(f, g) for f in ours for g in (*other.lead_figures, *other.figures))
            or any(agree(f, g) for f in theirs for g in (*one.lead_figures, *one.figures))
        )
    return min(found, _MOST_CONTRARY)


def _main(key: StoryKey, unit: str) -> list[str]:
    return [f for f in key.lead_figures if f.startswith(unit) and weight(f) >= _LEAST_FIGURE]


def _quarters(key: StoryKey) -> set[str]:
    return {f for f in (*key.lead_figures, *key.figures) if f.startswith("quarter")}


def _disjoint(one: set[str], other: set[str]) -> bool:
    return bool(one and other and not one & other)


def _absent(key: StoryKey, other: Profile) -> bool:
    """Say whether an article is about companies of which the other does not say a word."""
    return bool(key.subjects) and not any(word in other.said or word in other.where for word in key.subjects)


def _untold(one: Profile, other: Profile) -> float:
    """Return the share of the names in a title that the other article does not say."""
    named = {word: value for word, value in one.title.items() if word in one.names or word in one.where}
    return 1 - _covered(named, {**other.said, **other.where}) if named else 0.0


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(min(value, other[word]) for word, value in one.items() if word in other)


def _covered(lead: Mapping[str, float], said: Mapping[str, float]) -> float:
    whole = sum(lead.values())
    return sum(value for word, value in lead.items() if word in said) / whole if whole else 0.0


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(value * other[word] for word, value in one.items() if word in other)
    return shared / math.sqrt(_square(one) * _square(other)) if shared else 0.0


def _square(weights: Mapping[str, float]) -> float:
    return sum(value * value for value in weights.values())
