"""Money, speeds, latencies, data amounts and terms as sources write them; a value is read whole or not at
all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MAX_CENTS = 10_000_000_00
"""Ten million dollars: no list price of a month is higher; more is an account number or a typo."""
MAX_MBPS = 10_000_000.0
"""Ten terabits: the fastest wavelength on sale is far below."""

NOTHING = frozenset(
    {"", "null", "none", "n/a", "na", "nan", "-", "--", "\u2013", "\u2014", "not applicable", "nil", "#n/a"}
)
"""What a cell says when it says nothing (lower case)."""

_EXCEL = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_RANGE = r"(?:-|–|—|−|\bto\b|\bthrough\b)"


def cell_text(raw: str) -> str:
    """Return a cell's words: blanks collapsed, NULs, BOMs and Excel's ="..." taken off; "" for NULL, N/A."""
    text = " ".join(raw.replace("\x00", "").replace("\ufeff", "").replace("\u200b", "").split())
    excel = _EXCEL.match(text)
    if excel:
        text = " ".join(excel[1].replace('""', '"').split())
    return "" if text.lower() in NOTHING else text


def decimal(figure: str) -> Decimal | None:
    """Return a figure such as "1,234.50" or "8.95" as a Decimal; None when it is none."""
    if not re.fullmatch(_FIGURE, figure.strip()):
        return None
    try:
        return Decimal(figure.strip().replace(",", ""))
    except InvalidOperation:
        return None


@dataclass(frozen=True)
class Money:
    """An amount in integer cents. A range has `cents_max`; of "up to X" both are X and `up_to` is True.

    `least` is True for "from X", "starting at X", "X+" and "X and up".
    """

    cents: int
    cents_max: int | None = None
    up_to: bool = False
    least: bool = False
    currency: str | None = None
    """ISO 4217 code when the words name one; "$" alone names none."""


CURRENCIES = {
    "US$": "USD",
    "USD": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "CAD": "CAD",
    "CDN": "CAD",
    "A$": "AUD",
    "AUD": "AUD",
    "€": "EUR",
    "EUR": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "MX$": "MXN",
    "MXN": "MXN",
}
"""Signs and codes by which a price names its currency."""

_SIGN = r"(?:(?P<sign{0}>US\$|CA\$|CDN\$?|C\$|A\$|MX\$|USD|CAD|AUD|EUR|GBP|MXN|\$|€|£)\s*)?"
_PREFIX = (
    r"(?P<prefix>(?:(?:as low as|starting (?:at|from)|starts at|from|only|just|up to|max(?:imum)?(?: of)?"
    r"|not to exceed)\s*:?\s*)*)"
)
_PER_MONTH = r"(?:/|per|a|each|every)?\s*\.?(?:mo(?:nth)?(?:ly)?s?|mth)\b\.?|month(?:ly)?"
_MONEY = re.compile(
    r"^" + _PREFIX + _SIGN.format(1) + r"(?P<low>" + _FIGURE + r"|\d{1,3}(?:\.\d{3})*,\d{2})"
    r"(?:\s*" + _RANGE + r"\s*" + _SIGN.format(2) + r"(?P<high>" + _FIGURE + r"))?"
    r"\s*(?P<code>US\$|USD|CAD|CDN|AUD|EUR|GBP|MXN|€|£|\$)?"
    r"\s*(?P<unit>" + _PER_MONTH + r")?(?P<more>\s*(?:\+|(?:and|&) up\b|or more\b))?"
    r"\s*(?:[*†‡+^§¹²³⁴⁵]|\(\d\)|\[\w\])*\s*\.?$",
    re.IGNORECASE,
)  # fmt: skip


def to_cents(figure: str) -> int | None:
    """Return a figure in dollars as cents; None for fractions of a cent and beyond MAX_CENTS.

    A comma before exactly two last digits is a decimal comma ("1.234,50"); all other commas part thousands.
    """
    text = figure.strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})*,\d{2}|\d+,\d{2}", text):
        text = text.replace(".", "").replace(",", ".")
    amount = decimal(text)
    if amount is None:
        return None
    cents = amount * 100
    if cents != cents.to_integral_value() or cents > MAX_CENTS:
        return None
    return int(cents)


def parse_money(raw: str) -> Money | None:
    """Return the amount a whole cell or price tag states, or None when it holds anything else.

    "$49.99/mo*", "110*", "Up to 8.95", "67 - 622", "$1,234.50", '="95.00"' are read; "65.00 per extender",
    "$5/GB", "Included" and negative amounts are not.
    """
    text = cell_text(raw)
    found = _MONEY.match(text) if text and len(text) <= 80 else None
    if not found:
        return None
    low = to_cents(found["low"])
    if low is None:
        return None
    high = None
    if found["high"]:
        high = to_cents(found["high"])
        if high is None or high < low:
            return None
    prefix = " ".join(found["prefix"].lower().split())
    up_to = bool(re.search(r"up to|max|not to exceed", prefix))
    code = (found["code"] or found["sign1"] or found["sign2"] or "").upper()
    return Money(
        cents=low,
        cents_max=high if high is not None else (low if up_to else None),
        up_to=up_to,
        least=bool(found["more"] or re.search(r"low as|start|from", prefix)),
        currency=CURRENCIES.get(code.rstrip("$") if code.startswith("CDN") else code),
    )


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
    r"(?P<low>" + _FIGURE + r")\s*(?P<unit1>" + SPEED_UNIT + r")?"
    r"(?:\s*" + _RANGE + r"\s*(?P<high>" + _FIGURE + r")\s*(?P<unit2>" + SPEED_UNIT + r")?)?\s*[*†‡+]*\.?$",
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
    r"^(?P<up><|≤|~|under|less than|up to|about)?\s*(?P<low>" + _FIGURE + r")\s*(?:ms(?:ec)?|milliseconds?)?"
    r"(?:\s*" + _RANGE + r"\s*(?P<high>" + _FIGURE + r")\s*(?:ms(?:ec)?|milliseconds?)?)?\s*[*+]*\.?$",
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
    r"^(?:up to\s+)?(?P<figure>" + _FIGURE + r")\s*(?P<unit>[MGT]B|gigabytes?|terabytes?|megabytes?)?"
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


_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24, "thirty-six": 36,
}  # fmt: skip
NUMBER_WORD = "|".join(sorted(_WORD_NUMBERS, key=len, reverse=True))
TERM = (
    r"(?P<figure>\d{1,3}|"
    + NUMBER_WORD
    + r")\s*(?:\(\d+\))?\s*[-‑ ]?\s*(?P<unit>months?|mos?\b\.?|mths?|years?|yrs?\b\.?)"
)
"""A term in a regular expression, with the groups `figure` and `unit`."""
_TERM = re.compile(
    r"^(?:first|for|up to)?\s*" + TERM + r"\s*(?:term|contract|agreement|commitment)?\s*[*†.]*$",
    re.IGNORECASE,
)
_NO_TERM = re.compile(
    r"^(?:no (?:annual )?(?:contracts?|term|commitment)(?: required)?|month[- ]to[- ]month|none)\.?$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^\d{1,3}(?:\.0+)?$")


def term_months(figure: str, unit: str) -> int | None:
    """Return the months that a term's figure ("12", "two") and unit ("months", "yr") make; None for 0."""
    count = int(figure) if figure.isdigit() else _WORD_NUMBERS.get(figure.lower())
    if not count:
        return None
    return count * 12 if unit.lower().startswith("y") else count


def parse_term(raw: str) -> int | None:
    """Return the months that a whole cell states: "12", "12 months", "2 years", "month-to-month" (0); or
    None.
    """
    text = cell_text(raw)
    if not text or len(text) > 60:
        return None
    if _NO_TERM.match(text):
        return 0
    if _BARE.match(text):
        return int(text.split(".")[0])
    found = _TERM.match(text)
    return term_months(found["figure"], found["unit"]) if found else None


def split_list(raw: str) -> list[str]:
    """Return the entries of a packed cell, parted by ";" or "|" or line breaks; blank entries are kept."""
    text = cell_text(re.sub(r"[\r\n]+", ";", raw.strip("\r\n ")))
    if not text:
        return []
    return [cell_text(entry) for entry in re.split(r"\s*[;|]\s*", text.rstrip(";| "))]
