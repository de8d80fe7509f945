"""The conditions of one card: contract, data allowance, fees."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from crawlers.readers.draft import Draft
from crawlers.readers.tokens import Price
from crawlers.readers.visible import tidy
from market.records import Fee
from market.units import parse_data

_DATA_LABEL = re.compile(r"^(?:monthly )?(?:data|usage|bandwidth)\b(?! speeds?)", re.IGNORECASE)
"""Begins the label of a table's cell that holds the data allowance."""


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


def data_slots(draft: Draft) -> dict[str, Any]:
    """Return the data allowance in gigabytes, or that it is unlimited; nothing when the card says neither."""
    text, patterns = draft.text, draft.patterns
    endless = patterns["unlimited"].search(text)
    # "Add unlimited data for $10" offers it as an extra; "unlimited at reduced speeds" is a cap's other half.
    if (
        endless
        and not patterns["extra_before"].search(text[: endless.start()][-30:])
        and not patterns["extra_after"].search(text[endless.end() :][:80])
    ):
        draft.mark_words("unlimited_data", endless[0])
        return {"unlimited_data": True}
    for low, high in draft.card.notes if endless is None else ():
        noted = patterns["unlimited"].search(draft.flat.text, low, high)
        if noted:
            draft.marks["unlimited_data"] = noted.span()
            return {"unlimited_data": True}
    for (start, end, one), (_, _, two) in pairwise(draft.lines()):
        # "Daily traffic" above "Unlimited", or below it.
        pair = (one, two) if one.lower() == "unlimited" else (two, one)
        if pair[0].lower() == "unlimited" and patterns["data_label"].match(pair[1]):
            draft.marks["unlimited_data"] = (start, end)
            return {"unlimited_data": True}
    for (start, end), (low, high) in draft.card.labels:
        beside = " ".join(draft.flat.text[low:high].split())
        allowance = parse_data(draft.flat.text[start:end]) if _DATA_LABEL.search(beside) else None
        if allowance is not None:
            slot = "unlimited_data" if allowance.unlimited else "data_cap_gb"
            draft.marks[slot] = (start, end)
            return {"data_cap_gb": allowance.gb, "unlimited_data": allowance.unlimited}
    found = [m for m in patterns["data_cap"].finditer(text) if re.search(r"[a-z]", m[0][-4:], re.IGNORECASE)]
    caps = {
        parse_data(f"{m['figure']} {m['unit']}")
        for m in found
        if re.search("data|usage|bandwidth|transfer|/ *mo|month|plan", m[0], re.IGNORECASE)
    }
    caps.discard(None)
    if len(caps) != 1:
        return {}
    cap = caps.pop()
    draft.mark_words("data_cap_gb", found[0][0])
    return {"data_cap_gb": cap.gb, "unlimited_data": False} if cap else {}


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
