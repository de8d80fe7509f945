"""Telling figures of an article: amounts with their unit, days and quarters that two tellings share."""

from __future__ import annotations

import re
from functools import lru_cache

from market.numbers import Number, numbers_in
from nlp.stories_words import table

# The first sign stands before the rest: so the search passes over most letters in one go.
_ASIDE = re.compile(
    r"[\dHRICUBP](?:(?<=\b\d)\d\d-\d{3,4}(?:-\d{4})?\b"
    r"|(?:(?<=\bH)ighway|(?<=\bR)oute|(?<=\bI)nterstate|(?<=\bC)hannel"
    r"|(?<=\bU)S|(?<=\b[IB])|(?<=\bP)age)[- ]\d+)"
)
"""Telephone numbers, roads and pages."""
_BEHIND = re.compile(r"(?:-| ?)(%|[^\W\d_]+)((?: [A-Z]?[a-z]+){0,2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"[JFMASOND](?<=\b[A-Z])(?:(?<=J)(?:an|une?|uly?)|(?<=F)eb|(?<=M)a[ry]|(?<=A)(?:pr|ug)|(?<=S)ept?|(?<=O)ct|"
    r"(?<=N)ov|(?<=D)ec)[a-z]*\.? (\d{1,2})\b(?!,?\d)"
)
_QUARTER = re.compile(r"\b(?:(first|second|third|fourth)[- ]quarter|Q([1-4]))\b", re.IGNORECASE)
_MAY_BE_QUARTER = re.compile(r"[- ](?i:quarter)|[qQ][1-4]")
_ORDINALS = ("first", "second", "third", "fourth")
_YEARS = range(1900, 2101)
_LEAST = 13
"""Counts below are said of anything."""

_FIXED = {"day": 0.5, "quarter": 0.2}
_BY_DIGITS = {0: 0.2, 1: 0.35, 2: 0.7}
_SMALL_COUNT = 100
_COUNTS = {"count", "homes"}
_ROUND_DIGITS, _LEAST_ROUNDED, _ROUNDING = 2, 1000, 0.035


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    """Unit by the word that stands behind a number."""
    return {word: unit for unit, words in table("units").items() for word in words.split()}


def telling_figures(text: str) -> dict[str, int]:
    """Return the figures of `text` with where each first stands: "homes:460", "money:39000000", "day:9-30".

    Money is in dollars. Years, times, ages, phone numbers and small counts tell nothing and are left out.
    """
    text = _ASIDE.sub(_blank, text)
    found: dict[str, int] = {}
    taken: set[int] = set()
    for match in _DAY.finditer(text):
        taken.add(match.start(1))
        found.setdefault(f"day:{_month(match[0])}-{int(match[1])}", match.start())
    for match in _QUARTER.finditer(text) if _MAY_BE_QUARTER.search(text) else ():
        quarter = _ORDINALS.index(match[1].lower()) + 1 if match[1] else int(match[2])
        found.setdefault(f"quarter:{quarter}", match.start())
    for number in numbers_in(text):
        if number.start not in taken and (name := _named(text, number)):
            found.setdefault(name, number.start)
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _named(text: str, number: Number) -> str:
    """Return a number's name; "" when it tells nothing."""
    value = f"{number.value.normalize():f}"
    if number.is_money:
        return f"money:{value}"
    behind = _BEHIND.match(text, number.end)
    unit = _unit(behind[1], behind[2].split()) if behind else ""
    if unit == "none":
        return ""
    if unit == "money":
        return f"money:{value}"
    if unit in ("percent", "miles", "mbps"):
        return f"{unit}:{value}"
    if number.value < _LEAST or (not unit and number.value in _YEARS and "," not in number.raw):
        return ""
    return f"{unit or 'count'}:{value}"


def _unit(word: str, following: list[str]) -> str:
    """Return the unit of the first word, or of a noun up to two words on: "950 Acme Cable subscribers"."""
    units = _units()
    if (unit := units.get(word.lower())) is not None:
        return unit
    return next((units[w.lower()] for w in following if units.get(w.lower()) == "homes"), "")


@lru_cache(maxsize=16_384)
def weight(figure: str) -> float:
    """Return how telling a figure is, up to 1: 2,640 homes say more than 3,000, and 40 percent still less."""
    unit, value = figure.split(":")
    if unit in _FIXED:
        return _FIXED[unit]
    found = _BY_DIGITS.get(_digits(value), 1.0)
    if unit == "percent":
        found *= 0.6
    return found * 0.5 if unit == "count" and float(value) < _SMALL_COUNT else found


def agree(one: str, other: str) -> bool:
    """Say whether two figures can be one: equal, or one the other rounded ("just under 20,000", 19,800)."""
    if one == other:
        return True
    return _rounded(one, other)


@lru_cache(maxsize=65_536)
def _rounded(one: str, other: str) -> bool:
    (unit, first), (second_unit, second) = one.split(":"), other.split(":")
    if (
        unit in _FIXED
        or second_unit in _FIXED
        or (unit != second_unit and not {unit, second_unit} <= _COUNTS)
    ):
        return False
    low, high = sorted((float(first), float(second)))
    if low == high:
        return True
    rough = min(_digits(first), _digits(second)) <= _ROUND_DIGITS
    return rough and low >= _LEAST_ROUNDED and high - low <= _ROUNDING * high


def _digits(value: str) -> int:
    """Count the digits that a value is given with, zeros at either end aside."""
    return len(value.replace(".", "").strip("0"))
