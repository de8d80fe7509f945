"""The fields that a query can name, and what a value or a range after the colon means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import get_args

from luqum import tree

from index.bounds import micros, moment, number
from index.operands import named, unquoted
from index.port import NO_BUNDLE
from index.query import Between, KeywordField, Node, NumberField, OneOf, TextField
from market.errors import QueryError
from market.ids import slug
from market.records.expansion import Stage
from market.records.offer import Service, Technology
from market.records.source import Segment
from market.records.tagged import Topic

KINDS = ("article", "offer", "expansion")
TOPICS: tuple[str, ...] = get_args(Topic)

TEXT: dict[str, TextField] = {"text": "text", "title": "title", "publisher": "publisher"}
_CHOICES: dict[str, tuple[KeywordField, tuple[str, ...]]] = {
    "kind": ("kind", KINDS),
    "topic": ("topic", TOPICS),
    "segment": ("segment", get_args(Segment)),
    "technology": ("technology", get_args(Technology)),
    "bundle": ("bundle", (*get_args(Service), NO_BUNDLE)),
    "stage": ("stage", get_args(Stage)),
}
_NUMBERS: dict[str, tuple[NumberField, int]] = {
    "price": ("price", 100),
    "down": ("down", 1000),
    "up": ("up", 1000),
}
_DATES = ("published", "date")
FIELDS = tuple(
    sorted([*TEXT, *_CHOICES, *_NUMBERS, *_DATES, "company", "place", "county", "state", "source", "story"])
)
"""The fields that a query can name."""


def known_field(name: str) -> str:
    """Return the field called `name`; raises QueryError that names the known ones."""
    if name.lower() in FIELDS:
        return name.lower()
    raise QueryError(
        "query-field",
        f"{name!r} is no field; the fields are {', '.join(FIELDS)} (put text with a colon in quotes)",
    )


def value(field: str, raw: str, zone: tzinfo) -> Node | None:
    """Return the node of `field:raw`, None when nothing is given; raises QueryError for what it cannot be."""
    given = raw.strip()
    if not given:
        return None
    if field in _CHOICES:
        name, known = _CHOICES[field]
        if given.lower() not in known:
            raise QueryError("query-value", f"{field}:{given} is unknown; use one of {', '.join(known)}")
        return OneOf(name, (given.lower(),))
    if field in _DATES or field in _NUMBERS:
        return _bounds(field, given, given, True, True, zone)
    if field == "company":
        return named("company", "company_names", slug(given), given)
    if field == "place":
        return named("place", "place_names", given if given.lstrip("-").isdigit() else "", given)
    if field == "county":
        if re.fullmatch(r"\d{5}", given):
            return OneOf("county", (given,))
        return named("county", "place_names", "", given)
    if field == "state":
        if not re.fullmatch(r"[A-Za-z]{2}", given):
            raise QueryError("query-value", f"state:{given} is unknown; write the two-letter postal code")
        return OneOf("state", (given.upper(),))
    return OneOf("source" if field == "source" else "story", (given,))


def ranged(item: tree.Item, field: str | None, zone: tzinfo) -> Node:
    """Return the node of `field:[low TO high]`, `field:<60` and the like; `item` is luqum's."""
    if field is None or (field not in _DATES and field not in _NUMBERS):
        names = ", ".join((*_DATES, *_NUMBERS))
        raise QueryError("query-range", f"{str(item).strip()!r}: ranges follow one of {names}")
    if isinstance(item, tree.Range):
        low, high = unquoted(str(item.low).strip()), unquoted(str(item.high).strip())
        return _bounds(field, low, high, item.include_low, item.include_high, zone)
    limit = unquoted(str(item.a).strip())
    if isinstance(item, tree.From):
        return _bounds(field, limit, "*", item.include, True, zone)
    return _bounds(field, "*", limit, True, item.include, zone)


def _bounds(field: str, low: str, high: str, with_low: bool, with_high: bool, zone: tzinfo) -> Node:
    """Return the range from `low` to `high`: each stands for an interval (a day, a cent) of its own."""
    read: Callable[[str], tuple[int, int]]
    if field in _DATES:
        name: NumberField = "date"

        def read(written: str) -> tuple[int, int]:
            start, end = moment(written, zone)
            return micros(start), micros(end)

    else:
        name, factor = _NUMBERS[field]

        def read(written: str) -> tuple[int, int]:
            return number(field, written, factor)

    first = None if low == "*" else read(low)[0 if with_low else 1]
    last = None if high == "*" else read(high)[1 if with_high else 0]
    return Between(name, first, last)
