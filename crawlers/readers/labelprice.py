"""The prices of a label row: the regular one, the promotion's, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crawlers.readers.cells import Cells
from market.units import Money

Mark = Callable[[str], None]
"""Notes what is read but should be looked at, by its code."""


class UnreadableError(Exception):
    """A row that cannot be read whole; the message says why."""


def prices(cells: Cells, mark: Mark) -> dict[str, Any]:
    """Return the price slots; raises UnreadableError when the row has no price that can be read.

    What is read but should be looked at is marked: prices of nothing, "from $49", other currencies.
    """
    found = _prices(cells, mark)
    if 0 in (found.get("monthly_cents"), found.get("promo_cents")):
        mark("price-zero")
    if found.get("currency", "USD") != "USD":
        mark("currency")
    return found


def _prices(cells: Cells, mark: Mark) -> dict[str, Any]:
    if cells.asks_for_quote("price"):
        return {"quote_only": True}
    price, intro, after = cells.money("price"), cells.money("intro_price"), cells.money("after_price")
    least: dict[str, Any] = {}
    if any(money is not None and money.least for money in (price, intro, after)):
        mark("price-from")
        least["price_from"] = True
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
            raise _no_price(cells)
        if flag is False and intro is not None and intro.cents not in (0, price.cents):
            cells.problem("intro_price")
        return {"monthly_cents": price.cents, "currency": price.currency or "USD"} | least
    if intro is None and after is None and price is not None and cells.text("intro_price"):
        # A promotion whose price cannot be read leaves the price column to the regular one.
        return {"monthly_cents": price.cents, "currency": price.currency or "USD"} | least
    found = _promotion(price, intro, after, months, mark)
    if found is None:
        raise _no_price(cells)
    return found | least


def _no_price(cells: Cells) -> UnreadableError:
    words = next(
        (cells.text(slot) for slot in ("price", "after_price", "intro_price") if cells.text(slot)), ""
    )
    return UnreadableError(
        f"its monthly price cannot be read ({words[:60]!r})" if words else "it states no monthly price"
    )


def _states_nothing(intro: Money | None) -> bool:
    return intro is not None and intro.cents == 0


def _promotion(
    price: Money | None, intro: Money | None, after: Money | None, months: int | None, mark: Mark
) -> dict[str, Any] | None:
    regular, promo = price, intro
    if after is not None:
        # Files with a column for the price afterwards put the introductory one into the price column.
        regular, promo = after, intro or price
    elif intro is None:
        regular, promo = None, price
    elif price is not None and intro.cents > price.cents:
        mark("intro-above")
        regular, promo = intro, price
    if regular is None and promo is None:
        return None
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
