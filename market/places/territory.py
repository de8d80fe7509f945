"""What a territory covers, and how a place stands to it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from market.places.gazetteer import Gazetteer
from market.places.names import name_key
from market.records import Place, Territory
from market.records.base import Record

Relation = Literal["in", "near", "out"]
_CBSA = re.compile(r"\d{5}")


class Cover(Record):
    """The counties of a territory, worked out."""

    counties: frozenset[str] = frozenset()
    """5-digit FIPS codes."""
    states_whole: frozenset[str] = frozenset()
    """Postal codes of the states that it covers whole."""
    states_part: frozenset[str] = frozenset()
    """Postal codes of the states of which it covers some counties, not all."""
    misunderstood: tuple[str, ...] = ()
    """Entries that name nothing known, or too much, each with what to write instead."""


@cache
def thresholds() -> dict[str, float]:
    """Return the numbers of territory.toml."""
    values = tomllib.loads(Path(__file__).with_name("territory.toml").read_text(encoding="utf-8"))
    return {key: float(value) for key, value in values.items()}


def cover(territory: Territory, gazetteer: Gazetteer) -> Cover:
    """Return the counties that the territory's states, counties, metros, cities and ZIP codes make up.

    A city brings the counties it lies in, a Connecticut county the planning regions that hold most of its
    people too. What cannot be understood is told, never guessed.
    """
    counties: set[str] = set()
    wrong: list[str] = []
    for text in territory.states:
        state = gazetteer.state(text)
        if state is None or state.state is None:
            wrong.append(f"states: {text!r} is no state; write its postal code, as in 'SC'")
        else:
            counties |= gazetteer.state_counties(state.state)
    for text in territory.counties:
        found = _county(text, gazetteer)
        if found is None or found.county_fips is None:
            wrong.append(f"counties: {text!r} is not known; write 'Greenville County, SC' or a FIPS code")
        else:
            counties |= _majority(found, gazetteer)
    for text in territory.metros:
        inside = _metro(text, gazetteer)
        if not inside:
            wrong.append(f"metros: {text!r} is not known, or several have that name; write its CBSA code")
        counties |= inside
    for text in territory.cities:
        place = gazetteer.find(text)
        if place is None or place.country != "US" or place.kind in ("state", "country"):
            wrong.append(f"cities: {text!r} is not known; write 'City, ST'")
            continue
        inside = frozenset(fips for fips, share in gazetteer.counties_of(place).items() if share >= 0.1)
        if not inside:
            wrong.append(f"cities: the county of {text!r} is not known; name the county instead")
        counties |= inside
    for text in territory.zips:
        fips = gazetteer.zip(text)[1]
        if fips is None:
            wrong.append(f"zips: {text!r} is not known; name its county instead")
        else:
            county = gazetteer.county(fips)
            counties |= _majority(county, gazetteer) if county else {fips}
    states = {place.state for fips in counties if (place := gazetteer.county(fips)) and place.state}
    whole = frozenset(state for state in states if gazetteer.state_counties(state) <= counties)
    return Cover(
        counties=frozenset(counties),
        states_whole=whole,
        states_part=frozenset(states) - whole,
        misunderstood=tuple(wrong),
    )


def _county(text: str, gazetteer: Gazetteer) -> Place | None:
    text = text.strip()
    if text.isdigit():
        return gazetteer.county(text.zfill(5))
    head, comma, tail = text.rpartition(",")
    state = gazetteer.state(tail) if comma else None
    if state is None:
        return None
    for name in (head, f"{head} County", f"{head} Parish"):
        found = gazetteer.lookup(name, state.state, {"county"})
        exact = [place for place in found if name_key(place.name) == name_key(name)]
        if exact or found:
            return (exact or found)[0]
    return None


def _majority(county: Place, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the county itself and those it shares at least half of its people with (Connecticut)."""
    return frozenset(
        fips
        for fips, share in gazetteer.counties_of(county).items()
        if share >= 0.5 or fips == county.county_fips
    )


def _metro(text: str, gazetteer: Gazetteer) -> frozenset[str]:
    if _CBSA.fullmatch(text.strip()):
        return gazetteer.metro_counties(text.strip())
    found = gazetteer.lookup(text, kinds={"metro"}) or gazetteer.lookup(f"{text} metro", kinds={"metro"})
    if not found and "," in text:
        city = gazetteer.find(text)
        return gazetteer.metro_counties(city.cbsa) if city and city.cbsa else frozenset()
    return gazetteer.metro_counties(str(found[0].cbsa)) if len(found) == 1 else frozenset()


def relation(place: Place, covered: Cover, gazetteer: Gazetteer | None = None) -> Relation:
    """Return whether `place` is in a territory, near it or out of it.

    A whole state (or a metro or region reaching beyond) of which the territory is a part is "near": news
    about it concerns the reader less than news of her counties. `gazetteer` defaults to the shipped one.
    """
    known = gazetteer or _shipped()
    if place.country != "US" or place.kind == "country":
        return "out"
    if place.kind == "state":
        if place.state in covered.states_whole:
            return "in"
        return "near" if place.state in covered.states_part else "out"
    shares = known.counties_of(place)
    inside = sum(share for fips, share in shares.items() if fips in covered.counties)
    if place.kind in ("city", "county", "neighborhood"):
        if inside > 0:
            return "in"
    elif inside >= thresholds()["share_in"] * sum(shares.values()) > 0:
        return "in"
    if inside > 0:
        return "near"
    limit = thresholds()["near_km"]
    return "near" if any(known.near(place, fips) <= limit for fips in covered.counties) else "out"


@cache
def _shipped() -> Gazetteer:
    return Gazetteer.load()
