"""The conditions of one card: contract, fees."""

from __future__ import annotations

import re
from typing import Any

from crawlers.readers.draft import Draft
from crawlers.readers.tokens import Price
from crawlers.readers.visible import tidy
from market.records import Fee


def contract_slots(draft: Draft) -> dict[str, Any]:
    """Return the contract's months (0: none required); nothing when the card says several or none."""
    terms = [term for term in draft.card.terms if term.kind == "contract"]
    if not terms:
        noted = [term for span in draft.card.notes for term in draft.sheet.terms_of(span)]
        terms = [term for term in noted if term.kind == "contract"]
        draft.rules["contract_months"] = "a note that the card's mark leads to"
    if len({term.months for term in terms}) != 1:
        return {}
    draft.marks["contract_months"] = (terms[0].start, terms[0].end)
    return {"contract_months": terms[0].months}


def fee_slots(draft: Draft) -> dict[str, Any]:
    """Return one-time fees, monthly fees and the termination fee that the card names."""
    once: dict[tuple[str, int], Fee] = {}
    monthly: dict[tuple[str, int], Fee] = {}
    ends: set[int] = set()
    text = draft.flat.text
    noted = [price for span in draft.card.notes for price in draft.sheet.prices_of(span)]
    for price in (*draft.card.prices, *noted):
        role = price.told if price in noted else price.role
        if role == "termination" and price.monthly:
            # So much for each month that is left.
            continue
        if role == "termination":
            ends.add(price.cents)
            draft.marks["termination_cents"] = (price.start, price.end)
        if role != "fee" or not price.cents or (price in noted and price.least and price.monthly):
            # "Static IP from $20/mo." in a note is an extra that one may add.
            continue
        labels = (
            text[low:high] for (start, end), (low, high) in draft.card.labels if start <= price.start < end
        )
        name = " ".join(next(labels, "").split()).strip(" :*") or fee_name(text, price)
        optional = bool(draft.patterns["extra_before"].search(name))
        if draft.patterns["penalty"].search(name):
            # A late payer's fee is no part of what the plan costs.
            continue
        raw = tidy(text[price.start : price.end])
        fee = Fee(name=name, raw=raw, cents=price.cents, optional=optional)
        kind, slot = (monthly, "monthly_fees") if price.monthly else (once, "one_time_fees")
        if (fee.name, price.cents) not in kind:
            draft.marks[f"{slot}[{len(kind)}]"] = (price.start, price.end)
            kind[(fee.name, price.cents)] = fee
    values: dict[str, Any] = {
        "one_time_fees": tuple(once.values()),
        "monthly_fees": tuple(monthly.values()),
    }
    if len(ends) == 1:
        values["termination_cents"] = ends.pop()
    return values


_CLAUSE = re.compile(r"[.;|]\s|,\s|\s[-–—]\s")
_JOINERS = re.compile(
    r"^(?:(?:an?|the|plus|and|or|includes?|one|of)\s+)+"
    r"|(?:\s+(?:of|is|are|for|at|only|just|up to|an?|applies|apply|may|will))+$",
    re.IGNORECASE,
)


def fee_name(text: str, price: Price) -> str:
    """Return the words that name a fee: those of its clause without the amount, else the next or previous
    line's.
    """
    low = text.rfind("\n", 0, price.start) + 1
    high = text.find("\n", price.end)
    high = len(text) if high < 0 else high
    ahead, behind = text[low : price.start], text[price.end : high]
    clause = f"{_named(_CLAUSE.split(ahead)[-1])} {_named(_MONTHLY.sub(' ', _CLAUSE.split(behind)[0]))}"
    below, above = (
        text[high : high + 200].lstrip("\n").split("\n")[0],
        text[:low].rstrip("\n")[-200:].rsplit("\n", 1)[-1],
    )
    for words_ in (
        clause,
        below if re.search(r"\b(?:fee|charge|cost|rental)\b", below, re.IGNORECASE) else above,
        above,
    ):
        named = _named(_MONTHLY.sub(" ", words_))
        if len(re.findall(r"[A-Za-z]", named)) >= 3:
            return named[:120]
    return ""


_AMOUNT = re.compile(r"[$€£]\s*\d[\d.,]*(?:\s*/\s*mo(?:nth)?\b\.?)?(?:\s*\+)?")
_MONTHLY = re.compile(r"(?:/|\bper\b|\ba\b)\s*mo(?:nth)?\b\.?", re.IGNORECASE)


def _named(words_: str) -> str:
    words_ = _AMOUNT.sub(" ", words_)
    return _JOINERS.sub("", " ".join(words_.split()).strip(" :-–*().,")).strip(" :-–*().,")
