"""The wider places of the table: states, countries, metros, regions and the sides of states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from market.places import compile_sources as sources
from market.places.compile_features import country_names, features, middles
from market.places.compile_sources import Row
from market.places.distance import centre
from market.places.names import name_key

if TYPE_CHECKING:
    from market.places.compile import Compiler

NEW_YORK_BOROUGHS = ("36005", "36047", "36061", "36081", "36085")


def add_wider(compiler: Compiler) -> None:
    """Add states, countries, metros, regions, features, and what two cities without a county lack."""
    york = compiler.city("New York City, NY")
    york.county = "36061"
    compiler.reach[york.id] = dict.fromkeys(NEW_YORK_BOROUGHS, 0.2)
    boroughs = {
        compiler.city(f"{name}, NY").id
        for name in ("Manhattan", "Brooklyn", "Queens", "The Bronx", "Staten Island")
    }
    washington = compiler.city("Washington, DC")
    washington.county = "11001"
    _states(compiler, boroughs)
    _countries(compiler)
    _metros_and_regions(compiler)
    for row in features(compiler.informal):
        compiler.rows[row.id] = row


def _states(compiler: Compiler, boroughs: set[int]) -> None:
    middles = sources.state_centres(compiler.outlines)
    for code, name, ap, fips, id_ in compiler.states:
        inside = [row for row in compiler.rows.values() if row.state == code and row.kind == "city"]
        if not inside:
            continue
        lat, lon = middles.get(fips) or centre([(row.lat, row.lon, 1) for row in inside])
        aliases = [(code, "abbreviation")]
        if ap != name:
            aliases.append((ap, "abbreviation"))
        if code == "DC":
            aliases += [("D.C.", "abbreviation")]
        state_id = id_ or -(6_000_000 + int(fips))
        people = sum(row.population for row in inside if row.id not in boroughs)
        compiler.rows[state_id] = Row(state_id, name, "state", code, "US", None, lat, lon, people, aliases)
        _directions(compiler, code, name, fips)


def _countries(compiler: Compiler) -> None:
    known, others = middles(), country_names()
    for key, (lat, lon) in known.items():
        if key.isdigit() and int(key) in compiler.rows:
            compiler.rows[int(key)].lat, compiler.rows[int(key)].lon = lat, lon
    for id_, name, alpha2, people, used in sources.countries():
        if alpha2 not in known:
            raise SystemExit(f"{alpha2} ({name}) has no coordinates in countries.tsv")
        lat, lon = known[alpha2]
        aliases = [(alias, "alias") for alias in (*used, *others.get(alpha2, ())) if alias]
        if alpha2 == "US":
            aliases += [("U.S.", "abbreviation"), ("US", "abbreviation"), ("USA", "abbreviation")]
            aliases += [("U.S.A.", "abbreviation"), ("America", "alias")]
        if alpha2 == "GB":
            aliases += [("U.K.", "abbreviation"), ("UK", "abbreviation")]
            aliases = [(alias, flag) for alias, flag in aliases if (alias, flag) != ("UK", "alias")]
        compiler.rows[id_] = Row(id_, name, "country", None, alpha2, None, lat, lon, people, aliases)


def _metros_and_regions(compiler: Compiler) -> None:
    members: dict[str, list[str]] = defaultdict(list)
    for fips, code in compiler.cbsa.items():
        members[code].append(fips)
    for code, title in compiler.titles.items():
        names = [(name, "alias") for name in _metro_names(compiler, title)]
        _area(compiler, -int(code), title, "metro", members[code], [(title, "primary"), *names])
    for region in compiler.regions:
        cities = [compiler.city(anchor) for anchor in region["anchors"]]
        flag = "context" if region.get("context") else "alias"
        names = [(name, flag) for name in region["names"]]
        counties = sorted({city.county for city in cities if city.county})
        _area(compiler, -(4_000_000 + region["number"]), region["names"][0], "region", counties, names)


def _metro_names(compiler: Compiler, title: str) -> list[str]:
    """Return how people name a CBSA: "Atlanta-Sandy Springs, GA" -> "metro Atlanta", ...."""
    cities, _, states = title.rpartition(", ")
    parts = cities.split("-")
    # "Winston-Salem, NC" has one city with a hyphen.
    heads = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    first = next((h for h in heads if (name_key(h), states.split("-")[0]) in compiler.by_city), parts[0])
    names = [f"{first} metro", f"metro {first}", f"greater {first}", f"{first} metropolitan area"]
    return names if first == cities else [cities, *names]


def _area(
    compiler: Compiler, id_: int, name: str, kind: str, counties: Sequence[str], names: list[tuple[str, str]]
) -> None:
    inside = [
        compiler.rows[compiler.county_place[fips]] for fips in counties if fips in compiler.county_place
    ]
    if not inside:
        return
    lat, lon = centre([(row.lat, row.lon, row.population + 50) for row in inside])
    states = {row.state for row in inside}
    people = sum(row.population for row in inside)
    state = states.pop() if len(states) == 1 else None
    compiler.rows[id_] = Row(id_, name, kind, state, "US", None, lat, lon, people, names)
    for row in inside:
        compiler.reach[id_][str(row.county)] = (row.population + 1) / (people + len(inside))


def _directions(compiler: Compiler, code: str, name: str, fips: str) -> None:
    """Add "North Texas", "southeastern Ohio", ...: the counties on that side of the middle county."""
    inside = [
        row
        for row in compiler.rows.values()
        if row.kind == "county" and row.state == code and str(row.county)[:2] == fips
    ]
    if len(inside) < 8:
        return
    lats, lons = sorted(row.lat for row in inside), sorted(row.lon for row in inside)
    third = len(inside) // 3
    lat, lon = lats[len(lats) // 2], lons[len(lons) // 2]
    parts = {
        "north": [row for row in inside if row.lat >= lats[-third]],
        "south": [row for row in inside if row.lat <= lats[third]],
        "east": [row for row in inside if row.lon >= lons[-third]],
        "west": [row for row in inside if row.lon <= lons[third]],
        "northeast": [row for row in inside if row.lat >= lat and row.lon >= lon],
        "northwest": [row for row in inside if row.lat >= lat and row.lon <= lon],
        "southeast": [row for row in inside if row.lat <= lat and row.lon >= lon],
        "southwest": [row for row in inside if row.lat <= lat and row.lon <= lon],
    }
    inner = [row for row in inside if lats[third] < row.lat < lats[-third]]
    parts["central"] = [row for row in inner if lons[third] < row.lon < lons[-third]]
    for number, (side, rows) in enumerate(parts.items()):
        forms = [f"{side} {name}"] if side == "central" else [f"{side} {name}", f"{side}ern {name}"]
        names = [(form, "alias") for form in forms]
        taken = {("north", "Carolina"), ("south", "Carolina"), ("north", "Dakota"), ("south", "Dakota")}
        named = any(f"{side} {name}".lower() == f"{a} {b}".lower() for a, b in taken)
        if rows and not named and name_key(f"{side} {name}") not in compiler.informal:
            title = f"{side.capitalize()} {name}"
            id_ = -(3_000_000 + int(fips) * 100 + number)
            _area(compiler, id_, title, "region", [str(row.county) for row in rows], names)
