"""The speeds of one card: one download and one upload speed, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.tokens import Speed

_SAME = re.compile(r"\bsymmetric(?:al)?\b|\bsame (?:upload|speeds? up)", re.IGNORECASE)


def speed_slots(draft: Draft) -> dict[str, Any]:
    """Return the speed slots in Mbps. Raises UnclearError when the card states several download speeds."""
    card = draft.card
    if not card.speeds:
        return {}
    name = draft.marks.get("plan_name")
    in_name = [speed for speed in card.speeds if name and name[0] <= speed.start < name[1]]
    pairs = _by_value([speed for speed in card.speeds if speed.down and speed.up], "down")
    downs = _by_value(in_name, "down") or _by_value(card.speeds, "down")
    if len(pairs) == 1 and len(downs) == 1 and _near(pairs[0].down, downs[0].down):
        # "1 Gig" is the name of "940/880 Mbps".
        downs = pairs
    elif in_name and len(downs) == 1 and not pairs:
        # So it is of "up to 940 Mbps" below it.
        below = [speed for speed in _by_value(card.speeds, "down") if speed.down != downs[0].down]
        downs = below if len(below) == 1 and _near(below[0].down, downs[0].down) else downs
    ups = _by_value(card.speeds, "up")
    if len(downs) > 1:
        heads = [speed for speed in downs if draft.is_heading(speed.start, speed.end)]
        if len(heads) != 1:
            raise UnclearError(f"it states {len(downs)} download speeds")
        downs = heads
        ups = [speed for speed in ups if speed.start == heads[0].start]
    values: dict[str, Any] = {}
    if downs:
        values["down_mbps"], values["down_mbps_max"] = downs[0].down, downs[0].down_max
        draft.marks["down_mbps"] = (downs[0].start, downs[0].end)
    if len(ups) == 1:
        values["up_mbps"] = ups[0].up
        draft.marks["up_mbps"] = (ups[0].start, ups[0].end)
    elif downs and not ups and downs[0].down_max is None and _SAME.search(draft.text):
        values["up_mbps"] = downs[0].down
        draft.marks["up_mbps"] = (downs[0].start, downs[0].end)
    return values


def _near(exact: float | None, named: float | None) -> bool:
    return exact is not None and named is not None and 0.85 * named <= exact <= 1.15 * named


def _by_value(speeds: Iterable[Speed], field_name: str) -> list[Speed]:
    """Return one speed for each distinct value of `field_name`, in page order."""
    found: dict[Any, Speed] = {}
    for speed in speeds:
        value = getattr(speed, field_name)
        if value is not None:
            found.setdefault((value, speed.down_max) if field_name == "down" else value, speed)
    return list(found.values())
