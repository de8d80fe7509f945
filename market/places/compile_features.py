"""Coordinates and names that no source package has: the middles of countries, seas, rivers, wide regions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from market.places.compile_sources import Row
from market.places.features import FEATURES
from market.places.names import name_key

HERE = Path(__file__).parent
_ARTICLE = "the "


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def middles() -> dict[str, tuple[float, float]]:
    """Return (lat, lon) in degrees by a country's ISO code, or by a division's GeoNames id as text."""
    return {key: (float(lat), float(lon)) for key, lat, lon, *_ in _lines("countries.tsv")}


def country_names() -> dict[str, list[str]]:
    """Return by ISO code the further names of countries that countries.tsv has."""
    lines = (line for line in _lines("countries.tsv") if len(line) > 3 and not line[0].isdigit())
    return {key: names.split("/") for key, _, _, names in lines}


def features(taken: set[str]) -> Iterator[Row]:
    """Yield the rows of features.tsv; names whose key is in `taken` are regions of our own already.

    Raises SystemExit for a name that stands twice or a table that has outgrown its ids.
    """
    seen = set(taken)
    for number, (written, _, country, state, lat, lon) in enumerate(_lines("features.tsv")):
        names: dict[str, tuple[str, str]] = {}
        for name in written.split("/"):
            article = name.startswith(_ARTICLE)
            bare = name.removeprefix(_ARTICLE)
            key = name_key(bare)
            if key in taken or key in names:
                continue
            if key in seen:
                raise SystemExit(f"{name!r} stands twice in features.tsv")
            seen.add(key)
            names[key] = (bare, "article" if article else "feature")
        if names:
            id_ = FEATURES.stop - 1 - number
            if id_ not in FEATURES:
                raise SystemExit("features.tsv has more lines than ids are set aside")
            place = (state or None, country, None, float(lat), float(lon), 0)
            yield Row(
                id_, written.split("/")[0].removeprefix(_ARTICLE), "region", *place, list(names.values())
            )
