"""A label file in JSON as rows: each object with label names for keys is one; lists are packed as in CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crawlers.readers.columns import Columns
from crawlers.readers.labeltable import Found
from crawlers.readers.page import walk_json
from crawlers.readers.table import Row

MAX_ROWS = 500_000
"""The largest provider's file has some tens of thousands."""
_NAME_KEYS = ("name", "description", "descr", "type", "label", "title")
_AMOUNT_KEYS = ("amount", "price", "fee", "value", "cost")


def read_json_table(text: str) -> Found | None:
    """Return the rows of a JSON label file; None when it is no JSON or holds no object with label names.

    A row's `line` is its 1-based number among the objects; its `pointer` leads to it (RFC 6901).
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    known: dict[tuple[str, ...], Columns] = {}
    rows: list[tuple[Columns, Row]] = []
    for pointer, node in walk_json(value):
        inner = _opened(node)
        cells = dict(_cells({name: value for name, (_, value) in inner.items()}))
        names = tuple(cells)
        columns = known.get(names)
        if columns is None:
            columns = known[names] = Columns.of(names)
        if not columns.usable:
            continue
        quotes = {name: quote_of(value) for name, (_, value) in inner.items()}
        steps = {name: step for name, (step, _) in inner.items()}
        rows.append((columns, Row(len(rows) + 1, tuple(cells.values()), "", pointer, quotes, steps)))
        if len(rows) >= MAX_ROWS:
            break
    if not rows:
        return None
    return Found(rows[0][0], rows, [])


def quote_of(value: Any) -> str:
    """Return a JSON value as it is quoted: a scalar's text, else compact JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "" if value is None else str(value)


def _opened(node: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return an object's values by name with their pointers below it; {"speed": {"download": 300}} is opened
    to "speed_download", but for objects that are labels themselves.
    """
    found: dict[str, tuple[str, Any]] = {}
    for key, value in node.items():
        step = escaped(key)
        if isinstance(value, dict) and not Columns.of(tuple(value)).usable:
            for inner, each in value.items():
                found.setdefault(f"{key}_{inner}", (f"{step}/{escaped(inner)}", each))
        else:
            found[key] = (step, value)
    return found


def escaped(key: str) -> str:
    """Return a key as a step of an RFC 6901 pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def _cells(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, list):
            fees = [each for each in value if isinstance(each, dict)]
            if fees and len(fees) == len(value):
                yield f"{key}_descr", ";".join(_first(each, _NAME_KEYS) for each in fees)
                yield key, ";".join(_first(each, _AMOUNT_KEYS) for each in fees)
            else:
                yield key, ";".join(quote_of(each) for each in value)
        elif not isinstance(value, dict):
            yield key, quote_of(value)


def _first(node: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key, value in node.items():
        if key.lower() in keys and not isinstance(value, dict | list):
            return quote_of(value)
    return ""
