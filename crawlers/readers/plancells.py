"""A plan's cells in a table: what the label of a row or column makes of the prices and speeds in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawlers.readers.grid import PlanCells
from crawlers.readers.pricetokens import role_within
from crawlers.readers.sheet import Span, TokenSheet
from crawlers.readers.tokens import Price, Speed, Term
from crawlers.readers.visible import words
from market.units import parse_term

_NONE = re.compile(
    r"(?:none|no|not required|n/?a|month[- ]to[- ]month|mtm|m2m"
    r"|no (?:annual )?(?:term|contract|commitment|agreement))"
    r"(?: price| rate)?\W*",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\d{1,2}[- ]?[a-z]+|(?:one|two|three|five)[- ]?[a-z]+", re.IGNORECASE)
_BARE_UP = re.compile(r"\W*up(?:\s*\([^)]*\))?\W*", re.IGNORECASE)


@dataclass(frozen=True)
class ReadCells:
    """The tokens of a plan's cells, as their labels tell them."""

    prices: tuple[Price, ...]
    speeds: tuple[Speed, ...]
    terms: tuple[Term, ...]
    labels: tuple[tuple[Span, Span], ...]
    option: str


def read_cells(plan: PlanCells, sheet: TokenSheet) -> ReadCells:
    """Return the tokens of a plan's cells; what stands in a cell is told by that cell and its label alone."""
    prices: list[Price] = []
    speeds: list[Speed] = []
    terms: list[Term] = []
    labels: list[tuple[Span, Span]] = []
    for cell, label in plan.cells:
        span = sheet.span(cell)
        name = sheet.text_of(label) if label is not None else ""
        text = sheet.flat.text
        prices.extend(_by_label(role_within(text, price, span), name) for price in sheet.prices_of(span))
        speeds.extend(_directed(speed, name) if name else speed for speed in sheet.speeds_of(span))
        own = sheet.terms_of(span)
        terms.extend(own)
        if label is None or not name:
            continue
        labels.append((span, sheet.span(label)))
        if sheet.has_price(cell):
            # "Price per month for 12 months" above a column of prices.
            terms.extend(sheet.terms_of(sheet.span(label)))
        months = _contract(sheet.text_of(cell)) if words()["patterns"]["contract_label"].match(name) else None
        if months is not None and not own:
            terms.append(Term(*span, months, "contract"))
    option = sheet.text_of(plan.option) if plan.option is not None else ""
    months = _contract(option) if option else None
    if plan.option is not None and months is not None:
        terms.append(Term(*sheet.span(plan.option), months, "contract"))
    return ReadCells(tuple(prices), tuple(speeds), tuple(terms), tuple(labels), option)


def _contract(cell: str) -> int | None:
    """Return the months of a cell below "Contract": 0 for "None"."""
    if _NONE.fullmatch(cell):
        return 0
    length = _LENGTH.search(cell)
    return parse_term(cell) or (parse_term(length[0]) if length else None)


def _by_label(price: Price, label: str) -> Price:
    if not label:
        return price
    patterns = words()["patterns"]
    monthly = price.monthly or bool(patterns["price_label"].search(label))
    if patterns["least_label"].search(label):
        price = replace(price, least=True)
    if price.role != "main":
        return replace(price, monthly=monthly)
    for entry in words()["price_roles"]:
        named = entry["role"] in ("fee", "termination", "regular", "autopay", "old") and "before" in entry
        if named and entry["before"].search(f"{label} "):
            once = entry["role"] in ("fee", "termination")
            return replace(
                price,
                role=entry["role"],
                monthly=price.monthly if once else monthly,
                rule=f"{entry['role']}: table label",
            )
    if patterns["promo_label"].search(label):
        return replace(price, role="promo", monthly=monthly, rule="promo: table label")
    return replace(
        price, monthly=monthly, rule="table label" if monthly and not price.monthly else price.rule
    )


def _directed(speed: Speed, label: str) -> Speed:
    """Return the speed in the direction that a row's or column's label names; a pair keeps its own."""
    patterns = words()["patterns"]
    up = patterns["direction_up"].search(label) or _BARE_UP.fullmatch(label)
    down = patterns["direction_down"].search(label)
    figure = speed.down if speed.down is not None else speed.up
    if bool(up) == bool(down) or (speed.down is not None and speed.up is not None):
        return speed
    return replace(speed, down=None, up=figure) if up else replace(speed, down=figure, up=None)
