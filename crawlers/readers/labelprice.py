"""The prices of a label row: the regular one, the promotion's, and which of its columns is which."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawlers.readers.cells import Cells
from market.units import Money


class UnreadableError(Exception):
    """A row that cannot be read whole; the message says why."""


def prices(cells: Cells, notes: Counter[str]) -> dict[str, Any]:
    """Return the price slots; raises UnreadableError when the row has no price that can be read.

    `notes` counts what is read but should be looked at: prices of nothing, other currencies.
    """
    found = _prices(cells, notes)
    if 0 in (found.get("monthly_cents"), found.get("promo_cents")):
        notes["price-zero"] += 1
    if found.get("currency", "USD") != "USD":
        notes["currency"] += 1
    return found


def _prices(cells: Cells, notes: Counter[str]) -> dict[str, Any]:
    if cells.asks_for_quote("price"):
        return {"quote_only": True}
    price, intro, after = cells.money("price"), cells.money("intro_price"), cells.money("after_price")
    flag = None
    if cells.amount("intro") is not None and cells.columns.slots.get("intro_price") is None:
        # "Promo rate" asks for a yes or no in the bureau's template, and names the amount elsewhere.
        intro = cells.money("intro")
    else:
        flag = cells.flag("intro")
    months = cells.months("intro_months")
    if flag is None and _states_nothing(intro) and after is None and not months:
        intro = None
    if flag is False or (flag is None and intro is None and after is None):
        if price is None:
            raise UnreadableError("its monthly price cannot be read")
        if flag is False and intro is not None and intro.cents not in (0, price.cents):
            cells.problem("intro_price")
        return {"monthly_cents": price.cents, "currency": price.currency or "USD"}
    return _promotion(price, intro, after, months, notes)


def _states_nothing(intro: Money | None) -> bool:
    return intro is not None and intro.cents == 0


def _promotion(
    price: Money | None, intro: Money | None, after: Money | None, months: int | None, notes: Counter[str]
) -> dict[str, Any]:
    regular, promo = price, intro
    if after is not None:
        # Files with a column for the price afterwards put the introductory one into the price column.
        regular, promo = after, intro or price
    elif intro is None:
        regular, promo = None, price
    elif price is not None and intro.cents > price.cents:
        notes["intro-above"] += 1
        regular, promo = intro, price
    if regular is None and promo is None:
        raise UnreadableError("its monthly price cannot be read")
    if not months and promo is not None and regular is not None and promo.cents == regular.cents:
        # A file that fills in both columns of a plan without a promotion.
        promo = None
    named = next((money.currency for money in (regular, promo) if money and money.currency), "USD")
    return {
        "monthly_cents": regular.cents if regular else None,
        "promo_cents": promo.cents if promo else None,
        "promo_months": (months or None) if promo else None,
        "currency": named,
    }
