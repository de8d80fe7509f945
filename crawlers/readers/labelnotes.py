"""What is to be said of a label file as a whole: lines passed over, names mended, values that need a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crawlers.readers.labelgrid import Found
from crawlers.readers.page import Trouble


def file_notes(found: Found, assumed: bool, lag: int, notes: Counter[str]) -> Iterator[Trouble]:
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
            f"the provider: {', '.join(cell.strip()[:60] for cell in found.mended[:5])}.",
            data={"cells": list(found.mended)},
        )
    unknown = [*found.columns.unknown, *found.columns.twice]
    if unknown:
        yield Trouble(
            "column-unknown",
            "Columns not of the label were passed over; what they say stands in no offer: "
            f"{', '.join(name.strip() for name in unknown)}.",
            "info",
            {"columns": unknown},
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


def note_troubles(notes: Counter[str]) -> Iterator[Trouble]:
    """Yield what is to be said of rows that were read but should be looked at."""
    texts = {
        "plan-id": "rows whose plan id is not F or M, ten digits and fifteen characters; it is kept as it "
        "stands",
        "intro-above": "rows with an introductory price above the monthly one; the lower was read as the "
        "promotion. Compare one with its label",
        "price-zero": "rows with a price of nothing; it is kept as it stands. Compare one with its label",
        "currency": "rows with a price in another currency than US dollars; it is kept in that currency",
    }
    levels = {"price-zero": "warning", "currency": "warning"}
    for code, count in sorted(notes.items()):
        yield Trouble(f"label-{code}", f"{count} {texts[code]}.", levels.get(code, "info"), {"count": count})
