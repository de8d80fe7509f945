"""Which stage of a build a sentence tells of, and whether it tells of a build at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from market.records.expansion import Stage
from nlp.patterns import pattern
from nlp.stems import may_match

ORDER: tuple[Stage, ...] = ("cancelled", "live", "construction", "permitted", "funded", "announced")
"""Stages as cues are tried: what is furthest on decides."""
PROGRESS: dict[Stage, int] = {
    "announced": 1,
    "funded": 2,
    "permitted": 3,
    "construction": 4,
    "live": 5,
    "cancelled": 6,
}


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell of a stage; offsets count from the sentence's start."""

    stage: Stage
    start: int
    end: int
    is_inferred: bool = False
    """True where a figure stands and no word of the stage."""


@lru_cache(maxsize=256)
def tells_of_network(sentence: str) -> bool:
    """Tell whether a sentence speaks of a network or a service over one."""
    return pattern("objects").search(sentence) is not None


def is_other_matter(sentence: str) -> bool:
    """Tell whether a sentence tells of a store, a study, a merger, an outage or a donation instead."""
    path = ("not_a_build", "patterns")
    return may_match(sentence, *path) and pattern(*path).search(sentence) is not None


def cue(sentence: str, stages: Sequence[Stage] = ORDER) -> Cue | None:
    """Return the cue of the furthest of some stages that a sentence states, or None.

    Conditions ("once construction has begun") and negations ("has not begun") state nothing; "will be
    completed" is a plan.
    """
    for stage in stages:
        if not may_match(sentence, "stages", stage):
            continue
        for match in pattern("stages", stage).finditer(sentence):
            before = sentence[max(0, match.start() - 80) : match.start()]
            if pattern("context", "conditional").search(before):
                continue
            if stage != "cancelled" and pattern("context", "negation").search(before):
                continue
            if stage in ("live", "construction") and (
                _is_plan(sentence, match, stage) or pattern("context", "paperwork").search(before)
            ):
                continue
            if stage == "funded" and _is_own_money(before, match.group(0)):
                continue
            if stage == "live" and pattern("context", "partial").search(sentence):
                return Cue("construction", match.start(), match.end())
            return Cue(stage, match.start(), match.end())
    return None


def _is_own_money(before: str, words: str) -> bool:
    """An amount "to build" something is an award unless it is invested or spent; "no grant" is none."""
    if "$" in words:
        paid = f"{before}{words[: words.index('$')]}"
        return pattern("money", "spent").search(paid) is not None
    return pattern("negated", "funding").search(before[-30:]) is not None


def _is_plan(sentence: str, match: re.Match[str], stage: Stage) -> bool:
    """A cue of a later stage is a plan behind "will", "to be", "planned" or "expected" in its clause."""
    before = re.split(r"[,;]\s|\band\b", sentence[max(0, match.start() - 70) : match.start()])[-1]
    # "can be connected" is so now, though "can be" before another cue makes it a plan.
    words = before if match.group(0).lower().startswith("can ") else f"{before}{match.group(0)}"
    if pattern("plan", stage).search(words) is not None:
        return True
    begins = stage == "construction" and pattern("plan", "begins").search(match.group(0)) is not None
    return begins and pattern("plan", "later").search(sentence[match.end() :]) is not None
