"""Whether told facts speak of one build: the ground they share, and their figures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from briefs.desk import Desk
from market.records import Expansion, Place

_FIGURES = ("passings", "route_miles", "investment_cents", "grant_cents", "down_mbps", "target_on")
SIZES = ("passings", "route_miles", "investment_cents", "grant_cents")
"""Figures that few other builds have; many are as fast, or due in the same year."""
Common = Literal["place", "county", "state", ""]


def company_name(desk: Desk, company: str, told: str) -> str:
    """Return the lexicon's name of a company, else the name by which an article tells it."""
    return desk.lexicon.name(company) if desk.lexicon.get(company) else told or company


def places_of(desk: Desk, ids: Sequence[int]) -> list[Place]:
    """Return the places of these ids that the gazetteer has."""
    return [place for name in ids if (place := desk.gazetteer.place(name)) is not None]


@dataclass(frozen=True)
class Ground:
    """Where a fact says that is built."""

    towns: frozenset[int]
    """Gazetteer ids of places smaller than a county."""
    within: frozenset[str]
    """FIPS codes of the counties that the towns lie in."""
    counties: frozenset[str]
    """FIPS codes of the counties that are named themselves."""
    states: frozenset[int]

    def marks(self) -> frozenset[object]:
        """Return what two grounds have in common if they have anything in common."""
        local: frozenset[object] = self.towns | self.within | self.counties
        return local | self.states


def ground_of(desk: Desk, ids: Sequence[int]) -> Ground:
    """Return the ground that places of these ids make up."""
    places = places_of(desk, ids)
    towns = [place for place in places if place.kind not in ("county", "state", "country")]
    return Ground(
        towns=frozenset(place.id for place in towns),
        within=frozenset(place.county_fips for place in towns if place.county_fips),
        counties=frozenset(p.county_fips for p in places if p.kind == "county" and p.county_fips),
        states=frozenset(place.id for place in places if place.kind in ("state", "country")),
    )


def common(one: Ground, other: Ground) -> Common:
    """Return the ground that two have in common.

    "place": a town, or the county where no town is named; "county": a county and a town in it, or other
    towns of a county that both name; "state": no more than a state that one of them stops at.
    """
    if one.towns & other.towns:
        return "place"
    if one.counties & other.counties:
        return "county" if one.towns and other.towns else "place"
    if (one.counties & other.within) or (other.counties & one.within):
        return "county"
    if not (one.towns or one.counties) or not (other.towns or other.counties):
        return "state" if one.states & other.states else ""
    return ""


def overlap(first: Expansion, second: Expansion, desk: Desk) -> bool:
    """Say whether two builds have a place in common, or one is told of the county of the other."""
    return common(ground_of(desk, first.places), ground_of(desk, second.places)) in ("place", "county")


def holds(whole: Ground, part: Ground) -> bool:
    """Say whether all of a part's ground lies in a larger one, which has more than it."""
    rest = part.within if part.towns <= whole.towns else part.within - whole.counties
    inside = part.towns <= whole.towns or not rest
    if not (part.towns or part.counties) or not inside or not part.counties <= whole.counties:
        return False
    return bool(whole.counties - part.counties) or whole.towns > part.towns


def share(first: Expansion, second: Expansion) -> bool:
    """Say whether two facts give one and the same size: homes, miles or money."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in SIZES]
    return any(a is not None and a == b for a, b in pairs)


def agree(first: Expansion, second: Expansion) -> bool:
    """Say whether no figure of the two contradicts another: then different articles tell one build."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in _FIGURES]
    return all(a is None or b is None or a == b for a, b in pairs)


def sizes_differ(first: Expansion, second: Expansion) -> bool:
    """Say whether two facts give sizes that cannot both be right."""
    pairs = [(name, getattr(first, name), getattr(second, name)) for name in SIZES]
    return any(a is not None and b is not None and differs(name, a, b) for name, a, b in pairs)


def differs(slot: str, one: object, other: object) -> bool:
    """Say whether two values of a slot cannot both be right.

    A rounded figure and the exact one agree (12,000 and 11,963), and so do a year and a month of it.
    """
    if slot == "target_on":
        first, second = _months(str(one)), _months(str(other))
        return first[1] < second[0] or second[1] < first[0]
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one not in (other, _rounded(other, one)) and other != _rounded(one, other)
    return one != other


def _months(target: str) -> tuple[int, int]:
    """Return the first and last month of "2027", "2027-Q3", "2027-05" or "2027-12-31", counted on."""
    year, _, rest = target.partition("-")
    begin, end = 1, 12
    if quarter := re.fullmatch(r"Q([1-4])", rest):
        begin, end = 3 * int(quarter[1]) - 2, 3 * int(quarter[1])
    elif rest:
        begin = end = int(rest[:2])
    return int(year) * 12 + begin, int(year) * 12 + end


def _rounded(value: float, like: float) -> float:
    """Return `value` with as many digits as `like` has before its zeros, at least two: 11,963 as 12,000."""
    if not value or not like:
        return value
    digits = max(2, len(f"{like:.10g}".replace(".", "").strip("0")))
    scale = digits - 1 - math.floor(math.log10(abs(value)))
    return round(value, scale)
