"""Prices, speeds and terms of a plan page as tokens: what they are, and the words that stand beside one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "main",
    "promo",
    "range",
    "regular",
    "old",
    "autopay",
    "no autopay",
    "conditional",
    "saving",
    "fee",
    "termination",
    "total",
    "other product",
    "other period",
    "prose",
]
WINDOW = 90
"""Characters beside a token that are looked at."""
MAX_TOKENS = 4_000
"""Amounts, and speeds, of one page that are looked at; a page with more is no page of plans."""
MAX_PROSE = 260
"""Characters. A line as long is a paragraph of terms: its amounts belong to no card."""


@dataclass(frozen=True)
class Price:
    """An amount of money: text[start:end] and what it is."""

    start: int
    end: int
    cents: int
    role: Role
    monthly: bool
    """Whether the words beside it say that it is the price of a month."""
    currency: str | None
    least: bool = False
    told: Role = "main"
    """What the words beside it make of it; `role` is "prose" instead where it stands in a paragraph."""
    rule: str = ""
    """Which words told its role: "fee: before", "table label"."""


@dataclass(frozen=True)
class Speed:
    """A speed, or a pair or range of them, in Mbps."""

    start: int
    end: int
    down: float | None
    up: float | None
    down_max: float | None = None
    bare: bool = False
    """Whether it is a pair without a unit ("940/880")."""


@dataclass(frozen=True)
class Term:
    """A number of months and what it says: a promotion's length or a contract's (0: none required)."""

    start: int
    end: int
    months: int
    kind: Literal["promo", "contract"]


def line_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of the same line before and after text[start:end], at most WINDOW of each."""
    low = text.rfind("\n", max(0, start - WINDOW), start) + 1
    high = text.find("\n", end, end + WINDOW)
    return text[max(low, start - WINDOW, 0) : start], text[end : high if high >= 0 else end + WINDOW]


def line_length(text: str, at: int) -> int:
    """Return the length of the line that holds position `at`, counted to MAX_PROSE on either side."""
    first, last = max(0, at - MAX_PROSE - 1), min(len(text), at + MAX_PROSE + 1)
    low, high = text.rfind("\n", first, at), text.find("\n", at, last)
    return (last if high < 0 else high) - (first if low < 0 else low + 1)


def words_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after; where the line holds none, those of the line before or behind."""
    before, after = line_around(text, start, end)
    if not after.strip():
        following = text[end : end + 3 * WINDOW].lstrip("\n ")[:WINDOW].split("\n")[0]
        after = f" {following}"
    if not before.strip():
        above = line_above(text, start)
        # Only a label such as "Installation:" or "Starting at" speaks for the line below it.
        before = above if len(above) <= 45 and not re.search(r"[$€£]\s*\d", above) else ""
    return before, after


def line_above(text: str, start: int) -> str:
    """Return the end of the line above: "Per month for" over "12 months"."""
    return text[max(0, start - 3 * WINDOW) : start].rstrip("\n ").rsplit("\n", 1)[-1][-WINDOW:]


def line_below(text: str, end: int) -> str:
    """Return the beginning of the line below: "Contract" under "12 months"."""
    return text[end : end + 3 * WINDOW].lstrip("\n ").split("\n", 1)[0][:WINDOW]
