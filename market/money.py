"""Amounts of money as sources write them; an amount is read whole or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from market.celltext import FIGURE, RANGE, cell_text, decimal

MAX_CENTS = 10_000_000_00
"""Ten million dollars: no list price of a month is higher; more is an account number or a typo."""


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
    r"^" + _PREFIX + _SIGN.format(1) + r"(?P<low>" + FIGURE + r"|\d{1,3}(?:\.\d{3})*,\d{2})"
    r"(?:\s*" + RANGE + r"\s*" + _SIGN.format(2) + r"(?P<high>" + FIGURE + r"))?"
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


@lru_cache(maxsize=8192)
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
