"""Figures of a build in one sentence: passings, route miles, money; each with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from market.numbers import Number, numbers_in
from nlp.patterns import pattern, source

Kind = Literal["passings", "miles", "grant", "match", "investment", "total"]

_LARGEST_BUILD = 3_000_000
"""Passings beyond this are a company's, not a local build's."""
_LONGEST_BUILD = 20_000
"""Miles."""
_SMALLEST_MONEY = 20_000
"""Dollars; less is a donation, a fee or a price."""
_WINDOW = 90
_MILES_OF = re.compile(r"rout|fib|cable|plant|network|line|conduit|infrastr|highway|backbone|ring|loop")
_DIGIT = re.compile(r"\d")
_SPACED = re.compile(r"(?<![\d.,$])(\d{1,3})((?: \d{3}){1,3})(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sentence; offsets count from the sentence's start."""

    kind: Kind
    value: Decimal
    start: int
    end: int


@lru_cache(maxsize=1)
def _unit() -> re.Pattern[str]:
    return re.compile(r"\s*\+?\s*" + source("passings", "units") + r"\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _businesses() -> re.Pattern[str]:
    return re.compile(r"\s*" + source("passings", "businesses") + r"\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    return re.compile(source("passings", "joined"), re.IGNORECASE)


@lru_cache(maxsize=32)
def figures(sentence: str) -> tuple[Figure, ...]:
    """Return what a sentence counts, in order. Company totals are told apart by the caller, by scope."""
    if _DIGIT.search(sentence) is None and "million" not in sentence.lower():
        return ()
    found: list[Figure] = []
    numbers = _numbers(sentence)
    position = 0
    while position < len(numbers):
        number = numbers[position]
        used = 1
        if number.is_money:
            figure = _money(sentence, number)
            if figure:
                found.append(figure)
        elif (
            match := pattern("miles", "pattern").match(sentence, number.end)
        ) and number.value <= _LONGEST_BUILD:
            unit = match.group(0).lower()
            if _MILES_OF.search(unit) or (
                ("road" in unit or "street" in unit) and pattern("miles", "along").search(sentence)
            ):
                found.append(Figure("miles", number.value, number.start, match.end()))
        elif figure_and_used := _passings(sentence, numbers, position):
            figure, used = figure_and_used
            found.append(figure)
        position += used
    return tuple(found)


def _numbers(sentence: str) -> list[Number]:
    """Numbers of the sentence; groups parted by blanks ("53 604 000", in texts without commas) join."""
    spaced = list(_SPACED.finditer(sentence))
    if not spaced:
        return numbers_in(sentence)
    found = []
    for match in spaced:
        value = Decimal(re.sub(r"\D", "", match.group(0)))
        before = sentence[max(0, match.start() - 3) : match.start()]
        after = sentence[match.end() : match.end() + 30]
        is_money = "$" in before or re.match(r"\s+(?:loan|grant|dollars)", after) is not None
        found.append(Number(value, match.start(), match.end(), match.group(0), is_money))
    covered = [(number.start, number.end) for number in found]
    found += [
        number
        for number in numbers_in(sentence)
        if not any(start <= number.start < end for start, end in covered)
    ]
    return sorted(found, key=lambda number: number.start)


def _passings(sentence: str, numbers: list[Number], position: int) -> tuple[Figure, int] | None:
    number = numbers[position]
    unit = _unit().match(sentence, number.end)
    if unit is None or not 1 < number.value <= _LARGEST_BUILD or number.value != int(number.value):
        return None
    if (
        sentence[number.end : number.end + 1] == "%"
        or sentence[number.end : number.end + 8].lower() == " percent"
    ):
        return None
    word = unit.group("unit").lower()
    if word in ("customers", "subscribers", "units") and not re.search(
        r"\bconnect\b[^.]{0,25}$|\bserve\b[^.]{0,25}$|\bnew\b", sentence[: unit.end()], re.IGNORECASE
    ):
        return None
    value, end, used = number.value, unit.end(), 1
    # "8,000 homes and 400 businesses" are one figure: what the build serves.
    if position + 1 < len(numbers):
        following = numbers[position + 1]
        joined = _joined().match(sentence, unit.end())
        if (
            joined
            and joined.end() == following.start
            and word not in ("locations", "addresses", "premises", "passings")
        ):
            businesses = _businesses().match(sentence, following.end)
            if businesses and not following.is_money:
                value, end, used = value + following.value, businesses.end(), 2
    return Figure("passings", value, number.start, end), used


def _money(sentence: str, number: Number) -> Figure | None:
    if number.value < _SMALLEST_MONEY:
        return None
    before = _clause_before(sentence, number.start)
    after = _clause_after(sentence, number.end)
    near = f"{before[-45:]} $ {after[:28]}"
    if pattern("money", "not_project").search(near):
        return None
    if pattern("money", "match").search(f"{before[-40:]} $ {after[:30]}"):
        return Figure("match", number.value, number.start, number.end)
    if pattern("money", "project_total").search(before[-50:]) and not pattern("money", "grant").search(
        after[:40]
    ):
        return Figure("total", number.value, number.start, number.end)
    grant = pattern("money", "grant").search(f"{before} $ {after}")
    invest = pattern("money", "invest").search(f"{before} $ {after}")
    if grant and not (
        invest and re.match(r"\s*(?:\w+\s+){0,2}(?:investment|project|build|expansion)", after)
    ):
        return Figure("grant", number.value, number.start, number.end)
    if invest:
        return Figure("investment", number.value, number.start, number.end)
    return None


def _clause_before(sentence: str, position: int) -> str:
    return re.split(r"[;:]\s", sentence[max(0, position - _WINDOW) : position])[-1]


def _clause_after(sentence: str, position: int) -> str:
    return re.split(r"[;]\s", sentence[position : position + _WINDOW])[0]
