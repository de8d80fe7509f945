"""Words for a territory's entry that is not understood: what to write, and the nearest names that do."""

from __future__ import annotations

import difflib
import re
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

from market.places.area_names import county_head, metros_titled, tidy
from market.places.gazetteer import Gazetteer
from market.places.names import name_key
from market.records import Place
from market.records.base import Record

AreaKey = Literal["states", "counties", "metros", "cities", "zips"]
Reader = Callable[[AreaKey, str], Collection[str]]
"""Returns the counties that an entry brings, none when it is not understood."""
_ADVICE: dict[AreaKey, str] = {
    "states": "is no state; write its postal code, as in 'SC'",
    "counties": "is not known, or several have that name; write 'Greenville County, SC' or a FIPS code",
    "metros": "is not known, or several have that name; write its CBSA code",
    "cities": "is not known, or several have that name; write 'City, ST'",
    "zips": "is not known; name its county instead",
}
_KIND = re.compile(r" (?:county|parish|borough|city|census area|municipality|municipio|planning region)$")
_ZIP = re.compile(r"\d{3,5}(?:-?\d{4})?")
_TELLING = 4
"""Letters of a first word from which on it may tell a county: "Kenai" of "Kenai Borough"."""
_TYPED = string.ascii_lowercase + " "
_LONGEST = 60
"""Characters of a name in which a slip of the keyboard is looked for."""


class Misread(Record):
    """An entry of a territory that names nothing known, or too much."""

    key: AreaKey
    text: str
    """The entry as it is written."""
    near: tuple[str, ...] = ()
    """What could be meant; each would be understood under the same key."""
    words: str
    """The whole message."""


@cache
def _limits() -> tuple[float, int]:
    path = Path(__file__).with_name("territory.toml")
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    return float(values["alike"]), int(values["offered"])


def misread(key: AreaKey, text: str, gazetteer: Gazetteer, reader: Reader) -> Misread:
    """Return what to tell of an entry that `reader` does not understand; only names it does are offered."""
    offers = {
        "states": _states,
        "counties": _counties,
        "metros": _metros,
        "cities": _cities,
        "zips": _zips,
    }[key](text.strip(), gazetteer)
    near: list[str] = []
    for name in dict.fromkeys(offers):
        if len(near) == _limits()[1]:
            break
        if reader(key, name):
            near.append(name)
    advice = _ADVICE[key]
    if key == "zips" and not _ZIP.fullmatch(text.strip()):
        advice = "is no ZIP code; write its five digits in quotes"
    if key == "states" and gazetteer.state(text.strip()) is not None:
        advice = "has no counties that are known here; leave it out"
    words = f"{key}: {text!r} {advice}"
    if near:
        words += "; nearest: " + ", ".join(repr(name) for name in near)
    return Misread(key=key, text=text, near=tuple(near), words=words)


def near_cities(text: str, gazetteer: Gazetteer) -> list[str]:
    """Return the names of the cities that a text which names none, or several, could mean."""
    return list(islice(dict.fromkeys(_cities(text.strip(), gazetteer)), _limits()[1]))


def _states(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    names = {name_key(name): name for code, name, _ in gazetteer.states()}
    names |= {code.lower(): name for code, name, _ in gazetteer.states()}
    for word in _alike(name_key(text), names):
        yield names[word]


def _counties(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    head, comma, tail = tidy(text, gazetteer).rpartition(",")
    state = gazetteer.state(tail) if comma else None
    head = county_head(head) if comma else text
    if state is not None and state.state:
        names = {
            name_key(county.name): _named(county)
            for fips in sorted(gazetteer.state_counties(state.state))
            if (county := gazetteer.county(fips)) is not None
        }
        key = name_key(head)
        bare = _KIND.sub("", key)
        bearing = [name for known, name in names.items() if known.startswith(f"{bare} ")]
        if bearing:
            yield from bearing
            return
        first = bare.partition(" ")[0]
        if len(first) >= _TELLING:
            yield from (name for known, name in names.items() if known.startswith(first))
        for word in _alike(key, names):
            yield names[word]
        for place in gazetteer.lookup(head, state.state, {"city"}):
            county = gazetteer.county(place.county_fips) if place.county_fips else None
            if county is not None:
                yield _named(county)
    bare = name_key(head)
    for key in (bare, f"{bare} county", f"{bare} parish"):
        for place in gazetteer.lookup(key, kinds={"county"}):
            yield _named(place)
    if state is None:
        for place in _mistyped(f"{bare} county" if "county" not in bare else bare, gazetteer, {"county"}):
            yield _named(place)


def _metros(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    head, comma, tail = text.rpartition(",")
    city = head.strip() if comma else text
    city = city.removesuffix(" metro").removeprefix("metro ").strip()
    for name in (text, f"{city} metro"):
        yield from (place.name for place in gazetteer.lookup(name, kinds={"metro"}))
    yield from (place.name for place in metros_titled(text, gazetteer))
    yield from _metros_of_regions(text, gazetteer)
    named = gazetteer.lookup(city, kinds={"city"})
    mistyped = (place for key in (text, city) for place in _mistyped(name_key(key), gazetteer, {"metro"}))
    close = [*named, *mistyped, *_mistyped(name_key(city), gazetteer, {"city"})]
    state = gazetteer.state(tail) if comma else None
    for place in sorted(close, key=lambda one: (state is None or one.state != state.state, -one.population)):
        metro = gazetteer.place(-int(place.cbsa)) if place.cbsa else None
        if metro is not None:
            yield metro.name


def _metros_of_regions(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield the metros of the regions that bear a name, those of the most counties first."""
    counties = [
        gazetteer.county(fips)
        for region, _ in gazetteer.named(name_key(text))
        if region.kind == "region"
        for fips in gazetteer.counties_of(region)
    ]
    codes = Counter(county.cbsa for county in counties if county is not None and county.cbsa)
    for code, _ in codes.most_common():
        metro = gazetteer.place(-int(code))
        if metro is not None:
            yield metro.name


def _cities(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    head, comma, tail = tidy(text, gazetteer).rpartition(",")
    state = gazetteer.state(tail) if comma else None
    head = head if comma else text
    kinds = {"city", "neighborhood"}
    mistyped = _mistyped(name_key(head), gazetteer, kinds)
    if state is not None:
        yield from (_named(place) for place in mistyped if place.state == state.state)
    for place in gazetteer.lookup(head, kinds=kinds):
        if place.country == "US":
            yield _named(place)
    yield from (_named(place) for place in mistyped if place.country == "US")


def _zips(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    """Offer nothing: a ZIP code beside an unknown one may lie in another state."""
    return iter(())


def _named(place: Place) -> str:
    return f"{place.name}, {place.state}"


def _alike(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word, list(known), n=_limits()[1], cutoff=_limits()[0])


def _mistyped(key: str, gazetteer: Gazetteer, kinds: Collection[str]) -> list[Place]:
    """Return the places that one slip of the keyboard turns into `key`, the most populous first."""
    found = {
        place.id: place
        for near in islice(_slips(key), _LONGEST * 60)
        for place, flag in gazetteer.named(near)
        if place.kind in kinds
    }
    return sorted(found.values(), key=lambda place: -place.population)


def _slips(key: str) -> Iterator[str]:
    """Yield each text that one letter more, less, changed or swapped makes of `key`."""
    if not key or len(key) > _LONGEST:
        return
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _TYPED:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
