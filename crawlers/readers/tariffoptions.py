"""Columns of prices that are choices of one plan: by the contract's term, or by whom the plan is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.readers.columnnames import slot_of
from market.units import parse_term

MIN_OPTIONS = 2
"""Columns of choices that make a header without a column of prices."""
_SEGMENT = re.compile(
    r"(?:residential|home|consumer|business|commercial|enterprise|small business)(?: customers?)?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:term|contract|agreement|commitment|rates?|prices?|pricing|mrc|monthly|per month)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Option:
    """What the heading of a column of prices says of them: the column's name that it stands for, and the
    value below that name.
    """

    slot: str
    value: str


def term_of(name: str) -> int | None:
    """Return the months that a column of prices is for: of "36 Month Term", "1-Yr", "Month to Month" (0)."""
    bare = _bare(name)
    if re.fullmatch(r"m(?:onth)?[- ](?:to|2)[- ]m(?:onth)?|mtm|no", bare, re.IGNORECASE):
        return 0
    if bare.isdigit() or slot_of(name) not in (None, "contract_months", "price"):
        return None
    return parse_term(bare)


def _bare(name: str) -> str:
    return " ".join(re.sub(r"[()$:]", " ", _BESIDE.sub(" ", name)).split())


def options_in(names: Sequence[str]) -> dict[int, Option]:
    """Return which columns are choices of one plan, by index; those of one kind, two at least, else none."""
    terms = {at: months for at, name in enumerate(names) if (months := term_of(name)) is not None}
    if len(terms) >= MIN_OPTIONS:
        return {
            at: Option("contract_term", f"{months} months" if months else "month-to-month")
            for at, months in terms.items()
        }
    told = {at: bare for at, name in enumerate(names) if _SEGMENT.fullmatch(bare := _bare(name))}
    if len(told) >= MIN_OPTIONS and len(set(map(str.lower, told.values()))) == len(told):
        return {at: Option("customer_segment", _as_segment(bare)) for at, bare in told.items()}
    return {}


def _as_segment(bare: str) -> str:
    return "residential" if re.match("home|consumer|residential", bare, re.IGNORECASE) else bare
