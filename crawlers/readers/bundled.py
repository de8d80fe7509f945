"""Bundles: which services beside internet a card's price covers, by its name and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import get_args

from crawlers.readers.draft import Draft
from crawlers.readers.sheet import PLAN_ROLES
from crawlers.readers.visible import words
from market.records.offer import Service

MAX_LINE = 70
"""Characters. A longer line is a sentence, which also tells of what may be added."""
_ORDER: tuple[Service, ...] = get_args(Service)


def services_in(name: str) -> tuple[Service, ...]:
    """Return the services beside internet that a name states, in the record's order; () for an internet plan:
    "Internet + TV" -> ("tv",), "Triple Play" -> ("tv", "phone").
    """
    return _ordered(service for service, _ in _in_name(name))


def bundle_key(key: str, services: Sequence[Service]) -> str:
    """Return a bundle's key, which no internet plan can have: "triple-play~tv-phone"."""
    return f"{key}~{'-'.join(services)}" if services else key


def bundled(draft: Draft) -> tuple[Service, ...]:
    """Return the services of a bundle's card and mark the words that state the first; () where none does."""
    low, high = draft.marks.get("plan_name", (0, 0))
    found: dict[Service, tuple[int, int]] = {}
    for service, (start, end) in _in_name(draft.flat.text[low:high]):
        found.setdefault(service, (low + start, low + end))
    # The lines of "Preferred Package & Phone" may list channels too.
    found = {**dict(_in_lines(draft)), **found}
    order = _ordered(found)
    for number, service in enumerate(order):
        draft.marks[f"bundled_with[{number}]"] = found[service]
        draft.rules[f"bundled_with[{number}]"] = "a service that the bundle names"
    return order


def with_own_price(draft: Draft) -> None:
    """Let the month's amounts beside the words "TV" or "phone" be the bundle's, where it states no others."""
    prices = draft.card.prices
    if not any(price.role in PLAN_ROLES for price in prices):
        own = [replace(p, role="main") if p.role == "other product" and p.monthly else p for p in prices]
        draft.card = replace(draft.card, prices=tuple(own))


def _in_name(name: str) -> Iterator[tuple[Service, tuple[int, int]]]:
    for entry in words()["service"]:
        match = entry["words"].search(name)
        if match:
            yield entry["name"], match.span()


def _in_lines(draft: Draft) -> Iterator[tuple[Service, tuple[int, int]]]:
    """Yield the services that the card's lines state as included, each with the first place of its words."""
    outside, lacking = words()["patterns"]["not_in_bundle"], words()["patterns"]["lacking"]
    seen: set[Service] = set()
    text = draft.flat.text
    for (start, end), (low, high) in draft.card.labels:
        # A row "Home phone" of a table, whose cell says "Included".
        said, label = text[start:end].strip(), text[low:high].strip()
        lacks = not said or lacking.match(said) or outside.search(said)
        for entry in () if lacks else words()["service"]:
            if entry["in_line"].search(label) and entry["name"] not in seen:
                seen.add(entry["name"])
                yield entry["name"], (start, end)
    hint = words()["patterns"]["service_hint"]
    lines = [*draft.lines(), (0, 0, "")]
    for (start, end, line), (below, last, following) in pairwise(lines):
        if len(line) > MAX_LINE or not (hint.search(line) or hint.search(following)):
            continue
        if outside.search(line) or lacking.match(following):
            continue
        # A figure and its word may stand in elements of their own: "30+", "Channels".
        pair = f"{line} {following}" if below and len(line) + len(following) <= MAX_LINE else line
        for entry in words()["service"]:
            for shown in dict.fromkeys((line, pair)):
                match = entry["in_line"].search(shown)
                if match and entry["name"] not in seen and match.start() < len(line):
                    seen.add(entry["name"])
                    yield entry["name"], (start, end if match.end() <= len(line) else last)
                    break


def _ordered(found: Iterable[Service]) -> tuple[Service, ...]:
    return tuple(sorted(set(found), key=_ORDER.index))
