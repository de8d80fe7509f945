"""Areas as people write them and the table does not: former counties, a metro's older and newer titles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from market.places.gazetteer import Gazetteer
from market.places.names import name_key
from market.records import Place

_COUNTRY = re.compile(r",\s*(?:u\.?s\.?a?\.?|united states)$", re.I)
_STATE_LAST = re.compile(r"(?P<head>.*\w)\s+(?P<state>[A-Z]{2})")
_STATE_WORD = re.compile(r"^(?:the )?state of |\s+state$", re.I)
_KIND_FIRST = re.compile(
    r"(?P<kind>county|parish|borough|municipality|city and borough|city and county) of (?P<name>.+)", re.I
)
_ENDINGS = {
    "county": "County",
    "parish": "Parish",
    "borough": "Borough",
    "city and county": "County",
    "municipality": "",
    "city and borough": "",
}
_PARTS = re.compile(r"-+|/")
_CENSUS_AREA = " census area"


def tidy(text: str, gazetteer: Gazetteer) -> str:
    """Return an entry without the country behind it, and with the comma before a postal code: "Greer, SC"."""
    text = _COUNTRY.sub("", text.strip())
    last = _STATE_LAST.fullmatch(text) if "," not in text else None
    if last is not None and gazetteer.state(last["state"]) is not None:
        return f"{last['head']}, {last['state']}"
    return text


def without_state_word(text: str) -> str:
    """Return "Texas" for "State of Texas" and "New York" for "New York State"."""
    return _STATE_WORD.sub("", text.strip())


def county_head(head: str) -> str:
    """Return a county's name without its state as the table has it: "Kent County" for "County of Kent"."""
    found = _KIND_FIRST.fullmatch(head.strip())
    if found is None:
        return head
    return f"{found['name']} {_ENDINGS[found['kind'].lower()]}".rstrip()


def former_county(text: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Return the FIPS codes of the counties that took the place of a former one, by its name or code."""
    head, comma, tail = text.rpartition(",")
    state = gazetteer.state(tail) if comma else None
    name = f"{head}, {state.state}" if state is not None else text
    return _former().get(_former_key(name), frozenset())


@cache
def _former() -> dict[str, frozenset[str]]:
    path = Path(__file__).with_name("former_counties.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["county"]
    return {
        _former_key(name): frozenset(entry["now"])
        for entry in entries
        for name in (entry["code"], *entry["names"])
    }


def _former_key(text: str) -> str:
    head, comma, tail = text.strip().rpartition(",")
    key = name_key(head if comma else text).removesuffix(_CENSUS_AREA)
    return f"{key}, {tail.strip().upper()}" if comma else key.zfill(5)


def metros_titled(text: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the metros whose title begins with the same city and shares a state, the most populous first.

    Titles change with each delineation: "Greenville-Anderson-Mauldin, SC" became "Greenville-Anderson, SC".
    Without states, those of any state; of several, those that share a further city.
    """
    first, *more = _title(text)[0]
    states = _title(text)[1]
    found: list[tuple[Place, set[str]]] = []
    for metro in _metros(gazetteer):
        cities, its_states = _title(metro.name)
        if cities[0] == first and (not states or states & its_states):
            found.append((metro, set(cities[1:])))
    nearer = [metro for metro, others in found if others & set(more)]
    return nearer if len(found) > 1 and nearer else [metro for metro, _ in found]


def _title(text: str) -> tuple[Sequence[str], set[str]]:
    """Return a title's cities as keys, at least one, and its states' postal codes."""
    head, comma, tail = text.rpartition(",")
    parts = [name_key(part).removeprefix("urban ") for part in _PARTS.split(head if comma else text)]
    cities = [part.removesuffix(" metro").removeprefix("metro ") for part in parts if part]
    return cities or [""], {part.strip().upper() for part in tail.split("-")} if comma else set()


@cache
def _metros(gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return every metro of the table, the most populous first."""
    fips: Iterable[str] = sorted(
        code for state, _, _ in gazetteer.states() for code in gazetteer.state_counties(state)
    )
    codes = {county.cbsa for each in fips if (county := gazetteer.county(each)) is not None and county.cbsa}
    found = [place for code in codes if (place := gazetteer.place(-int(code))) is not None]
    return tuple(sorted(found, key=lambda place: (-place.population, place.id)))
