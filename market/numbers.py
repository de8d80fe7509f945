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

# Texts are searched in small letters: much faster than without regard to case. What a number may begin with
# is sought first, letter by letter: so the search passes over most places at once.
_BEGINNING = re.compile(
    r"""
    \$ | \d(?<![\w.,]\d) | \.(?=\d) | u(?=s\$)
  | h(?=alf[\s-]) | a(?=n?\s+(?:dozen|hundred|thousand|million|billion|quarter))
  | o(?=ne) | t(?=wo|hree|en|welve|hirt|wenty) | f(?=our|ive|ift|orty)
  | s(?=ix|even) | e(?=ight|leven) | n(?=ine)
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(
    rf"""
    (?:(?=[$.\d])|\b)
    (?P<money>\$\s?|us\$\s?)?
    (?<![\w.,])
    (?:
        (?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)(?!\d|[.,]\d)
        (?:[ -]?(?P<scale>{_LARGE})\b | (?P<suffix>[kmb]|mm|bn|mn)\b)?
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
    re.VERBOSE,
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
        return value * _SCALES[scale] if scale else value
    if match["half"]:
        return Decimal(_SCALES[match["halfscale"]]) / 2
    if match["quarters"]:
        parts = 3 if match["quarters"].startswith("three") else 1
        return Decimal(_SCALES[match["quarterscale"]]) * parts / 4
    if match["article"]:
        return Decimal(_SCALES[match["articlescale"]])
    words = re.split(r"[ -]", match["words"])
    if len(words) == 2 and not (_UNITS[words[0]] >= 20 and _UNITS[words[1]] < 10):
        return None
    value = Decimal(sum(_UNITS[word] for word in words))
    for scale in re.findall(r"[a-z]+", match["wordscales"]):
        value *= _SCALES[scale]
    return value + _tail(match["tail"]) if match["wordscales"] else value


def _tail(text: str) -> int:
    """The smaller part of a number in words: "two thousand three hundred and ten" ends in 310."""
    total = part = 0
    for word in re.findall(r"[a-z]+", text):
        if word == "hundred":
            part *= _SCALES[word]
        elif word != "and":
            part += _UNITS[word]
        total, part = (total + part, 0) if word == "hundred" else (total, part)
    return total + part


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of `text` in order, years and "one of" too: the caller knows the unit."""
    small = text.lower()
    if len(small) != len(text):
        # Of all letters only this one would become two.
        small = text.replace("İ", "i").lower()
    found = []
    end = 0
    for beginning in _BEGINNING.finditer(small):
        start = beginning.start()
        if start < end or (match := _NUMBER.match(small, start)) is None:
            continue
        end = match.end()
        if (value := _value(match)) is None:
            continue
        is_money = match["money"] is not None or small.startswith(" dollars", end)
        found.append(Number(value, start, end, text[start:end], is_money))
    return found
