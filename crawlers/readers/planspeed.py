"""The speeds of one card: one download and one upload speed, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.speedtokens import NO_DATE
from crawlers.readers.tokens import Speed, line_length

MAX_OWN_LINE = 32
"""Characters of a line that states a speed and little else."""
_NAMED_PAIR = re.compile(r"(?<![\w.,$/])(?P<down>\d{2,4})/(?P<up>\d{1,4})(?![\w/.,])")
_SAME = re.compile(r"\bsymmetric(?:al)?\b|\bsim[ée]tric[oa]s?\b|\bsame (?:upload|speeds? up)", re.IGNORECASE)


def speed_slots(draft: Draft) -> dict[str, Any]:
    """Return the speed slots in Mbps. Raises UnclearError when the card states several download speeds."""
    card = draft.card
    if not card.speeds:
        return _pair_in_name(draft)
    if any(not speed.bare for speed in card.speeds):
        # "940/880" counts only where no other speed has a unit, but for the "1 Gig" it stands for.
        spelled = [speed for speed in card.speeds if not speed.bare]
        kept = [
            speed for speed in card.speeds if speed.bare and all(_near(speed.down, s.down) for s in spelled)
        ]
        card = replace(card, speeds=(*spelled, *kept))
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
    if len(downs) == 2 and not ups and _side_by_side(draft, downs):
        # "3 Mbps 1 Mbps" in a line: the lower figure behind the higher one is the upload speed.
        ups = [replace(downs[1], down=None, up=downs[1].down)]
        downs = downs[:1]
    if len(downs) > 1:
        heads = [speed for speed in downs if draft.is_heading(speed.start, speed.end)]
        if not heads:
            # A line of its own states the plan's speed; a sentence compares it with others.
            heads = [speed for speed in downs if line_length(draft.flat.text, speed.start) <= MAX_OWN_LINE]
        if len(heads) != 1:
            raise UnclearError(f"it states {len(downs)} download speeds")
        downs = heads
        ups = [speed for speed in ups if speed.start == heads[0].start] or [
            speed for speed in ups if not speed.down
        ]
    values: dict[str, Any] = {}
    if downs:
        values["down_mbps"], values["down_mbps_max"] = downs[0].down, downs[0].down_max
        draft.marks["down_mbps"] = (downs[0].start, downs[0].end)
        if downs[0].down_max is not None:
            draft.marks["down_mbps_max"] = draft.marks["down_mbps"]
    if len(ups) == 1:
        values["up_mbps"] = ups[0].up
        draft.marks["up_mbps"] = (ups[0].start, ups[0].end)
    elif downs and not ups and downs[0].down_max is None and _SAME.search(draft.text):
        values["up_mbps"] = downs[0].down
        draft.marks["up_mbps"] = (downs[0].start, downs[0].end)
    return values


def _pair_in_name(draft: Draft) -> dict[str, Any]:
    """Return the speeds of a name such as "Fiber 500/500", on a page that states the speeds of others."""
    low, high = draft.marks.get("plan_name", (0, 0))
    pair = _NAMED_PAIR.search(draft.flat.text, low, high)
    if pair is None or all(speed.bare for speed in draft.sheet.speeds):
        return {}
    down, up = float(pair["down"]), float(pair["up"])
    if down <= NO_DATE or not 0 < up <= down:
        return {}
    for slot in ("down_mbps", "up_mbps"):
        draft.marks[slot], draft.rules[slot] = pair.span(), "a pair without a unit in its name"
    return {"down_mbps": down, "up_mbps": up}


def _side_by_side(draft: Draft, downs: list[Speed]) -> bool:
    one, two = downs
    between = draft.flat.text[one.end : two.start]
    single = one.down_max is None and two.down_max is None
    return single and (one.down or 0) >= (two.down or 0) and not re.search(r"[^\W\d_]|[.,;:]", between)


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
