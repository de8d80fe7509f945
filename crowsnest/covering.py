"""What a territory of the settings covers: its counties, those near it, and how a place stands to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crowsnest.settings import Settings
from crowsnest.settings_errors import nearest
from market.errors import UsageError
from market.places.gazetteer import Gazetteer
from market.places.territory import cover, standing, thresholds
from market.places.territory_words import near_cities
from market.records import Place

_OLD_COUNTIES = range(9001, 9016, 2)
"""FIPS codes of Connecticut's old counties: the same ground as its planning regions, told a second time."""


def cover_of(settings: Settings, name: str, places: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a territory covers county by county, the counties near it, and how `places` stand to it.

    Counties carry FIPS code, name, state, centre (degrees) and reach (km). Raises UsageError for
    an unknown territory or place.
    """
    known = {territory.id: territory for territory in settings.territories}
    if name not in known:
        raise UsageError(
            "territory-unknown", f'no territory "{name}" in the settings; {nearest(name, list(known))}'
        )
    gazetteer = Gazetteer.load()
    found = cover(known[name], gazetteer)
    inside = [_county(fips, gazetteer) for fips in sorted(found.counties)]
    others = [_county(fips, gazetteer) for fips in sorted(_all_counties(gazetteer) - found.counties)]
    limit = thresholds()["near_km"]
    near: list[dict[str, Any]] = []
    out: list[dict[str, Any]] = []
    for county in others:
        if _far_apart(county, inside, limit):
            out.append(county)
            continue
        km = min(gazetteer.near(_place(county["fips"], gazetteer), fips) for fips in found.counties)
        (near if km <= limit else out).append(county)
    return {
        "id": name,
        "name": known[name].name or name,
        "counties": inside,
        "near": near,
        "out": out,
        "misunderstood": list(found.misunderstood),
        "misread": [entry.model_dump() for entry in found.misread],
        "notes": list(found.notes),
        "places": [
            _standing(text, gazetteer) | standing(_find(text, gazetteer), found, gazetteer).model_dump()
            for text in places
        ],
    }


def is_old_county(fips: str) -> bool:
    """Tell whether it is one of Connecticut's old counties, whose ground the planning regions cover too."""
    return int(fips) in _OLD_COUNTIES


def _all_counties(gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset().union(*(gazetteer.state_counties(code) for code, _, _ in gazetteer.states()))


def _place(fips: str, gazetteer: Gazetteer) -> Place:
    county = gazetteer.county(fips)
    if county is None:
        raise LookupError(f"the gazetteer lists county {fips} and has no place for it")
    return county


def _county(fips: str, gazetteer: Gazetteer) -> dict[str, Any]:
    county = _place(fips, gazetteer)
    return {
        "fips": fips,
        "name": county.name,
        "state": county.state,
        "lat": county.lat,
        "lon": county.lon,
        "reach_km": gazetteer.county_radius_km(fips),
    }


def _far_apart(county: dict[str, Any], inside: Sequence[dict[str, Any]], limit: float) -> bool:
    """Tell, without trigonometry, that a county is too far north or south to be near any of `inside`."""
    degree = 111.0
    return all(
        abs(county["lat"] - other["lat"]) * degree > limit + other["reach_km"] + 1.0 for other in inside
    )


def _find(text: str, gazetteer: Gazetteer) -> Place:
    place = gazetteer.find(text)
    if place is None:
        near = near_cities(text, gazetteer)
        raise UsageError(
            "place-unknown",
            f"{text!r} names no single place; write 'Greenville, SC', 'Greenville County, SC' or 'SC'"
            + (f"; nearest: {', '.join(map(repr, near))}" if near else ""),
        )
    return place


def _standing(text: str, gazetteer: Gazetteer) -> dict[str, Any]:
    place = _find(text, gazetteer)
    return {"asked": text, "place": place.name, "state": place.state, "kind": place.kind}
