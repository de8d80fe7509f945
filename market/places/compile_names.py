"""How the compiler turns official names into those that texts use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from market.places.compile_sources import Row
from market.places.names import name_key

_ALIKE = 0.72

COUNTY_WORDS = (
    " county",
    " parish",
    " borough",
    " census area",
    " municipality",
    " municipio",
    " planning region",
)


def bare_name(name: str) -> str:
    """Return a county's name without its kind: "Orleans Parish" -> "Orleans"."""
    lower = name.lower()
    for word in (" city and borough", *COUNTY_WORDS, " city"):
        if lower.endswith(word):
            return name[: -len(word)]
    return name


def county_names(name: str) -> list[str]:
    """Return other ways to write a county's Census name: "Baltimore city" -> "City of Baltimore"."""
    bare = bare_name(name)
    lower = name.lower()
    if lower.endswith(" county"):
        return [f"County of {bare}"]
    if lower.endswith(" city") and name[-4] == "c":
        return [f"City of {bare}", f"{bare} City"]
    if lower.endswith((" borough", " municipality", " city and borough")):
        return [f"{bare} Borough", f"{bare} County"]
    return []


def used_names(row: Row, others: Iterable[str]) -> list[str]:
    """Return the alternative names an English-language text would use.

    Of GeoNames' many spellings in other languages none is wanted: a US place's other name must share its
    words with the main one; of foreign places those above a million people keep names in Latin letters, those
    above fifty thousand the other ways to write the same name ("Misrata" for "Mişrātah").
    """
    main = set(name_key(row.name).split())
    found = []
    for other in others:
        key = set(name_key(other).split())
        if not other.isascii() or not other[:1].isupper() or len(other) < 4 or not key or key == main:
            continue
        if row.country == "US":
            extra = (key | main) - (key & main)
            if (key < main and len(main) > 1 and extra <= {"city"}) or (
                main < key and extra <= {"city", "of"}
            ):
                found.append(other)
        elif len(key) <= 2 and (
            row.population >= 1_000_000
            or (row.population >= 50_000 and _alike(name_key(other), name_key(row.name)))
        ):
            found.append(other)
    return found


def _alike(other: str, main: str) -> bool:
    """Return whether two keys are one name in two transcriptions."""
    return (
        len(other) >= 5
        and other[0] == main[:1]
        and difflib.SequenceMatcher(None, other, main, autojunk=False).ratio() >= _ALIKE
    )
