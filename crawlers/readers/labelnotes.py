"""What is to be said of a label file as a whole: lines passed over, names mended, values that need a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawlers.readers.labelgrid import Found
from crawlers.readers.page import Trouble

MAX_NAMED = 12
"""Names and places that a message lists; its data hold MAX_KEPT."""
MAX_KEPT = 500


class Notes:
    """The places of rows that were read but should be looked at, by what is to be looked at."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}

    def add(self, code: str, place: str) -> None:
        """Note a row's place; a row stands once under each code."""
        places = self.places.setdefault(code, [])
        if not places or places[-1] != place:
            places.append(place)


def listed(names: Iterable[str]) -> str:
    """Return names for a message, those beyond MAX_NAMED as their number."""
    every = [name.strip()[:60] for name in names]
    rest = len(every) - MAX_NAMED
    return ", ".join(every[:MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def file_notes(found: Found, assumed: bool, lag: int, notes: Notes) -> Iterator[Trouble]:
    """Yield the troubles of a table; `assumed`: speeds were taken for kbps; `lag`: cells beyond names."""
    if found.preamble:
        lines = [row.line for row in found.preamble]
        yield Trouble(
            "labels-preamble",
            f"{len(lines)} lines above the header were passed over; read them where a plan is missing.",
            "info",
            {"lines": lines},
        )
    if found.mended:
        yield Trouble(
            "header-glued",
            "Names in the header are glued together and were parted; compare a row with its label, and tell "
            f"the provider: {listed(found.mended[:5])}.",
            data={"cells": list(found.mended)},
        )
    # Objects of a JSON file have columns of their own.
    each = {id(columns): columns for columns, _ in found.rows}
    known_twice = (name for columns in (found.columns, *each.values()) for name in columns.twice)
    without = (name for columns in (found.columns, *each.values()) for name in columns.unknown)
    unknown = list(dict.fromkeys([*without, *known_twice]))
    if unknown:
        yield Trouble(
            "column-unknown",
            "Columns not of the label were passed over; what they say stands in no offer: "
            f"{listed(unknown)}.",
            "info",
            {"columns": unknown[:MAX_KEPT]},
        )
    if lag:
        yield Trouble(
            "header-short",
            f"Most rows have {lag} cells more than the header has names; the last were passed over. "
            "Tell the provider.",
            "info",
            {"cells": lag},
        )
    if assumed:
        yield Trouble(
            "speed-unit-assumed",
            "Speeds without a unit go beyond 100 Gbps and were read as kbps; compare a row with its label.",
            "info",
        )
    yield from note_troubles(notes)


def note_troubles(notes: Notes) -> Iterator[Trouble]:
    """Yield what is to be said of rows that were read but should be looked at."""
    texts = {
        "price-from": 'rows with a price from which the plan starts ("from $49"); the amount is kept as the '
        "monthly price, and is the least that a customer pays",
        "plan-id": "rows whose plan id is not F or M, ten digits and fifteen characters; it is kept as it "
        "stands",
        "intro-above": "rows with an introductory price above the monthly one; the lower was read as the "
        "promotion. Compare one with its label",
        "price-zero": "rows with a price of nothing; it is kept as it stands. Compare one with its label",
        "bundle-untold": "rows that are called a bundle and name no service but internet; they were read as "
        "internet plans. Compare one with its label",
        "fee-currency": "rows with a fee in another currency than their price; it is kept as words, with no "
        "amount",
        "fee-unit": "rows with a price in cents and a bare fee that does not say its unit; it is kept as "
        "words, with no amount",
        "fee-from": 'rows with a fee from which it starts ("from $49"); its amount is the least that is due',
        "currency": "rows with a price in another currency than US dollars; it is kept in that currency",
    }
    levels = dict.fromkeys(
        ("price-zero", "price-from", "currency", "bundle-untold", "fee-currency", "fee-unit"), "warning"
    )
    for code, places in sorted(notes.places.items()):
        yield Trouble(
            f"label-{code}",
            f"{len(places)} {texts[code]}: {listed(places)}.",
            levels.get(code, "info"),
            {"count": len(places), "places": places[:MAX_KEPT]},
        )
