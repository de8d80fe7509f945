"""Fees and sentences about a plan in a page's state, read into the slots of its offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawlers.readers.labeljsoncells import quote_of
from crawlers.readers.page import clean
from crawlers.readers.planprice import is_length_of_price
from crawlers.readers.pricetokens import prices_in
from crawlers.readers.speedtokens import speeds_in
from crawlers.readers.stateslots import StateSlots, StateValue
from crawlers.readers.statewords import plain, vocabulary
from crawlers.readers.termtokens import terms_in
from crawlers.readers.visible import Flat, words
from market.records import Fee
from market.units import parse_money

MAX_TEXT = 600
"""Characters of a sentence that are looked at."""
MAX_TEXTS = 12
"""Sentences of a plan that are looked at."""
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_PARTED = re.compile(r"</(?:p|li|div|h\d|tr|dd|dt)>|<br\b[^<>]{0,50}>", re.IGNORECASE)
_MONTHLY = re.compile(r"month|recurr|\bmrc\b|\brental\b|\blease\b", re.IGNORECASE)
_ONCE = re.compile(
    r"\bone|\bonce|\bnrc\b|single|upfront|up-front|install|activat|set-?up|non-?recurr", re.IGNORECASE
)
_NO_FEE = re.compile(r"late|return|terminat|cancel|deposit|tax", re.IGNORECASE)
Proof = dict[str, StateValue]


def shown(value: Any) -> str:
    """Return a value as a page would show it: without the marks and entities that scripts put in."""
    return clean(_MARKUP.sub("", str(value)))


def state_fees(collected: StateSlots) -> tuple[dict[str, tuple[Fee, ...]], Proof]:
    """Return the one-time and the monthly fees, and where each stands."""
    found: dict[str, dict[tuple[str, int], Fee]] = {"one_time_fees": {}, "monthly_fees": {}}
    proof: Proof = {}
    for value, node, path in collected.fees:
        if isinstance(value.value, bool) or value.key in vocabulary().units:
            continue
        money = parse_money(shown(value.value))
        if money is None or money.cents_max is not None or not money.cents:
            continue
        label, often = _said(node, value.key)
        name = label or " ".join(word for word in path if word not in vocabulary().neutral)
        slot = _slot(often, name, path)
        if slot is None or _NO_FEE.search(name):
            continue
        optional = node.get("optional") is True or node.get("required") is False
        fee = Fee(name=name[:120], raw=quote_of(value.value), cents=money.cents, optional=optional)
        if (fee.name, money.cents) not in found[slot]:
            proof[f"{slot}[{len(found[slot])}]"] = value
            found[slot][(fee.name, money.cents)] = fee
    return {slot: tuple(fees.values()) for slot, fees in found.items() if fees}, proof


def _said(node: dict[str, Any], own: str) -> tuple[str, str]:
    """Return what the object around a fee calls it, and all else it says in words."""
    label, often = "", []
    for key, value in node.items():
        name = plain(str(key))
        if name == own or not isinstance(value, str | bool):
            continue
        if name in ("label", "name", "title", "description") and isinstance(value, str):
            label = label or shown(value)
        elif value is True:
            often.append(name)
        elif isinstance(value, str) and len(value) <= 40:
            often.append(value.replace("_", " "))
    return label, " ".join(often)


def _slot(often: str, name: str, path: Iterable[str]) -> str | None:
    for text in (often, name, " ".join(path)):
        if _ONCE.search(text):
            return "one_time_fees"
        if _MONTHLY.search(text):
            return "monthly_fees"
    return None


def state_sentences(collected: StateSlots, values: dict[str, Any]) -> tuple[dict[str, Any], Proof]:
    """Return what a plan's sentences add to its `values`: speeds, a promotion's length, the price after it,
    the contract, data without end; and where each stands. What they say in two ways is left out.
    """
    told: dict[str, dict[Any, StateValue]] = {}
    for slot, value, where in _sentences(collected.texts[:MAX_TEXTS]):
        told.setdefault(slot, {}).setdefault(value, where)
    added: dict[str, Any] = {}
    proof: Proof = {}
    priced = values.get("promo_cents") or values.get("monthly_cents")
    for slot in ("down_mbps", "up_mbps", "contract_months", "unlimited_data", "regular", "promo_months"):
        found = told.get(slot, {})
        if len(found) != 1:
            continue
        value, where = next(iter(found.items()))
        if slot == "regular":
            if values.get("promo_cents") or not priced or value <= priced:
                continue
            added["promo_cents"], added["monthly_cents"] = priced, value
            proof["monthly_cents"] = where
        elif slot == "promo_months":
            if not priced or values.get(slot):
                continue
            added[slot], proof[slot] = value, where
            if not values.get("promo_cents") and "promo_cents" not in added:
                added["promo_cents"], added["monthly_cents"] = priced, None
        elif values.get(slot) is None:
            added[slot], proof[slot] = value, where
    paid = [where for _, where in told.get("autopay", {}).items()]
    if paid and priced and not values.get("autopay_cents"):
        added["autopay_cents"] = priced
        if "monthly_cents" not in added and not values.get("promo_cents"):
            added["monthly_cents"] = None
    return added, proof


def _sentences(texts: Iterable[StateValue]) -> Iterator[tuple[str, Any, StateValue]]:
    patterns = words()["patterns"]
    for where in texts:
        lines = _PARTED.sub("\n", str(where.value)[: 2 * MAX_TEXT]).split("\n")
        text = "\n".join(filter(None, map(shown, lines)))[:MAX_TEXT]
        flat = Flat([text], len(text))
        for term in terms_in(flat):
            if term.kind == "contract":
                yield "contract_months", term.months, where
            elif is_length_of_price(text, term):
                yield "promo_months", term.months, where
        for price in prices_in(flat):
            if price.told == "regular" and price.monthly:
                yield "regular", price.cents, where
        for speed in speeds_in(flat):
            if speed.down is not None:
                yield "down_mbps", speed.down, where
            if speed.up is not None:
                yield "up_mbps", speed.up, where
        if patterns["unlimited"].search(text):
            yield "unlimited_data", True, where
        if patterns["autopay_included"].search(text):
            yield "autopay", True, where
