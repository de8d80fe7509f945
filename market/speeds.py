"""Speeds, latencies and amounts of data as sources write them; a figure is read whole or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from market.celltext import FIGURE, RANGE, cell_text, decimal

MAX_MBPS = 10_000_000.0
"""Ten terabits: the fastest wavelength on sale is far below."""


@dataclass(frozen=True)
class Span:
    """A figure, or a range of two, in the unit the parser names."""

    low: float
    high: float | None = None
    up_to: bool = False


_FACTORS = {"k": Decimal("0.001"), "m": Decimal(1), "g": Decimal(1000), "t": Decimal(1_000_000)}
SPEED_UNIT = (
    r"(?:[kmgt]\s?(?:b(?:it)?s?\s?(?:/|p)?\s?s(?:ec(?:ond)?)?|pbs|bs?)"
    r"|(?:kilo|mega|giga|tera)bits?(?:\s*(?:/|per)\s*s(?:ec(?:ond)?)?)?|[mg]igs?|gigs?|meg(?:abit)?s?)"
)
"""A unit of speed in a regular expression: Mbps, Mb/s, "Mpbs" (a common slip), Gig, kbps, megabits per
second.
"""
_SPEED = re.compile(
    r"^(?P<up>up to\s+|as (?:fast|low) as\s+|~\s*|<\s*)?"
    r"(?P<low>" + FIGURE + r")\s*(?P<unit1>" + SPEED_UNIT + r")?"
    r"(?:\s*" + RANGE + r"\s*(?P<high>" + FIGURE + r")\s*(?P<unit2>" + SPEED_UNIT + r")?)?\s*[*†‡+]*\.?$",
    re.IGNORECASE,
)  # fmt: skip


def speed_factor(unit: str) -> Decimal:
    """Return how many Mbps one of `unit` is ("kbps" -> 0.001, "Gig" -> 1000)."""
    return _FACTORS[unit.strip()[0].lower()]


def _spans(
    low: str, high: str | None, factors: tuple[Decimal, Decimal], up_to: bool, most: float
) -> Span | None:
    first = decimal(low)
    second = decimal(high) if high else None
    if first is None or (high and second is None):
        return None
    value = float(first * factors[0])
    top = float(second * factors[1]) if second is not None else None
    if value > most or (top is not None and (top > most or top < value)):
        return None
    return Span(value, top if top != value else None, up_to)


@lru_cache(maxsize=8192)
def parse_speed(raw: str, *, default_unit: str | None = None) -> Span | None:
    """Return a speed in Mbps that a whole cell states, or None.

    Reads "475 ", "67  - 622", "0.8 Mbps", "768 kbps", "Up to 1 Gig", "12-78 Mpbs". A figure without a unit is
    read only with `default_unit` (a column's: "Mbps", "kbps").
    """
    text = cell_text(raw)
    found = _SPEED.match(text) if text and len(text) <= 60 else None
    if not found:
        return None
    unit2 = found["unit2"] or found["unit1"] or default_unit
    unit1 = found["unit1"] or unit2
    if not unit1 or not unit2:
        return None
    factors = (speed_factor(unit1), speed_factor(unit2))
    return _spans(
        found["low"], found["high"], factors, bool(found["up"] and "up" in found["up"].lower()), MAX_MBPS
    )


_LATENCY = re.compile(
    r"^(?P<up><|≤|~|under|less than|up to|about)?\s*(?P<low>" + FIGURE + r")\s*(?:ms(?:ec)?|milliseconds?)?"
    r"(?:\s*" + RANGE + r"\s*(?P<high>" + FIGURE + r")\s*(?:ms(?:ec)?|milliseconds?)?)?\s*[*+]*\.?$",
    re.IGNORECASE,
)  # fmt: skip


def parse_latency(raw: str) -> Span | None:
    """Return a latency in milliseconds that a whole cell states ("22", "35-58", "29 ms"), or None."""
    text = cell_text(raw)
    found = _LATENCY.match(text) if text and len(text) <= 60 else None
    if not found:
        return None
    bound = (found["up"] or "").lower() in ("<", "≤", "under", "less than", "up to")
    return _spans(found["low"], found["high"], (Decimal(1), Decimal(1)), bound, 600_000.0)


@dataclass(frozen=True)
class DataAllowance:
    """A monthly amount of data: gigabytes, or unlimited."""

    gb: float | None
    unlimited: bool


_DATA = re.compile(
    r"^(?:up to\s+)?(?P<figure>" + FIGURE + r")\s*(?P<unit>[MGT]B|gigabytes?|terabytes?|megabytes?)?"
    r"\s*(?:(?:/|per|a)?\s*month(?:ly)?|/mo)?\s*[*†]*\.?$",
    re.IGNORECASE,
)
_UNLIMITED = re.compile(
    r"^(?:unlimited|no (?:data )?(?:cap|limit)s?|unmetered|none)"
    r"(?:\s+(?:data|usage|internet data|data usage))*\s*[*†]*\.?$",
    re.IGNORECASE,
)


def parse_data(raw: str, *, default_unit: str | None = None) -> DataAllowance | None:
    """Return a data allowance ("1.5 TB", "20GB", "Unlimited") that a whole cell states, or None.

    1 TB is 1,000 GB, as providers bill it. A figure without a unit needs `default_unit`.
    """
    text = cell_text(raw)
    if _UNLIMITED.match(text):
        return DataAllowance(None, unlimited=True)
    found = _DATA.match(text) if text and len(text) <= 60 else None
    if not found:
        return None
    unit = found["unit"] or default_unit
    figure = decimal(found["figure"])
    if not unit or figure is None:
        return None
    return DataAllowance(float(figure * _FACTORS[unit[0].lower()] / 1000), unlimited=False)
