"""Dollar amounts and speeds of a text as offers are read from them, and the patterns of data/offers.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from market.units import term_months

MOST_AMOUNTS = 400
"""Amounts of a text that are looked at."""
_LEAST_CENTS, _MOST_CENTS = 300, 500_000
"""No monthly price of service lies outside: three dollars, five thousand."""
_FASTEST = 100_000

_AMOUNT = re.compile(
    r"\$\s{0,3}(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,5}(?:\.\d{2})?)(?![\d,.]*\d|K\b|k\b|[MB]\b)"
    r"(?P<scale>[\s-](?:million|billion|trillion|thousand|mln|bln|bn)\b)?"
)
_SPEED = re.compile(
    r"(?P<value>\b\d{1,3}(?:,\d{3})+|\b\d{1,5}(?:\.\d+)?)(?:\s?(?:/|by\b)\s?(?P<second>\d{1,5}))?[\s-]?"
    r"(?P<unit>gbps|gb/s|gigabits?|gigs?|g\b|mbps|mb/s|megabits?|megs?)\b"
    r"(?:\s(?:per|a)\ssecond)?(?P<way>\s?(?:up|down)(?:load\w*|stream)?\b(?!\s+and))?"
    r"|\b(?P<gig>gigabit|gig)\b|\b(?P<worded>two|three|five|eight|ten)(?:\s|-)gig(?:abit)?s?\b"
    # "Fiber 500 starts at $45": a plan that has its speed for a name.
    r"|\b(?:fiber|internet|fios)\s(?P<named>[1-9]\d?[05]0|1000)\b(?![,.]\d|\s?(?:%|[a-z]*b(?:it)?ps\b|meg|home|mile|loc|cust))",
    re.IGNORECASE,
)
_WORDED = {"two": 2_000, "three": 3_000, "five": 5_000, "eight": 8_000, "ten": 10_000}
_MULTI = re.compile(r"(?:multi|by\sthe)[\s-]?$", re.IGNORECASE)
_JOINT = 48
"""Characters between the two ways of one connection: "940 Mbps down and upload speeds of up to 35 Mbps"."""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("offers.toml").read_text("utf-8"))


def _node(path: tuple[str, ...]) -> str:
    node: Any = _data()
    for part in path:
        node = node[part]
    return node if isinstance(node, str) else "|".join(f"(?:{item})" for item in node)


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """Return a pattern of the file, or the alternatives of a list as one, case aside."""
    return re.compile(_node(path), re.IGNORECASE)


@cache
def ending(*path: str) -> re.Pattern[str]:
    """Return the same, to be sought where the text before an amount ends."""
    return re.compile(rf"(?:{_node(path)})\s+(?:(?:about|around|just|only|a|an|the)\s+)?$", re.IGNORECASE)


@cache
def following(*path: str) -> re.Pattern[str]:
    """Return the same, to be matched where an amount and its unit end."""
    return re.compile(rf"[\s/*-]{{0,3}}(?:{_node(path)})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """Dollars and where they stand; `unit_end` is behind "a month", if that follows."""

    start: int
    end: int
    cents: int
    unit_end: int

    @property
    def is_monthly(self) -> bool:
        """Tell whether a month stands behind it."""
        return self.unit_end > self.end


@dataclass(frozen=True, slots=True)
class SpeedAt:
    """A speed and where it stands."""

    start: int
    end: int
    down: float | None
    up: float | None


def amounts(text: str, start: int, end: int) -> list[Amount]:
    """Return the amounts between two positions, those that can be no price with `cents` 0."""
    found = []
    for match in _AMOUNT.finditer(text, start, end):
        cents = round(float(match["figure"].replace(",", "")) * 100)
        if match["scale"] or not _LEAST_CENTS <= cents <= _MOST_CENTS:
            cents = 0
        unit = pattern("month").match(text, match.end(), min(len(text), match.end() + 40))
        found.append(Amount(match.start(), match.end(), cents, unit.end() if unit else match.end()))
        if len(found) == MOST_AMOUNTS:
            break
    return found


def speeds(text: str, start: int, end: int) -> Iterator[SpeedAt]:
    """Yield the speeds between two positions; a gigabit is 1,000 Mbps. Both ways of a connection are one."""
    last: SpeedAt | None = None
    for speed in _each_speed(text, start, end):
        if last is None:
            last = speed
            continue
        both = _both_ways(text, last, speed)
        if both is None:
            yield _with_bare_up(text, last, end)
        last = both or speed
    if last is not None:
        yield _with_bare_up(text, last, end)


def _both_ways(text: str, first: SpeedAt, second: SpeedAt) -> SpeedAt | None:
    """Return "940 Mbps down, 35 Mbps up" as one speed; None where the second is another connection's."""
    if first.down is None or first.up is not None or second.start - first.end > _JOINT:
        return None
    gap = text[first.end : second.start]
    if second.up is not None and second.down is None:
        said = pattern("ways_gap").fullmatch(gap)
    else:
        said = pattern("ways_upload").fullmatch(gap) if second.up is None else None
    return SpeedAt(first.start, second.end, first.down, second.up or second.down) if said else None


def _with_bare_up(text: str, speed: SpeedAt, end: int) -> SpeedAt:
    """Add the figure of "300 Mbps down and 20 up", whose unit stands before."""
    if speed.down is None or speed.up is not None:
        return speed
    said = pattern("ways_bare").match(text, speed.end, end)
    return SpeedAt(speed.start, said.end(), speed.down, float(said["up"])) if said else speed


def _each_speed(text: str, start: int, end: int) -> Iterator[SpeedAt]:
    for match in _SPEED.finditer(text, start, end):
        if match["gig"]:
            if not _MULTI.search(text[max(start, match.start() - 8) : match.start()]):
                yield SpeedAt(match.start(), match.end(), 1_000.0, None)
            continue
        if match["named"]:
            yield SpeedAt(match.start(), match.end(), float(match["named"]), None)
            continue
        if match["worded"]:
            yield SpeedAt(match.start(), match.end(), float(_WORDED[match["worded"].lower()]), None)
            continue
        if match["unit"] == "g" or text[match.end() : match.end() + 1] == "$":
            continue
        scale = 1_000 if match["unit"][0] in "gG" else 1
        value = float(match["value"].replace(",", "")) * scale
        if match["unit"] == "G" and value <= 6_000:
            continue
        if not 1 <= value <= _FASTEST:
            continue
        if (match["way"] or "").strip().lower().startswith("up"):
            yield SpeedAt(match.start(), match.end(), None, value)
        else:
            second = float(match["second"]) * scale if match["second"] else None
            yield SpeedAt(match.start(), match.end(), value, second)


def months_of(figure: str | None, unit: str) -> int | None:
    """Return the months of a term: ("12", "months"), (None, "year")."""
    plain = (figure or "one").lower()
    return term_months("one" if plain in ("a", "an") else plain, unit)
