"""The prices of one card: the month's price, the promotional one and its months, the price with autopay."""

from __future__ import annotations

import re
from typing import Any

from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.tokens import WINDOW, Price, Term, line_around
from crawlers.readers.visible import tidy

NO_SIGN = "no sign names another currency"
MIN_PLAN_CENTS = 500
"""An amount below $5 that no word calls the month's price is a tax or an add-on."""
MAX_BETWEEN = 90
"""Characters between a price and the words that tell how long it holds."""
MAX_SENTENCE = 600
"""Characters before a price in which its sentence begins."""
_OTHER_THING = re.compile(r"[$€£]|\bon us\b|\bfree\b|\bincluded\b|\bunlimited\b", re.IGNORECASE)
_EXTRA = re.compile(
    r"\b(?:save|saving|discount|credit|gift|card|reward|bonus|guarantee|phone|tv)", re.IGNORECASE
)
_SAVING = re.compile(
    r"\bsave \$\d[\d,.]*(?:\s*(?:/|per|a|each|every)\s*mo(?:nth)?\b\.?)?(?=\s*for\b)", re.IGNORECASE
)
_WITHOUT = re.compile(
    r"\bwithout (?:the |an? |this )?(?:[\w-]+ )?(?:discount|auto ?-?pay)\b(?:[^.]|\.(?!\s+(?-i:[A-Z])))*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[\s*†]*(?:[.!;+\n]|$)")
"""What follows a saving's length when the saving hangs on no condition."""
_JOIN = re.compile(
    r"^[\s:,*†–—-]*(?:(?:for|at|only|just|price|pay|is|months?|of|service|promo(?:tional)?|intro(?:ductory)?"
    r"|special|rate|offer)\b[\s:,–—-]*)*$",
    re.IGNORECASE,
)


def price_slots(draft: Draft, currency: str, named: Price | None = None) -> dict[str, Any]:
    """Return the price slots; `currency` holds where no sign on the page names one, `named` is the regular
    price that a sentence beside the cards states with the plan's name.

    A card without a price that asks for a call is quote_only. Raises UnclearError when no amount, or several,
    could be the month's price.
    """
    own, later = _own_prices(draft)
    values: dict[str, Any] = {}
    if not own and any(price.cents == 0 and price.monthly for price in draft.card.prices):
        raise UnclearError("its only price is zero")
    if not own:
        return _without_price(draft)
    price = own[0]
    values["price_raw"] = tidy(draft.flat.text[price.start : price.end])
    values["currency"] = price.currency or currency
    least = next((each for each in own if each.least), None)
    if least is not None:
        values["price_from"] = True
        draft.marks["price_from"] = _from_words(draft, least)
        draft.rules["price_from"] = "words that give the price as the lowest of several"
    if price.currency or "currency" not in draft.marks:
        draft.marks["currency"] = (price.start, price.end)
        draft.rules["currency"] = "the sign of its price" if price.currency else NO_SIGN
    unpaid = named if named is not None and _without_discount(draft, named) else None
    if unpaid is not None:
        named = None
    regular = later or _last_regular(draft) or named or _in_notes(draft, "regular")
    term = next((found for found in (_promo_term(draft, each) for each in own) if found), None) or note_term(
        draft
    )
    without = _one(draft, "no autopay") or unpaid
    mark = (price.start, price.end)
    paid = price if price.role == "autopay" else _one(draft, "autopay")
    if paid is None and without is unpaid and price.role in ("main", "promo") and _includes_autopay(draft):
        paid = price
        draft.rules["autopay_cents"] = "the card says that its price includes the AutoPay discount"
    if paid is not None and paid.cents <= price.cents:
        values["autopay_cents"] = paid.cents
        draft.marks["autopay_cents"] = (paid.start, paid.end)
    # "Regular price $45, AutoPay price $40" are two prices at one time, and no promotion.
    rises = regular is not None and regular.cents > price.cents and price.role != "autopay"
    if price.role == "promo" or term is not None or rises:
        values["promo_cents"] = price.cents
        draft.marks["promo_cents"] = mark
        if term is not None:
            values["promo_months"] = term.months
            draft.marks["promo_months"] = (term.start, term.end)
    elif price.role in ("main", "no autopay", "regular") and paid is not price:
        values["monthly_cents"] = price.cents
        draft.marks["monthly_cents"] = mark
    last = without or regular
    if last is not None and "monthly_cents" not in values and last.cents >= price.cents:
        values["monthly_cents"] = last.cents
        draft.marks["monthly_cents"] = (last.start, last.end)
    return values


def _from_words(draft: Draft, price: Price) -> tuple[int, int]:
    """Return the range of "starting at" with its price; of the price alone where a label says so."""
    text = draft.flat.text
    said = draft.patterns["least_before"].search(text, max(0, price.start - WINDOW), price.start)
    if said:
        return said.start(), price.end
    for (low, high), label in draft.card.labels:
        if low <= price.start < high:
            return label
    return price.start, price.end


def _without_price(draft: Draft) -> dict[str, Any]:
    if any(price.role == "range" for price in draft.card.prices):
        raise UnclearError("its price is a range")
    asked = draft.patterns["quote_only"].search(draft.text) or _quote_cell(draft)
    if asked is None or any(price.role == "conditional" for price in draft.card.prices):
        raise UnclearError("no amount in it is plainly the price of a month")
    draft.mark_words("quote_only", asked[0])
    return {"quote_only": True, "price_raw": asked[0]}


def _quote_cell(draft: Draft) -> re.Match[str] | None:
    """Return what the cell below a label of prices says instead of one: "Call 555-0100"."""
    for (start, end), (low, high) in draft.card.labels:
        said = draft.patterns["quote_cell"].match(draft.flat.text[start:end].strip())
        if said and draft.patterns["price_label"].search(draft.flat.text, low, high):
            return said
    return None


def _own_prices(draft: Draft) -> tuple[list[Price], Price | None]:
    """Return the places of the plan's price, and the regular price when it stands beside a promotional one.

    Raises UnclearError when several amounts could be the price.
    """
    found = [price for price in draft.card.prices if price.cents]
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


def _last_regular(draft: Draft) -> Price | None:
    """Return the regular price; where it rises in steps, the one they end at."""
    found = [
        price
        for price in draft.card.prices
        if price.role == "regular" and (price.monthly or price.cents >= MIN_PLAN_CENTS)
    ]
    amounts = [price.cents for price in found]
    return found[-1] if found and amounts == sorted(amounts) else None


def _in_notes(draft: Draft, role: str) -> Price | None:
    """Return the one monthly price of a role that the card's notes state."""
    found = {
        price.cents: price
        for span in draft.card.notes
        for price in draft.sheet.prices_of(span)
        if price.told == role and price.monthly and _alone(draft, span, price)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _alone(draft: Draft, span: tuple[int, int], price: Price) -> bool:
    """Say whether no other plan's price stands behind a regular price in its note."""
    others = [each for each in draft.sheet.prices_of(span) if each.start > price.start and each.monthly]
    return all(each.told not in ("main", "regular") for each in others)


def _without_discount(draft: Draft, price: Price) -> bool:
    """Say whether a sentence states what is paid without the discount: "without AutoPay $55 for Basic"."""
    text = draft.flat.text
    low = max(text.rfind("\n", 0, price.start) + 1, price.start - MAX_SENTENCE)
    return bool(_WITHOUT.search(text, low, price.start))


def _includes_autopay(draft: Draft) -> bool:
    texts = (draft.text, *(draft.flat.text[low:high] for low, high in draft.card.notes))
    return any(draft.patterns["autopay_included"].search(text) for text in texts)


def note_term(draft: Draft) -> Term | None:
    """Return the promotion's length that the card's notes state of its price, and of nothing else."""
    found: dict[int, Term] = {}
    for low, high in draft.card.notes:
        for term in draft.sheet.terms_of((low, high)):
            if is_length_of_price(draft.flat.text, term, low):
                found.setdefault(term.months, term)
    return next(iter(found.values())) if len(found) == 1 else None


def is_length_of_price(text: str, term: Term, low: int = 0) -> bool:
    """Say whether a promotion's length speaks of the price and of no gift or saving before it in its
    sentence; `low` is where the note begins.
    """
    sentence = re.split(r"[.;!]\s", text[low : term.start])[-1]
    return term.kind == "promo" and not _OTHER_THING.search(sentence) and not _EXTRA.search(sentence)


def _labelled_term(draft: Draft, term: Term) -> bool:
    """Say whether a term stands in a line of its own that names it: "Introductory period: 12 months"."""
    before, after = line_around(draft.flat.text, term.start, term.end)
    return bool(draft.patterns["promo_label"].match(before.strip())) and not _OTHER_THING.search(
        before + after
    )


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
        if _labelled_term(draft, term):
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
