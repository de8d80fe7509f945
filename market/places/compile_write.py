"""Writes what the compiler has gathered into the table that gazetteer.py reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from market.places import compile_sources as sources
from market.places.compile_sources import Row
from market.places.distance import distance_km
from market.places.names import name_key

if TYPE_CHECKING:
    from market.places.compile import Compiler

# How a name belongs to a place: primary, alias, abbreviation (counts only in its exact case), bare name of
# a county ("Sebastian"), weak (a ZIP code's further name), context (a region's name that several states use),
# feature (of nature, or a wide region), article (the same, but only after "the").
FLAGS = {
    "primary": "p",
    "alias": "a",
    "abbreviation": "c",
    "bare": "b",
    "weak": "w",
    "context": "x",
    "feature": "f",
    "article": "e",
}
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, state TEXT,
  country TEXT NOT NULL, county_fips TEXT, cbsa TEXT, lat REAL NOT NULL, lon REAL NOT NULL,
  population INTEGER NOT NULL);
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, flag TEXT NOT NULL,
  PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE county (fips TEXT PRIMARY KEY, place INTEGER NOT NULL, state TEXT NOT NULL, cbsa TEXT,
  radius_km REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE reach (place INTEGER NOT NULL, fips TEXT NOT NULL, share REAL NOT NULL,
  PRIMARY KEY (place, fips)) WITHOUT ROWID;
CREATE TABLE state (code TEXT PRIMARY KEY, place INTEGER NOT NULL, fips TEXT NOT NULL, ap TEXT NOT NULL)
  WITHOUT ROWID;
CREATE TABLE zip (code TEXT PRIMARY KEY, place INTEGER, city TEXT NOT NULL, state TEXT NOT NULL,
  county_fips TEXT, lat REAL NOT NULL, lon REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE word (key TEXT PRIMARY KEY, lower REAL NOT NULL, title REAL NOT NULL, surname REAL NOT NULL,
  given REAL NOT NULL) WITHOUT ROWID;
"""


def write(compiler: Compiler, path: Path) -> None:
    """Write the table to `path`, which is replaced."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as db:
        db.executescript("PRAGMA page_size = 4096;" + SCHEMA)
        db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(sources.versions().items()))
        db.execute("INSERT INTO meta VALUES ('delineation', 'OMB, March 2020')")
        for row in compiler.rows.values():
            cbsa = _cbsa(compiler, row)
            record = (row.id, row.name, row.kind, row.state, row.country, row.county, cbsa)
            where = (round(row.lat, 4), round(row.lon, 4), row.population)
            db.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", (*record, *where))
            weak = row.id <= -10_000_000
            names = [(row.name, "weak" if weak else "primary"), *row.aliases]
            if row.kind in ("region", "metro") and row.id < 0:
                names = row.aliases
            flags: dict[str, str] = {}
            for name, flag in names:
                flags.setdefault(name_key(name), FLAGS[flag])
            db.executemany("INSERT INTO name VALUES (?,?,?)", [(k, row.id, f) for k, f in flags.items() if k])
        db.executemany("INSERT INTO county VALUES (?,?,?,?,?)", _county_records(compiler))
        reach = ((p, f, round(s, 3)) for p, shares in compiler.reach.items() for f, s in shares.items())
        db.executemany("INSERT INTO reach VALUES (?,?,?)", _needed(compiler, reach))
        db.executemany("INSERT INTO state VALUES (?,?,?,?)", _state_records(compiler))
        keys = {str(row[0]) for row in db.execute("SELECT DISTINCT key FROM name WHERE key NOT GLOB '* *'")}
        db.executemany("INSERT INTO word VALUES (?,?,?,?,?)", sources.word_uses(keys))
        db.executemany("INSERT OR IGNORE INTO zip VALUES (?,?,?,?,?,?,?)", _zip_records(compiler))
    with sqlite3.connect(path) as db:
        db.execute("VACUUM")


def _county_records(compiler: Compiler) -> Iterable[tuple[object, ...]]:
    for fips, place in compiler.county_place.items():
        yield (
            fips,
            place,
            compiler.counties[fips].state,
            compiler.cbsa.get(fips),
            round(compiler.radius[fips], 1),
        )


def _state_records(compiler: Compiler) -> Iterable[tuple[object, ...]]:
    for code, name, ap, fips, id_ in compiler.states:
        place = id_ or -(6_000_000 + int(fips))
        if place in compiler.rows:
            yield code, place, fips, ap or name


def _zip_records(compiler: Compiler) -> Iterable[tuple[object, ...]]:
    for entry in compiler.zips:
        row = compiler.by_city.get((name_key(entry.city), entry.state))
        near = row if row and distance_km(row.lat, row.lon, entry.lat, entry.lon) < 60 else None
        where = (entry.state, entry.county, entry.lat, entry.lon)
        yield entry.code, near.id if near else None, entry.city, *where


def _cbsa(compiler: Compiler, row: Row) -> str | None:
    if row.kind == "metro":
        return str(-row.id)
    if row.kind not in ("city", "county") or not row.county:
        return None
    old = [fips for fips in compiler.reach[row.id] if fips != row.county and row.state == "CT"]
    if row.kind == "city" and old:
        return compiler.cbsa.get(max(old, key=lambda fips: compiler.reach[row.id][fips]))
    return compiler.cbsa.get(row.county)


def _needed(compiler: Compiler, reach: Iterable[tuple[int, str, float]]) -> Iterable[tuple[int, str, float]]:
    """Leave out what the place's own county already says."""
    for place, fips, share in reach:
        alone = len(compiler.reach[place]) == 1 and compiler.rows[place].county == fips
        if share >= 0.05 and not alone:
            yield place, fips, share
