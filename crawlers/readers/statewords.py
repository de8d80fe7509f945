"""What a value in a page's state is, by the words of the keys that lead to it from the plan's object."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MAX_KEY = 80
"""Characters. A longer key is data, and no word for a slot."""


@dataclass(frozen=True)
class Vocabulary:
    """stateoffers.toml: slots by whole keys, wrappers that say nothing, and words that tell a slot."""

    slots: dict[str, str]
    ranks: dict[str, int]
    """Keys that name a plan: the lower, the rather."""
    groups: frozenset[str]
    neutral: frozenset[str]
    values: frozenset[str]
    units: frozenset[str]
    words: dict[str, frozenset[str]]


@cache
def vocabulary() -> Vocabulary:
    """Return stateoffers.toml as sets."""
    with Path(__file__).with_name("stateoffers.toml").open("rb") as handle:
        table = tomllib.load(handle)
    nesting = table["nesting"]
    return Vocabulary(
        {key: slot for slot, keys in table["keys"].items() for key in keys},
        {key: rank for rank, key in enumerate(table["keys"]["name"])},
        frozenset(nesting["groups"]),
        frozenset(nesting["neutral"]),
        frozenset(nesting["values"]),
        frozenset(nesting["units"]),
        {name: frozenset(listed) for name, listed in table["words"].items()},
    )


def plain(key: str) -> str:
    """Return a key's letters in lower case: "promo_price" and "promoPrice" are one."""
    return re.sub(r"[^a-z]", "", key.lower())


def words_of(key: str) -> tuple[str, ...]:
    """Return a key's words in lower case: "promoPrice", "promo_price" and "Promo price" have two."""
    if len(key) > MAX_KEY:
        return ()
    found = [word.lower() for word in _WORD.findall(key)]
    at = next((at for at in range(len(found) - 1) if found[at : at + 2] == ["up", "to"]), None)
    if at is not None:
        # "Up to" is no direction.
        del found[at : at + 2]
    return tuple(found)


def slot_of(path: tuple[str, ...], value: Any) -> str | None:
    """Return the slot of a value by all words of the keys that lead to it, or None.

    "promo" and "months" make a promotion's length, "promo" and "amount" its price.
    """
    vocab, found = vocabulary().words, frozenset(path)
    if not path or found & vocab["skip"]:
        return None
    if isinstance(value, bool):
        return _flag(found, value)
    # "charges" may be all that a plan costs.
    general = not found & (vocab["price"] | vocab["promo"] | vocab["regular"])
    fees = vocab["fee"] | vocab["fee_once"] | vocab["fee_monthly"]
    if found & (fees if general else fees - {"charges"}):
        return "fee"
    length = bool(found & vocab["length"])
    priced = found & (vocab["price"] - vocab["each_month"])
    if not priced and not found & (vocab["promo"] | vocab["regular"]):
        ways = [way for way in ("down", "up") if found & vocab[way]]
        if ways:
            return ways[0] if len(ways) == 1 else None
    if found & vocab["contract"]:
        return None if priced else "contract"
    if found & vocab["autopay"]:
        if length:
            return None
        return "price" if found & vocab["none"] else "autopay"
    if found & vocab["regular"]:
        return None if length else "regular"
    if found & vocab["promo"]:
        return "promo_months" if length else "promo"
    if found & vocab["data"] and not priced:
        return "data"
    if found & vocab["speed"]:
        return "down"
    if found & vocab["price"] and path[-1] == "months":
        return "price_months"
    if found & vocab["price"]:
        return None if length else "price"
    return "contract" if found & vocab["term"] and length else None


def _flag(found: frozenset[str], value: bool) -> str | None:
    """Return the slot that a yes or no fills: a contract that is not required, data without end."""
    vocab = vocabulary().words
    if found & vocab["contract"]:
        return "no_contract" if value == bool(found & vocab["none"]) else None
    if value and "unlimited" in found and (found & vocab["data"] or len(found) == 1):
        return "unlimited"
    return "symmetrical" if value and found & vocab["symmetrical"] else None
