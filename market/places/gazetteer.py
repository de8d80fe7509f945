"""The gazetteer: places known beforehand, read from the compiled table (compile.py) without loading it."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from market.errors import UnavailableError
from market.places.distance import distance_km
from market.places.features import FLAGS
from market.places.names import name_key
from market.records import Place

TABLE = Path(__file__).with_name("places.sqlite")
_BY_ID = "SELECT * FROM place WHERE id = ?"
_BY_NAME = "SELECT p.*, n.flag FROM name n JOIN place p ON p.id = n.place WHERE n.key = ?"
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_FIPS = re.compile(r"\d{5}")
# The order in which kinds answer for a bare name of equal population.
_KINDS = {"country": 0, "state": 1, "city": 2, "region": 3, "metro": 4, "county": 5, "neighborhood": 6}


class Named(NamedTuple):
    """A place as one of its names finds it. `flag` says how the name belongs to it (compile.FLAGS)."""

    place: Place
    flag: str


class WordUse(NamedTuple):
    """How English uses a word that is also a place's name (see compile_sources.word_uses)."""

    lower: float
    """Natural logarithm of the probability of the word in small letters; -20: not seen."""
    title: float
    surname: float
    """Percent of people with this surname."""
    given: float


_KEPT = 8_000
"""So many answers of each kind stay in memory: the names of thousands of articles, some 30 MB at most."""
_SIMILAR = 3
"""Cities of one name are about the same size when none has so many times the people of another."""
_FIELDS = set(Place.model_fields)
"""One set for all records: each would carry its own, and half of a record's memory is that."""
UNUSED = WordUse(-20.0, -20.0, 0.0, 0.0)


class Gazetteer:
    """Looks places up by id, name, county or ZIP code. Safe to share between threads and to pickle."""

    def __init__(self, table: Path = TABLE) -> None:
        """Open nothing yet: the first look-up does. `table` is what compile.py wrote."""
        self._table = table
        self._local = threading.local()
        self._place = lru_cache(maxsize=_KEPT)(self._read_place)
        self._named = lru_cache(maxsize=_KEPT)(self._read_named)
        self._starting = lru_cache(maxsize=_KEPT)(self._read_starting)
        self._word = lru_cache(maxsize=_KEPT)(self._read_word)
        self._reach = lru_cache(maxsize=_KEPT)(self._read_reach)

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[Path]]:
        return Gazetteer, (self._table,)

    @classmethod
    def load(cls) -> Gazetteer:
        """Return a gazetteer over the table that comes with the package."""
        return cls()

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        db = getattr(self._local, "db", None)
        if db is None:
            try:
                db = sqlite3.connect(f"{self._table.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
                db.execute("PRAGMA mmap_size = 67108864")
            except sqlite3.Error as error:
                raise UnavailableError(
                    "places.table",
                    f"{self._table}: {error}. Install Crowsnest anew, or run python -m market.places.compile",
                ) from error
            self._local.db = db
        return list(db.execute(sql, values))

    def place(self, place_id: int) -> Place | None:
        """Return the place with this id, or None."""
        return self._place(place_id)

    def _read_place(self, place_id: int) -> Place | None:
        rows = self._rows(_BY_ID, place_id)
        return _record(rows[0]) if rows else None

    def named(self, key: str) -> tuple[Named, ...]:
        """Return every place that `key` (see name_key) names, most populous first; () when there is none."""
        return self._named(key)

    def _read_named(self, key: str) -> tuple[Named, ...]:
        rows = self._rows(_BY_NAME, key)
        found = [Named(_record(row), str(row[10])) for row in rows]
        found.sort(key=lambda n: (-n.place.population, _KINDS[n.place.kind], n.flag != "p", n.place.id))
        return tuple(found)

    def starting(self, word: str) -> frozenset[str]:
        """Return the keys (see name_key) of all names whose first word is `word`; "saint" for "St."."""
        return self._starting(word)

    def _read_starting(self, word: str) -> frozenset[str]:
        # "!" is the character after the blank, so the range holds every longer name.
        rows = self._rows(
            "SELECT key FROM name WHERE key = ?1 OR (key > ?1 || ' ' AND key < ?1 || '!')", word
        )
        return frozenset(row[0] for row in rows)

    def word(self, key: str) -> WordUse:
        """Return how English uses a one-word name."""
        return self._word(key)

    def _read_word(self, key: str) -> WordUse:
        rows = self._rows("SELECT lower, title, surname, given FROM word WHERE key = ?", key)
        return WordUse(*rows[0]) if rows else UNUSED

    def lookup(
        self, name: str, state: str | None = None, kinds: Collection[str] | None = None
    ) -> list[Place]:
        """Return the places called `name`, most populous first.

        `state` (postal code) and `kinds` narrow it; a bare county name ("Sebastian") counts only when
        `kinds` asks for counties alone. Rivers, seas and wide regions, which lie in no county, are left out.
        """
        bare = kinds is not None and set(kinds) == {"county"}
        return [
            place
            for place, flag in self.named(name_key(name))
            if (state is None or place.state == state)
            and (kinds is None or place.kind in kinds)
            and (bare or flag != "b")
            and flag not in FLAGS
        ]

    def county(self, fips: str) -> Place | None:
        """Return the county with this 5-digit FIPS code (Connecticut's old counties and regions both)."""
        rows = self._rows("SELECT place FROM county WHERE fips = ?", fips)
        return self.place(int(rows[0][0])) if rows else None

    def county_radius_km(self, fips: str) -> float:
        """Return how far a county reaches from its centre of population, in km; 0 when it is unknown."""
        rows = self._rows("SELECT radius_km FROM county WHERE fips = ?", fips)
        return float(rows[0][0]) if rows else 0.0

    def counties_of(self, place: Place) -> dict[str, float]:
        """Return the county FIPS codes `place` lies in, each with its share from 0 to 1.

        A city may straddle counties (shares of its ZIP codes), a metro or region covers several (shares of
        people), Connecticut's answer in old counties and planning regions. {} for a state and abroad.
        """
        found = dict(self._reach(place.id))
        if place.county_fips is not None and place.county_fips not in found:
            found[place.county_fips] = 1.0
        return found

    def _read_reach(self, place_id: int) -> tuple[tuple[str, float], ...]:
        rows = self._rows("SELECT fips, share FROM reach WHERE place = ?", place_id)
        return tuple((str(fips), float(share)) for fips, share in rows)

    def state_counties(self, state: str) -> frozenset[str]:
        """Return all county FIPS codes of a state, by postal code."""
        return frozenset(str(row[0]) for row in self._rows("SELECT fips FROM county WHERE state = ?", state))

    def metro_counties(self, cbsa: str) -> frozenset[str]:
        """Return the county FIPS codes of a CBSA; empty when there is none of that code."""
        return frozenset(str(row[0]) for row in self._rows("SELECT fips FROM county WHERE cbsa = ?", cbsa))

    def state(self, text: str) -> Place | None:
        """Return a state by postal code ("SC"), name or AP abbreviation ("S.C."), or None."""
        rows = self._rows("SELECT place FROM state WHERE code = ?", text.strip().upper())
        if rows:
            return self.place(int(rows[0][0]))
        return next((place for place, _ in self.named(name_key(text)) if place.kind == "state"), None)

    def states(self) -> Sequence[tuple[str, str, str]]:
        """Return (postal code, name, AP abbreviation) of every state, the district and the territories."""
        rows = self._rows("SELECT s.code, p.name, s.ap FROM state s JOIN place p ON p.id = s.place")
        return [(str(code), str(name), str(ap)) for code, name, ap in rows]

    def zip(self, code: str) -> tuple[Place | None, str | None]:
        """Return (city, county FIPS) of a ZIP code ("29601" or "29601-1234"); None for what is unknown."""
        if not _ZIP.fullmatch(code.strip()):
            return None, None
        rows = self._rows("SELECT place, county_fips FROM zip WHERE code = ?", code.strip()[:5])
        if not rows:
            return None, None
        city, county = rows[0]
        return (self.place(city) if city is not None else None), (str(county) if county else None)

    def find(self, text: str) -> Place | None:
        """Return what "Greenville, SC", "Greenville County, SC", "Paris, France", "29601" or "45045" names.

        A name without its state is answered only where one place alone has it, or is at least ten times as
        populous as the next; None otherwise.
        """
        text = text.strip()
        if _FIPS.fullmatch(text):
            return self.zip(text)[0] or self.county(text)
        head, comma, tail = text.rpartition(",")
        if comma:
            state = self.state(tail)
            if state is not None:
                found = self._postal_first(_cities_first(self.lookup(head, state=state.state)))
                found = found or self.lookup(head, state.state, {"county"})
                return found[0] if found else None
            country = next((p for p in self.lookup(tail) if p.kind == "country"), None)
            if country is not None:
                inside = [p for p in self.lookup(head) if p.country == country.country and p is not country]
                return inside[0] if inside else None
            return None
        found = _cities_first(self.lookup(text))
        states = [place for place in found if place.kind in ("state", "country")]
        if states:
            return states[0]
        if len(found) == 1 or (found and found[0].population >= 10 * max(1, found[1].population)):
            return found[0]
        return None

    def _postal_first(self, places: list[Place]) -> list[Place]:
        """Put the city that bears its ZIP codes' name before another of the same name and about its size.

        Two places of one state share a name where one is a settlement that the Postal Service counts to
        another post office: Tryon in Polk County, North Carolina, has its own.
        """
        if len(places) < 2 or any(place.kind != "city" for place in places[:2]):
            return places
        rows = self._rows(
            "SELECT DISTINCT county_fips FROM zip WHERE city = ? AND state = ?",
            places[0].name,
            places[0].state,
        )
        counties = {str(row[0]) for row in rows}
        least = places[0].population / _SIMILAR
        return sorted(places, key=lambda place: place.population < least or place.county_fips not in counties)

    def near(self, place: Place, fips: str) -> float:
        """Return about how far `place` is from the edge of a county, in km: 0 inside; inf when unknown."""
        county = self.county(fips)
        if county is None:
            return float("inf")
        apart = distance_km(place.lat, place.lon, county.lat, county.lon)
        return max(0.0, apart - self.county_radius_km(fips))


def _cities_first(places: list[Place]) -> list[Place]:
    """Leave out counties, metros and regions whose name a city of the same state or country bears."""
    cities = {(place.country, place.state) for place in places if place.kind == "city"}
    wide = ("county", "metro", "region")
    return [p for p in places if p.kind not in wide or (p.country, p.state) not in cities]


def _record(row: Sequence[Any]) -> Place:
    # The table was written from checked values, so the record is built without checking them again.
    return Place.model_construct(
        _fields_set=_FIELDS,
        id=row[0],
        name=row[1],
        kind=row[2],
        state=row[3],
        country=row[4],
        county_fips=row[5],
        cbsa=row[6],
        lat=row[7],
        lon=row[8],
        population=row[9],
    )
