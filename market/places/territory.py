"""What a territory covers, and how a place stands to it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from market.places.area_names import (
    county_head,
    former_county,
    metros_titled,
    tidy,
    without_state_word,
)
from market.places.features import is_feature
from market.places.gazetteer import Gazetteer
from market.places.names import name_key
from market.places.territory_words import AreaKey, Misread, misread
from market.records import Place, Territory
from market.records.base import Record

Relation = Literal["in", "near", "out"]
_CBSA = re.compile(r"\d{5}")
_ZIP = re.compile(r"(\d{3,5})(?:-?\d{4})?")
_COUNTY_SHORT = re.compile(r"\b(?:co|cty|cnty)\.?$", re.I)
_CONSOLIDATED = ("", " city", " city and borough", " municipality", " city and county")


class Cover(Record):
    """The counties of a territory, worked out."""

    counties: frozenset[str] = frozenset()
    """5-digit FIPS codes."""
    states_whole: frozenset[str] = frozenset()
    """Postal codes of the states that it covers whole."""
    states_part: frozenset[str] = frozenset()
    """Postal codes of the states of which it covers some counties, not all."""
    misread: tuple[Misread, ...] = ()
    """Entries that name nothing known, or too much, each with what to write instead."""
    notes: tuple[str, ...] = ()
    """What was understood, and reaches further than it covers."""

    @property
    def misunderstood(self) -> tuple[str, ...]:
        """The misread entries in words."""
        return tuple(entry.words for entry in self.misread)


class Standing(Record):
    """How a place stands to a territory."""

    relation: Relation
    km: float | None = None
    """About how far the place is from the nearest county's edge; 0 inside, None where that says nothing."""
    county: str | None = None
    """FIPS code of the county it lies in, or of the nearest one."""


@cache
def thresholds() -> dict[str, float]:
    """Return the numbers of territory.toml."""
    values = tomllib.loads(Path(__file__).with_name("territory.toml").read_text(encoding="utf-8"))
    return {key: float(value) for key, value in values.items()}


def cover(territory: Territory, gazetteer: Gazetteer) -> Cover:
    """Return the counties that the territory's states, counties, metros, cities and ZIP codes make up.

    A city brings the counties it lies in, a Connecticut county the planning regions most of whose people are
    its own, and the other way round. What cannot be understood is told, never guessed.
    """
    counties: set[str] = set()
    wrong: list[Misread] = []
    notes: list[str] = []
    areas: tuple[tuple[AreaKey, tuple[str, ...]], ...] = (
        ("states", territory.states),
        ("counties", territory.counties),
        ("metros", territory.metros),
        ("cities", territory.cities),
        ("zips", territory.zips),
    )
    for key, texts in areas:
        for text in dict.fromkeys(texts):
            inside = counties_named(key, text, gazetteer)
            counties |= inside
            if not inside:
                wrong.append(misread(key, text, gazetteer, lambda k, t: counties_named(k, t, gazetteer)))
            elif key == "cities":
                notes += _lapping(text, inside, gazetteer)
    states = {place.state for fips in counties if (place := gazetteer.county(fips)) and place.state}
    whole = frozenset(state for state in states if gazetteer.state_counties(state) <= counties)
    return Cover(
        counties=frozenset(counties),
        states_whole=whole,
        states_part=frozenset(states) - whole,
        misread=tuple(wrong),
        notes=tuple(notes),
    )


def _lapping(text: str, inside: frozenset[str], gazetteer: Gazetteer) -> list[str]:
    """Return a note on counties that a city reaches into with too small a part to bring them."""
    city = _city(tidy(text, gazetteer), gazetteer)
    shares = gazetteer.counties_of(city) if city else {}
    beyond = [
        f"{county.name}, {county.state}"
        for fips, share in sorted(shares.items(), key=lambda pair: -pair[1])
        if share >= thresholds()["share_noted"] and fips not in inside and (county := gazetteer.county(fips))
    ]
    if not beyond:
        return []
    where = " and ".join(beyond)
    return [f"cities: {text!r} reaches a little into {where} too; to cover that, name it as a county"]


def counties_named(key: AreaKey, text: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the FIPS codes that one entry under `key` brings; empty when it is not understood."""
    text = tidy(text, gazetteer)
    if key == "states":
        state = gazetteer.state(text.rpartition(",")[2]) or gazetteer.state(without_state_word(text))
        if state is None or state.state is None or ("," in text and state.state != "DC"):
            return frozenset()
        return gazetteer.state_counties(state.state)
    if key == "counties":
        county = _county(text, gazetteer)
        return _majority(county, gazetteer) if county else former_county(text, gazetteer)
    if key == "metros":
        return _metro(text, gazetteer)
    if key == "cities":
        city = _city(text, gazetteer)
        return city_counties(city, gazetteer) if city else frozenset()
    code = _ZIP.fullmatch(text)
    fips = gazetteer.zip(code[1].zfill(5))[1] if code else None
    if fips is None:
        return frozenset()
    county = gazetteer.county(fips)
    return _majority(county, gazetteer) if county else frozenset({fips})


def _county(text: str, gazetteer: Gazetteer) -> Place | None:
    """Return the county of "Greenville County, SC", "Greenville, SC" or "45045"; None when unsure.

    A bare name that an independent city shares with a county ("Richmond, VA") could be either.
    """
    if text.isascii() and text.isdigit():
        return gazetteer.county(text.zfill(5))
    head, comma, tail = text.rpartition(",")
    state = gazetteer.state(tail) if comma else None
    if state is None:
        return None
    head = _COUNTY_SHORT.sub("County", county_head(head).strip())
    key = name_key(head)
    found = gazetteer.lookup(head, state.state, {"county"})
    exact = [place for place in found if name_key(place.name) == key]
    if exact:
        return exact[0]
    bare = [
        place
        for ending in ("County", "Parish", "Borough", "city")
        for place in gazetteer.lookup(f"{head} {ending}", state.state, {"county"})
        if name_key(place.name) == f"{key} {ending.lower()}"
    ]
    known = {place.county_fips: place for place in (*bare, *found)}
    if known:
        return next(iter(known.values())) if len(known) == 1 else None
    # The boroughs of New York and places that are their county ("Washington, DC", "Juneau, AK").
    cities = gazetteer.lookup(head, state.state, {"city"})
    if cities and cities[0].county_fips and (state.state == "NY" or _is_its_county(cities[0], gazetteer)):
        county = gazetteer.county(cities[0].county_fips)
        alone = gazetteer.counties_of(cities[0]).keys() <= {cities[0].county_fips}
        return county if alone or state.state != "NY" else None
    return _spelt_apart(key, state.state, gazetteer)


def _spelt_apart(key: str, state: str | None, gazetteer: Gazetteer) -> Place | None:
    """Return the one county of the state that is written so but for blanks: "De Kalb" is DeKalb."""
    wanted = key.replace(" ", "")
    found = [
        county
        for fips in gazetteer.state_counties(state or "")
        if (county := gazetteer.county(fips))
        and wanted in (name := name_key(county.name).replace(" ", ""), name.removesuffix("county"))
    ]
    return found[0] if len(found) == 1 else None


def _is_its_county(city: Place, gazetteer: Gazetteer) -> bool:
    """Tell whether a city is a county of its own: the independent cities, Carson City, Juneau, Washington."""
    county = gazetteer.county(city.county_fips) if city.county_fips else None
    if county is None:
        return False
    name = name_key(county.name)
    return city.state == "DC" or any(name == f"{name_key(city.name)}{ending}" for ending in _CONSOLIDATED)


def city_counties(city: Place, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the counties a city lies in; one that is a county of its own lies in no other."""
    if city.county_fips and _is_its_county(city, gazetteer):
        return frozenset({city.county_fips})
    return frozenset(
        fips for fips, share in gazetteer.counties_of(city).items() if share >= thresholds()["share_city"]
    )


def _majority(county: Place, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the county itself and those most of whose people live in it.

    Connecticut's old counties and planning regions cover the same ground twice.
    """
    own = county.county_fips or ""

    def is_mostly_here(fips: str) -> bool:
        other = gazetteer.county(fips)
        return other is not None and gazetteer.counties_of(other).get(own, 0.0) >= 0.5

    return frozenset(fips for fips in gazetteer.counties_of(county) if fips == own or is_mostly_here(fips))


def _metro(text: str, gazetteer: Gazetteer) -> frozenset[str]:
    if _CBSA.fullmatch(text):
        return gazetteer.metro_counties(text)
    found = gazetteer.lookup(text, kinds={"metro"}) or gazetteer.lookup(f"{text} metro", kinds={"metro"})
    if not found:
        city = _city(text, gazetteer)
        if city is not None and city.kind == "city" and city.cbsa:
            return gazetteer.metro_counties(city.cbsa)
    found = found or metros_titled(text, gazetteer) or _nicknamed(text, gazetteer)
    return gazetteer.metro_counties(str(found[0].cbsa)) if len(found) == 1 else frozenset()


def _nicknamed(text: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the metro that the region of this name lies in: "Twin Cities"; [] for a region of several."""
    regions = gazetteer.lookup(text, kinds={"region"})
    codes = {
        county.cbsa if (county := gazetteer.county(fips)) else None
        for region in regions
        for fips in gazetteer.counties_of(region)
    }
    metros = [gazetteer.place(-int(code)) if code else None for code in codes]
    return [metro for metro in metros if metro is not None] if len(metros) == 1 else []


def _city(text: str, gazetteer: Gazetteer) -> Place | None:
    """Return the city of "City, ST"; where a state bears the name too ("New York, NY") the city is meant."""
    found = gazetteer.find(text)
    head, comma, tail = text.rpartition(",")
    if comma and (found is None or found.kind == "state") and (state := gazetteer.state(tail)):
        found = next(iter(gazetteer.lookup(head, state.state, {"city", "neighborhood"})), None)
    if found is None or found.country != "US" or found.kind in ("state", "country"):
        return None
    return found


def relation(place: Place, covered: Cover, gazetteer: Gazetteer | None = None) -> Relation:
    """Return whether `place` is in a territory, near it or out of it.

    A whole state (or a metro or region reaching beyond) of which the territory is a part is "near": news
    about it concerns the reader less than news of her counties. `gazetteer` defaults to the shipped one.
    """
    known = gazetteer or _shipped()
    found = _inside(place, covered, known)
    if found is not None:
        return found
    limit = thresholds()["near_km"]
    return "near" if any(known.near(place, fips) <= limit for fips in covered.counties) else "out"


def standing(place: Place, covered: Cover, gazetteer: Gazetteer) -> Standing:
    """Return how a place stands to a territory, with its distance from the nearest county of it."""
    found = relation(place, covered, gazetteer)
    wide = place.kind in ("state", "country") or is_feature(place)
    if wide or place.country != "US" or not covered.counties:
        return Standing(relation=found)
    shares = gazetteer.counties_of(place)
    inside = max((fips for fips in shares if fips in covered.counties), key=shares.__getitem__, default=None)
    if found == "in" and inside is not None:
        return Standing(relation=found, km=0.0, county=inside)
    km, nearest = min((gazetteer.near(place, fips), fips) for fips in covered.counties)
    return Standing(relation=found, km=round(km, 1), county=nearest)


def _inside(place: Place, covered: Cover, known: Gazetteer) -> Relation | None:
    """Return how a place stands by the counties it lies in; None where the distance decides."""
    if place.country != "US" or place.kind == "country" or is_feature(place):
        return "out"
    if place.kind == "state":
        if place.state in covered.states_whole:
            return "in"
        return "near" if place.state in covered.states_part else "out"
    shares = known.counties_of(place)
    inside = sum(share for fips, share in shares.items() if fips in covered.counties)
    if place.kind == "city":
        if city_counties(place, known) & covered.counties:
            return "in"
    elif place.kind in ("county", "neighborhood"):
        if inside > 0:
            return "in"
    elif inside >= thresholds()["share_in"] * sum(shares.values()) > 0:
        return "in"
    return "near" if inside > 0 else None


@cache
def _shipped() -> Gazetteer:
    return Gazetteer.load()
