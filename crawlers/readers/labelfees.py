"""The fees of a label as cells write them: an amount, a name and an amount, lists of both."""

from __future__ import annotations

import re
from functools import lru_cache

from market.records import Fee
from market.units import parse_money, split_list

_FEE = re.compile(
    r"^(?P<amount>(?:up to\s*)?\$?\s*[\d,.]+(?:\s*-\s*\$?\s*[\d,.]+)?\*?)"
    r"\s*(?P<rest>(?!(?:per|/)\s*(?:[mgt]b|[mg]bps)\b)(?:\(|per\b|each\b|/|if\b|one[- ]time\b)[^\d]*)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def fee(name: str, raw: str) -> Fee:
    """Return a Fee; words such as "Included" or "varies" have no cents, "15.00 (in stores)" has."""
    amount = parse_money(raw)
    if amount is None:
        qualified = _FEE.match(raw)
        amount = parse_money(qualified["amount"]) if qualified else None
    return Fee(
        name=name,
        raw=raw,
        cents=amount.cents if amount else None,
        cents_max=amount.cents_max if amount else None,
        up_to=amount.up_to if amount else False,
        optional="optional" in name.lower(),
    )


def checked(
    fees: tuple[Fee, ...], currency: str, *, in_cents: bool = False
) -> tuple[tuple[Fee, ...], list[str]]:
    """Return fees of a price in `currency`, and what is to be noted of them: "fee-currency" for amounts in
    another one, which lose their cents since a fee has no currency of its own, and "fee-from". Beside a price
    that is given `in_cents`, a bare whole figure may be dollars or cents: it loses its cents ("fee-unit").
    """
    kept: list[Fee] = []
    notes: list[str] = []
    for each in fees:
        stated = parse_money(each.raw)
        if in_cents and each.cents and each.raw.strip().isdigit():
            notes.append("fee-unit")
            kept.append(each.model_copy(update={"cents": None, "cents_max": None}))
            continue
        if stated is not None and stated.currency not in (None, currency):
            notes.append("fee-currency")
            kept.append(each.model_copy(update={"cents": None, "cents_max": None}))
            continue
        if stated is not None and stated.least:
            notes.append("fee-from")
        kept.append(each)
    return tuple(kept), notes


_AMOUNT = r"(?:up to\s*)?(?:US\$|[$€£])?\s*\d[\d,]*(?:\.\d{1,2})?(?:\s*-\s*\$?\d[\d,]*(?:\.\d{2})?)?\*?"
_PER = r"(?:\s*(?:/|per|a)\s*mo(?:nth)?\.?|\s*one[- ]time|\s*each)?"
_NAME_FIRST = re.compile(
    rf"^(?P<name>[^$:=]*?[A-Za-z)][^$:=]*?)\s*(?:[:=]\s*(?P<amount>.+)|[-–(@]*\s*(?P<bare>{_AMOUNT}{_PER})\)?)$",
    re.IGNORECASE,
)
_NAME_LAST = re.compile(
    rf"^(?P<amount>{_AMOUNT})\s*[-–:]?\s*(?P<name>(?!per\b|each\b|if\b)[A-Za-z][^$\d]*)$", re.IGNORECASE
)


def named_fee(entry: str) -> Fee:
    """Return the fee of an entry that holds name and amount: "Gateway: $15.00", "Activation 10.00", "$35
    device charge"; words without an amount are its raw amount.
    """
    found = _NAME_FIRST.match(entry)
    if parse_money(entry) is not None:
        return fee("", entry)
    if not found:
        last = _NAME_LAST.match(entry) if "$" in entry[:8] or "." in entry else None
        return fee(last["name"].strip(), last["amount"]) if last else fee("", entry)
    name, amount = found["name"].strip(" -–("), (found["amount"] or found["bare"]).strip()
    bound = re.search(r"\s*\bup to$", name, re.IGNORECASE)
    return fee(name[: bound.start()], f"up to {amount}") if bound else fee(name, amount)


def titled_fee(title: str, figure: str) -> Fee:
    """Return the fee of a name's and an amount's entries; the amount's may repeat the name."""
    found = fee(title, figure)
    if found.cents is None and figure:
        told = named_fee(figure)
        if told.cents is not None and (not title or told.name.lower() == title.lower()):
            return told if not title else fee(title, told.raw)
    return found


def entries_of(raw: str) -> list[str]:
    """Return a packed cell's entries; commas part them only where each part ends with an amount."""
    entries = split_list(raw)
    if len(entries) == 1 and "," in entries[0]:
        parts = re.split(r",\s+", entries[0])
        if len(parts) > 1 and all(re.search(r"[A-Za-z].*\d(?:\.\d\d)?\)?$", part) for part in parts):
            return parts
    return entries


def by_comma(entries: list[str], wanted: int) -> list[str]:
    """Part a single entry at its commas, where that gives as many as are wanted."""
    if len(entries) == 1 and entries[0].count(",") == wanted - 1:
        return [part.strip() for part in entries[0].split(",")]
    return entries
