"""Numbers as texts write them: "12K", "1.2 million", "half a million", "a dozen", "$1.2B"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "dozen": 12, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mm": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}  # fmt: skip
_WORD = "|".join(sorted(_UNITS, key=len, reverse=True))
_LARGE = "hundred|dozen|thousand|million|billion|trillion"

_NUMBER = re.compile(
    rf"""
    (?:(?=[$.\d])|\b(?=[UHAOTFSEN]))  # what a number begins with: most places are passed over at once
    (?P<money>\$\s?|US\$\s?)?
    (?<![\w.,])
    (?:
        (?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)(?!\d|[.,]\d)
        (?:[ -]?(?P<scale>{_LARGE})\b | (?P<suffix>[KkMB]|MM|mm|[Bb]n|[Mm]n|[Bb](?=\s|$|[.,;)]))\b(?!\w))?
      |
        (?P<half>half(?:\s+an?\s+|[ -]))(?P<halfscale>hundred|thousand|million|billion|dozen)\b(?!-)
      |
        (?P<quarters>(?:a|three)\s+quarters?\s+of\s+an?)\s+(?P<quarterscale>million|billion)\b
      |
        (?P<article>an?)\s+(?P<articlescale>dozen|hundred|thousand|million|billion)\b(?!-)
      |
        (?P<words>(?:{_WORD})(?:[ -](?:{_WORD}))?)\b(?P<wordscales>(?:[ -](?:{_LARGE})\b)*)
        (?P<tail>(?:(?:,?\s+and\s+|,?\s+)(?:{_WORD})(?:-(?:{_WORD}))?(?:\s+hundred)?\b)*)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands: text[start:end] == raw."""

    value: Decimal
    start: int
    end: int
    raw: str
    is_money: bool = False
    """True when a dollar sign stands before it, or the word "dollars" after it."""


def _value(match: re.Match[str]) -> Decimal | None:
    if digits := match["digits"]:
        value = Decimal(digits.replace(",", ""))
        scale = match["scale"] or match["suffix"]
        return value * _SCALES[scale.lower()] if scale else value
    if match["half"]:
        return Decimal(_SCALES[match["halfscale"].lower()]) / 2
    if match["quarters"]:
        parts = 3 if match["quarters"].lower().startswith("three") else 1
        return Decimal(_SCALES[match["quarterscale"].lower()]) * parts / 4
    if match["article"]:
        return Decimal(_SCALES[match["articlescale"].lower()])
    words = re.split(r"[ -]", match["words"].lower())
    if len(words) == 2 and not (_UNITS[words[0]] >= 20 and _UNITS[words[1]] < 10):
        return None
    value = Decimal(sum(_UNITS[word] for word in words))
    for scale in re.findall(r"[a-z]+", match["wordscales"].lower()):
        value *= _SCALES[scale]
    return value + _tail(match["tail"]) if match["wordscales"] else value


def _tail(text: str) -> int:
    """The smaller part of a number in words: "two thousand three hundred and ten" ends in 310."""
    total = part = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "hundred":
            part *= _SCALES[word]
        elif word != "and":
            part += _UNITS[word]
        total, part = (total + part, 0) if word == "hundred" else (total, part)
    return total + part


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of `text` in order, years and "one of" too: the caller knows the unit."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _value(match)
        if value is None:
            continue
        start, end = match.span()
        is_money = match["money"] is not None or text[end : end + 8].lower() == " dollars"
        found.append(Number(value, start, end, text[start:end], is_money))
    return found
