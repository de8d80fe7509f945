"""The prices of one card: the month's price, the promotional one and its months, the price with autopay."""

from __future__ import annotations

import re
from typing import Any

from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.tokens import Price, Term
from crawlers.readers.visible import tidy

MIN_PLAN_CENTS = 500
"""An amount below $5 that no word calls the month's price is a tax or an add-on."""
MAX_BETWEEN = 90
"""Characters between a price and the words that tell how long it holds."""
_OTHER_THING = re.compile(r"[$€£]|\bon us\b|\bfree\b|\bincluded\b|\bunlimited\b", re.IGNORECASE)
_SAVING = re.compile(r"\bsave \$\d[\d,.]*(?:\s*(?:/|per|a)\s*mo(?:nth)?\b\.?)?(?=\s*for\b)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[\s*†]*(?:[.!;\n]|$)")
"""What follows a saving's length when the saving hangs on no condition."""
_JOIN = re.compile(
    r"^[\s:,*†–—-]*(?:(?:for|at|only|just|price|pay|is|months?|of|service)\b[\s:,–—-]*)*$", re.IGNORECASE
)


def price_slots(draft: Draft, currency: str) -> dict[str, Any]:
    """Return the price slots; `currency` holds where no sign on the page names one.

    A card without a price that asks for a call is quote_only. Raises UnclearError when no amount, or several,
    could be the month's price.
    """
    own, later = _own_prices(draft)
    values: dict[str, Any] = {}
    if not own:
        return _without_price(draft)
    price = own[0]
    values["price_raw"] = tidy(draft.flat.text[price.start : price.end])
    values["currency"] = price.currency or currency
    regular = later or _one(draft, "regular")
    term = next((found for found in (_promo_term(draft, each) for each in own) if found), None)
    without = _one(draft, "no autopay")
    mark = (price.start, price.end)
    paid = price if price.role == "autopay" else _one(draft, "autopay")
    if paid is not None and paid.cents <= price.cents:
        values["autopay_cents"] = paid.cents
        draft.marks["autopay_cents"] = (paid.start, paid.end)
    if price.role == "promo" or term is not None or (regular is not None and regular.cents > price.cents):
        values["promo_cents"] = price.cents
        draft.marks["promo_cents"] = mark
        if term is not None:
            values["promo_months"] = term.months
            draft.marks["promo_months"] = (term.start, term.end)
    elif price.role in ("main", "no autopay", "regular"):
        values["monthly_cents"] = price.cents
        draft.marks["monthly_cents"] = mark
    last = without or regular
    if last is not None and "monthly_cents" not in values and last.cents >= price.cents:
        values["monthly_cents"] = last.cents
        draft.marks["monthly_cents"] = (last.start, last.end)
    return values


def _without_price(draft: Draft) -> dict[str, Any]:
    if any(price.role == "range" for price in draft.card.prices):
        raise UnclearError("its price is a range")
    asked = draft.patterns["quote_only"].search(draft.text)
    if asked is None or any(price.role == "conditional" for price in draft.card.prices):
        raise UnclearError("no amount in it is plainly the price of a month")
    draft.mark_words("quote_only", asked[0])
    return {"quote_only": True, "price_raw": asked[0]}


def _own_prices(draft: Draft) -> tuple[list[Price], Price | None]:
    """Return the places of the plan's price, and the regular price when it stands beside a promotional one.

    Raises UnclearError when several amounts could be the price.
    """
    found = draft.card.prices
    main = [price for price in found if price.role in ("main", "promo")]
    prices = (
        [price for price in main if price.monthly or price.role == "promo"]
        or [price for price in found if price.role == "autopay"]
        or [price for price in found if price.role == "no autopay"]
        or main
        or [price for price in found if price.role == "regular"]
    )
    prices = [price for price in prices if price.monthly or price.cents >= MIN_PLAN_CENTS]
    # "First month $0, then $55/mo": only what holds afterwards is the price of a month.
    prices = prices or [price for price in found if price.role == "regular" and price.monthly]
    amounts = sorted({price.cents for price in prices})
    if len(amounts) == 2:
        # "$89.99 per month for the first 12 months" beside "Monthly price $119.99".
        low = [price for price in prices if price.cents == amounts[0]]
        high = [price for price in prices if price.cents == amounts[1]]
        told = any(price.role == "promo" or _promo_term(draft, price) for price in low)
        if told and not any(price.role == "promo" or _promo_term(draft, price) for price in high):
            return low, high[0]
    if len(amounts) > 1:
        shown = ", ".join(f"${cents / 100:.2f}" for cents in amounts)
        raise UnclearError(f"several amounts could be its price ({shown})")
    return prices, None


def _one(draft: Draft, role: str) -> Price | None:
    found = {
        price.cents: price
        for price in draft.card.prices
        if price.role == role and (price.monthly or price.cents >= MIN_PLAN_CENTS)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _promo_term(draft: Draft, price: Price) -> Term | None:
    """Return the promotion's length: a term behind the price that speaks of nothing else, or at once before
    it.
    """
    text = draft.flat.text
    for term in draft.card.terms:
        if term.kind != "promo":
            continue
        if any(low <= term.start < high for _, (low, high) in draft.card.labels):
            return term
        if term.start >= price.end:
            # "$65/mo. Save $25/mo for 24 months": the saving's length is the price's.
            between = text[price.end : term.start]
            if _SENTENCE_END.match(text, term.end):
                between = _SAVING.sub(" ", between)
            if len(between) <= MAX_BETWEEN and not _OTHER_THING.search(between):
                return term
        elif term.end <= price.start and _JOIN.match(text[term.end : price.start]):
            line = text[text.rfind("\n", 0, term.start) + 1 : term.start]
            if not _OTHER_THING.search(line):
                return term
    return None
