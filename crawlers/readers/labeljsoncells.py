"""The values of a JSON label as cells: figures with their units, lists of fees, and how each is quoted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawlers.readers.columnnames import normal, slot_of

_NAME_KEYS = ("name", "description", "descr", "type", "label", "title", "feename", "fee")
_AMOUNT_KEYS = ("amount", "price", "value", "cost", "charge", "feeamount", "amountusd", "fee")
_OFTEN_KEYS = ("frequency", "recurrence", "billing", "period", "category", "type", "interval", "kind")
_UNIT_KEYS = frozenset({"unit", "units", "uom", "currency"})
_VALUE_KEYS = frozenset({"value", "amount", "val", "speed", "price"})


@dataclass(frozen=True)
class Told:
    """A value as a cell, as it is quoted, and its pointer in the file; "" for what has no place there."""

    cell: str
    quote: str
    pointer: str


Cells = dict[str, Told]


def with_unit(value: dict[str, Any]) -> str | None:
    """Return the words of an object of a figure and its unit ({"value": 300, "unit": "Mbps"}), or None."""
    named = {str(key).lower(): each for key, each in value.items()}
    figure = [each for key, each in named.items() if key in _VALUE_KEYS and not isinstance(each, dict | list)]
    unit = [str(each) for key, each in named.items() if key in _UNIT_KEYS and isinstance(each, str)]
    if len(figure) != 1 or len(unit) != 1 or len(named) != 2 or figure[0] is None:
        return None
    return f"{quote_of(figure[0])} {unit[0]}"


def listed_cells(name: str, value: list[Any], pointer: str) -> Iterator[tuple[str, Told]]:
    """Yield the cells of a list under its name: its scalars packed, fees as two cells, names and amounts."""
    fees = [each for each in value if isinstance(each, dict)]
    if not fees or len(fees) != len(value):
        scalars = [quote_of(each) for each in value if not isinstance(each, dict | list)]
        yield name, Told(";".join(scalars), quote_of(value), pointer)
        return
    if any(_fee_amount(each) is None for each in fees):
        return
    often = [_often(each) for each in fees]
    if all(often) and len(set(often)) > 1:
        # One list of both kinds: each fee says how often it is due.
        for kind in ("monthly", "one_time"):
            of_kind = [each for each, how in zip(fees, often, strict=True) if how == kind]
            yield from _fee_cells(f"{kind}_fees", of_kind, value, pointer)
    elif slot_of(name) is None and all(often):
        yield from _fee_cells(f"{often[0]}_fees", fees, value, pointer)
    else:
        yield from _fee_cells(name, fees, value, pointer)


def _fee_cells(
    name: str, fees: list[dict[str, Any]], value: list[Any], pointer: str
) -> Iterator[tuple[str, Told]]:
    yield f"{name}_descr", Told(";".join(_fee_name(each) for each in fees), "", "")
    yield name, Told(";".join(_fee_amount(each) or "" for each in fees), quote_of(value), pointer)


def _often(fee: dict[str, Any]) -> str:
    for key, value in fee.items():
        if str(key).lower() in _OFTEN_KEYS and isinstance(value, str):
            words = value.lower().replace("-", "").replace("_", "").replace(" ", "")
            if "month" in words or ("recurring" in words and "non" not in words):
                return "monthly"
            if "one" in words or "single" in words or "purchase" in words or "nonrecurring" in words:
                return "one_time"
    return ""


def _fee_name(fee: dict[str, Any]) -> str:
    for wanted in _NAME_KEYS:
        for key, value in fee.items():
            if normal(str(key)) == wanted and isinstance(value, str):
                return value.replace(";", ",")
    return ""


def _fee_amount(fee: dict[str, Any]) -> str | None:
    for wanted in _AMOUNT_KEYS:
        for key, value in fee.items():
            if normal(str(key)) == wanted and not isinstance(value, dict | list):
                return quote_of(value).replace(";", ",")
    return None


def quote_of(value: Any) -> str:
    """Return a JSON value as it is quoted: a scalar's text, else compact JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "" if value is None else str(value)


def escaped(key: str) -> str:
    """Return a key as a step of an RFC 6901 pointer."""
    return key.replace("~", "~0").replace("/", "~1")
