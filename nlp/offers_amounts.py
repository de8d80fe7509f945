"""Dollar amounts of a text as offers are read from them: in figures, "$49.99", or words, "fifty dollars"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from market.units import term_months
from nlp.offers_patterns import pattern

MOST_AMOUNTS = 400
"""Amounts of a text that are looked at."""
_LEAST_CENTS, _MOST_CENTS = 300, 500_000
"""No monthly price of service lies outside: three dollars, five thousand."""

_AMOUNT = re.compile(
    r"\$\s{0,3}(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,5}(?:\.\d{2})?)(?![\d,.]*\d|K\b|k\b|[MB]\b)"
    r"(?P<scale>[\s-](?:million|billion|trillion|thousand|mln|bln|bn)\b)?"
)
_DOLLARS = re.compile(r"\b(?:dollars|bucks)\b", re.IGNORECASE)
_SIGNS = ("$", "dollars", "bucks")
_SIGN = re.compile(r"\$|dollars|bucks")
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_SPELLED = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(_NUMBERS)})(?:-|\s+)(?:and\s)?){{1,6}}$"
    r"|(?<![\w$.,-])(?P<figure>\d{1,3}(?:,\d{3})*(?:\.\d{2})?)\s+$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_LONGEST_NUMBER = 48


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


def signs_of_money(text: str) -> list[int]:
    """Return where dollars may be named, in order; cheap."""
    if not any(sign in text for sign in _SIGNS):
        return []
    return [match.start() for match in _SIGN.finditer(text)]


def amounts(text: str, start: int, end: int) -> list[Amount]:
    """Return the amounts between two positions, those that can be no price with `cents` 0."""
    found = []
    for match in _AMOUNT.finditer(text, start, end):
        cents = round(float(match["figure"].replace(",", "")) * 100)
        found.append(_amount(text, match.start(), match.end(), 0 if match["scale"] else cents))
        if len(found) == MOST_AMOUNTS:
            break
    if any(text.find(sign, start, end) >= 0 for sign in _SIGNS[1:]):
        found = sorted([*found, *_spelled(text, start, end)], key=lambda amount: amount.start)
    return found[:MOST_AMOUNTS]


def _amount(text: str, start: int, end: int, cents: int) -> Amount:
    unit = pattern("month").match(text, end, min(len(text), end + 40))
    asked = cents if _LEAST_CENTS <= cents <= _MOST_CENTS else 0
    return Amount(start, end, asked, unit.end() if unit else end)


def _spelled(text: str, start: int, end: int) -> Iterator[Amount]:
    """Yield "forty-five dollars" and "45 dollars"."""
    for number, dollars in enumerate(_DOLLARS.finditer(text, start, end)):
        if number == MOST_AMOUNTS:
            return
        said = _SPELLED.search(text, max(start, dollars.start() - _LONGEST_NUMBER), dollars.start())
        if said is None:
            continue
        figure = said["figure"]
        whole = float(figure.replace(",", "")) if figure else _value(said.group())
        yield _amount(text, said.start(), dollars.end(), round(whole * 100))


def _value(words: str) -> int:
    """Return the number of "a hundred and five", "two hundred fifty"."""
    total = 0
    for word in _WORD.findall(words.lower()):
        value = _NUMBERS.get(word, 0)
        total = max(total, 1) * 100 if value == 100 else total + value
    return total


def months_of(figure: str | None, unit: str) -> int | None:
    """Return the months of a term: ("12", "months"), (None, "year")."""
    plain = (figure or "one").lower()
    return term_months("one" if plain in ("a", "an") else plain, unit)
