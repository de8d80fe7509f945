"""Tellings that are one build: what brings the next one in, and what keeps it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from briefs.claims import figures
from briefs.samebuild import SIZES, Ground, common, share, sizes_differ
from market.records import Expansion, Telling
from market.records.expansion import Stage

PROGRESS: tuple[Stage, ...] = ("announced", "funded", "permitted", "construction", "live", "cancelled")
_FAR = {"passings": 1.5, "route_miles": 2.0, "investment_cents": 3.0}
"""Two figures of one build may be counted twice and come out so far apart; further apart they are two
builds'. Only the first slot that both give is looked at: homes say more than miles, and miles than money."""
_OVER = timedelta(days=365)
"""So long after a build went live or was given up, a new telling is a new build."""
_NEWS = timedelta(days=14)
"""So long after a build went live or was given up, a telling of an earlier stage is no late copy any more."""
_QUIET = timedelta(days=730)
"""After so long a silence the place alone does not make two tellings one build."""
_PHASE = re.compile(
    r"\b(?:(?P<ordinal>first|second|third|fourth|next|1st|2nd|3rd|4th)\s+phase"
    r"|phase\s+(?P<number>one|two|three|four|[1-4]|iv|i{1,3}))\b",
    re.I,
)
_NUMBERS = {
    **dict.fromkeys(("first", "1st", "one", "1", "i"), 1),
    **dict.fromkeys(("second", "next", "2nd", "two", "2", "ii"), 2),
    **dict.fromkeys(("third", "3rd", "three", "3", "iii"), 3),
    **dict.fromkeys(("fourth", "4th", "four", "4", "iv"), 4),
}


@dataclass(frozen=True)
class Told:
    """A telling with what it is compared by."""

    telling: Telling
    ground: Ground
    story: str | None

    @property
    def fact(self) -> Expansion:
        """The fact it tells."""
        return self.telling.fact

    @cached_property
    def phase(self) -> int:
        """The phase that its quotes name: 1 where they name none."""
        for item in self.fact.evidence:
            if match := _PHASE.search(item.quote):
                return _NUMBERS[(match["ordinal"] or match["number"]).casefold()]
        return 1


@dataclass
class Group:
    """The tellings of one build, oldest first."""

    told: list[Told] = field(default_factory=list)
    grounds: set[Ground] = field(default_factory=set)

    def add(self, told: Told) -> None:
        """Take a telling in."""
        self.told.append(told)
        self.grounds.add(told.ground)

    @property
    def tellings(self) -> list[Telling]:
        """The tellings as records."""
        return [told.telling for told in self.told]

    @property
    def last(self) -> datetime:
        """When it was last told of."""
        return self.told[-1].telling.on

    def strength(self, new: Told) -> int:
        """Return how surely a telling is of this build: 2 by story or figure, 1 by ground alone, else 0."""
        ground = {common(new.ground, known) for known in self.grounds} - {""}
        if not ground or not any(_one_builder(new.fact, told.fact) for told in self.told):
            return 0
        if any(_kept_apart(new, told) for told in self.told):
            return 0
        far = all(_far_apart(new.fact, told.fact) for told in self.told if _comparable(new.fact, told.fact))
        far = far and any(_comparable(new.fact, told.fact) for told in self.told)
        if any(new.story is not None and new.story == told.story for told in self.told):
            return 0 if far else 2
        stage, silence = self.stage_of(self.tellings), new.telling.on - self.last
        if stage in ("live", "cancelled") and silence > _OVER:
            return 0
        if stage == "live" and _rebuilds(new.fact, [told.fact for told in self.told]):
            return 0
        if any(share(new.fact, told.fact) for told in self.told):
            return 2
        return int(
            not far and self._nothing_against(new, stage, silence, "place" in ground, "county" in ground)
        )

    def _nothing_against(
        self, new: Told, stage: Stage, silence: timedelta, by_place: bool, by_county: bool
    ) -> bool:
        """Say whether a telling that has but the ground in common may be of this build."""
        if not by_place and not (by_county and _says_little(new.fact)):
            return False
        if all(new.fact.company != told.fact.company for told in self.told):
            return False
        if new.phase not in {told.phase for told in self.told} or silence > _QUIET:
            return False
        early = PROGRESS.index(new.fact.stage) < PROGRESS.index("live")
        return not (stage == "live" and early and silence > _NEWS)

    @staticmethod
    def stage_of(tellings: Sequence[Telling]) -> Stage:
        """Return the furthest stage told; a late copy of an old announcement does not take a build back.

        What is given up stays so until it is told of long after: reports of the end tell the plan, too.
        """
        given_up = max((told.on for told in tellings if told.fact.stage == "cancelled"), default=None)
        going = [told for told in tellings if told.fact.stage != "cancelled"]
        after = [told for told in going if given_up is None or told.on > given_up + _NEWS]
        return max((told.fact.stage for told in after), key=PROGRESS.index, default="cancelled")


def _says_little(fact: Expansion) -> bool:
    """Say whether a fact has neither a size of its own nor an end to tell.

    Only so may a town's work be the county's build: a project that has its own homes, miles or money, or that
    is given up, may be another in the same county.
    """
    return fact.stage != "cancelled" and not any(getattr(fact, slot) for slot in SIZES)


def _one_builder(first: Expansion, second: Expansion) -> bool:
    """Say whether two facts have one builder, or the one's builder is the other's partner."""
    return first.company in (second.company, second.partner) or first.partner == second.company


def _kept_apart(new: Told, told: Told) -> bool:
    """Say whether an article itself tells two apart: by two sizes, or by the names of two phases."""
    if new.telling.article_id == told.telling.article_id:
        return sizes_differ(new.fact, told.fact)
    return new.phase != told.phase and sizes_differ(new.fact, told.fact)


def _comparable(first: Expansion, second: Expansion) -> bool:
    return any(getattr(first, slot) and getattr(second, slot) for slot in _FAR)


def _far_apart(new: Expansion, old: Expansion) -> bool:
    """Tell whether two sizes are too different to be one build's, unless the new telling names both."""
    for slot, most in _FAR.items():
        one, other = getattr(new, slot), getattr(old, slot)
        if one and other:
            if max(one, other) <= most * min(one, other):
                return False
            named = {figure.value for item in new.evidence for figure in figures(item.quote)}
            return slot != "passings" or other not in named
    return False


def _rebuilds(new: Expansion, old: Sequence[Expansion]) -> bool:
    """Say whether a fact tells of another technology than what is live."""
    known = {fact.technology for fact in old if fact.technology}
    return new.technology is not None and bool(known) and new.technology not in known
