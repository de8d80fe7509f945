"""The maintainer's command that writes the gazetteer's table: `python -m market.places.compile OUTLINES`.

Needs the `places` extra and more; see compile_sources.py. The table is one SQLite file that
market/places/gazetteer.py opens read-only; ATTRIBUTION.md beside it names sources and licences.
Ids: GeoNames' where it has an entry; below zero ours (a metro's is minus its CBSA code).
"""

from __future__ import annotations

import sqlite3
import sys
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from market.places import compile_sources as sources
from market.places.compile_areas import add_wider
from market.places.compile_names import bare_name, county_names, used_names
from market.places.compile_sources import County, Row, Zip
from market.places.compile_write import write
from market.places.distance import centre, distance_km
from market.places.names import name_key

HERE = Path(__file__).parent
_MOST_APART = 2.5
_LEAST_REACH_KM = 40.0
"""How many times as far as its cities a ZIP code of a county may lie, and how far it may in any case."""


def reach_km(cities: Sequence[float], zips: Sequence[float]) -> float:
    """Return how far (km) a county reaches from its centre, given how far its cities and ZIP codes lie.

    A ZIP code that lies several times as far as any city or nearer ZIP code is a mistake of its source.
    """
    reach = max(cities, default=0.0)
    for distance in sorted(zips):
        if distance > _MOST_APART * max(reach, _LEAST_REACH_KM):
            break
        reach = max(reach, distance)
    return reach


class Compiler:
    """Gathers the rows in the order in which they depend on each other, then writes them."""

    def __init__(self, outlines: Path) -> None:
        self.outlines = outlines
        self.states = list(sources.states())
        self.state_names = {code: name for code, name, *_ in self.states}
        self.counties: dict[str, County] = {
            county.fips: county for county in sources.counties() if county.state in self.state_names
        }
        self.regions = tomllib.loads((HERE / "regions.toml").read_text())["region"]
        self.informal = {name_key(name) for region in self.regions for name in region["names"]}
        self.rows: dict[int, Row] = {}
        self.by_city: dict[tuple[str, str], Row] = {}
        self.reach: dict[int, dict[str, float]] = defaultdict(dict)
        self.cbsa: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        for code, title, fips in sources.delineation():
            self.cbsa[fips], self.titles[code] = code, title
        by_name: dict[tuple[str, str], str] = {}
        for county in self.counties.values():
            for alias in county_names(county.name):
                by_name.setdefault((name_key(alias), county.state), county.fips)
            by_name[name_key(county.name), county.state] = county.fips
        self.by_county = by_name
        self.zips: list[Zip] = sources.zips(by_name)

    def cities(self) -> None:
        """Add GeoNames' populated places; a name's largest place of a state answers for "City, ST"."""
        regions: dict[int, list[Row]] = defaultdict(list)
        for row, others in sources.cities():
            for value, flag in row.aliases:
                if flag == "region":
                    regions[int(value)].append(row)
            row.aliases = [(name, "alias") for name in used_names(row, others)]
            self.rows[row.id] = row
            if row.state:
                for name in (row.name, *(alias for alias, _ in row.aliases)):
                    known = self.by_city.get((name_key(name), row.state))
                    if known is None or (name == row.name, row.population) > (
                        name_key(known.name) == name_key(name),
                        known.population,
                    ):
                        self.by_city[name_key(name), row.state] = row
        for id_, name, country, aliases in sources.foreign_regions():
            inside = regions.get(id_)
            if inside:
                lat, lon = centre([(row.lat, row.lon, row.population + 1) for row in inside])
                people = sum(row.population for row in inside)
                self.rows[id_] = Row(
                    id_,
                    name,
                    "region",
                    None,
                    country,
                    None,
                    lat,
                    lon,
                    people,
                    [(a, "alias") for a in aliases],
                )
        for nickname, city in tomllib.loads((HERE / "nicknames.toml").read_text())["names"].items():
            self.city(city).aliases.append((nickname, "primary"))

    def city(self, text: str) -> Row:
        """Return the row of "City, ST". Raises SystemExit for a name no source knows."""
        name, _, state = text.rpartition(", ")
        row = self.by_city.get((name_key(name), state))
        if row is None:
            raise SystemExit(f"{text!r} in regions.toml or nicknames.toml: no such city in the sources")
        return row

    def zip_cities(self) -> None:
        """Give cities their counties by ZIP code, and add cities that only the Postal Service names."""
        served: dict[tuple[str, str], list[Zip]] = defaultdict(list)
        for entry in self.zips:
            served[name_key(entry.city), entry.state].append(entry)
        for (key, state), entries in served.items():
            row = self.by_city.get((key, state))
            if row is None:
                lat, lon = centre([(entry.lat, entry.lon, 1) for entry in entries])
                first = min(entries, key=lambda entry: entry.code)
                row = Row(
                    -(1_000_000 + int(first.code)), first.city, "city", state, "US", first.county, lat, lon
                )
                self.rows[row.id] = self.by_city[key, state] = row
            row.county = row.county or next((entry.county for entry in entries if entry.county), None)
            near = [
                e.county for e in entries if e.county and distance_km(e.lat, e.lon, row.lat, row.lon) < 40
            ]
            for fips in near:
                self.reach[row.id][fips] = self.reach[row.id].get(fips, 0) + 1 / len(near)
        for entry in self.zips:
            for number, other in enumerate(sorted(entry.others)):
                self._weak_city(entry, number, other)

    def _weak_city(self, entry: Zip, number: int, other: str) -> None:
        key = name_key(other)
        if len(key) < 4 or not key.replace(" ", "").isalpha() or (key, entry.state) in self.by_city:
            return
        row = Row(
            -(10_000_000 + int(entry.code) * 100 + number),
            other,
            "city",
            entry.state,
            "US",
            entry.county,
            entry.lat,
            entry.lon,
        )
        self.rows[row.id] = self.by_city[key, entry.state] = row

    def county_rows(self) -> None:
        """Give every county a place: the population-weighted centre of its cities and ZIP codes."""
        points: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        people: dict[str, int] = defaultdict(int)
        for row in self.rows.values():
            if row.kind == "city" and row.county:
                points[row.county].append((row.lat, row.lon, row.population + 50))
                people[row.county] += row.population
        cities = {fips: len(found) for fips, found in points.items()}
        for entry in self.zips:
            if entry.county:
                points[entry.county].append((entry.lat, entry.lon, 50))
        self.radius: dict[str, float] = {}
        self.county_place: dict[str, int] = {}
        for fips, county in self.counties.items():
            if fips not in points:
                continue
            lat, lon = centre(points[fips])
            apart = [distance_km(lat, lon, a, b) for a, b, _ in points[fips]]
            self.radius[fips] = reach_km(apart[: cities.get(fips, 0)], apart[cities.get(fips, 0) :])
            id_ = county.geonames or -(5_000_000 + int(fips))
            self.county_place[fips] = id_
            aliases = [(name, "alias") for name in county_names(county.name)]
            bare = bare_name(county.name)
            aliases.append((bare, "bare"))
            self.rows[id_] = Row(
                id_, county.name, "county", county.state, "US", fips, lat, lon, people[fips], aliases
            )
            self.reach[id_][fips] = 1.0

    def connecticut(self) -> None:
        """Join old counties and planning regions by the cities that lie in both.

        A city's old county comes from its ZIP codes, its region from GeoNames. A region has a CBSA only
        where at least nine tenths of its people live in counties of one CBSA.
        """
        shared: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for row in list(self.rows.values()):
            if row.state == "CT" and row.kind == "city" and row.county:
                old = max(self.reach[row.id], key=lambda f: self.reach[row.id][f], default=None)
                if old is not None and old != row.county:
                    shared[row.county][old] += row.population + 50
                self.reach[row.id].setdefault(row.county, 1.0)
        for region, olds in shared.items():
            total = sum(olds.values())
            by_cbsa: dict[str | None, float] = defaultdict(float)
            for old, weight in olds.items():
                by_cbsa[self.cbsa.get(old)] += weight
                if old in self.county_place and region in self.county_place:
                    self.reach[self.county_place[region]][old] = weight / total
                    back = sum(other[old] for other in shared.values())
                    self.reach[self.county_place[old]][region] = weight / back
            code, weight = max(by_cbsa.items(), key=lambda item: item[1])
            if code and weight / total >= 0.9:
                self.cbsa[region] = code


def main(outlines: Path, target: Path) -> None:
    """Compile every source into `target` and print what it holds."""
    compiler = Compiler(outlines)
    compiler.cities()
    compiler.zip_cities()
    compiler.county_rows()
    compiler.connecticut()
    add_wider(compiler)
    write(compiler, target)
    with sqlite3.connect(target) as db:
        counts = db.execute("SELECT kind, count(*) FROM place GROUP BY kind ORDER BY 2 DESC").fetchall()
    sys.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB, {dict(counts)}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m market.places.compile states-10m.json")
    main(Path(sys.argv[1]), HERE / "places.sqlite")
