"""Which of a sentence's speeds an amount buys: one behind it, one before it, or that of a card's heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount, SpeedAt, pattern, speeds
from nlp.offers_rules import is_change

_BARE = re.compile(
    r"\s+(?:a\smonth\s)?for\s(?P<value>\d{2,5})(?:/(?P<up>\d{1,5}))?"
    r"(?=[.,;)]|\s(?:or|and)\b|\s(?P<way>up\sand\sdown|both\sways|symmetrical)\b|$)"
)
_BARE_BEFORE = re.compile(
    r"(?<![\d/.$])(?P<down>\d{2,5})(?:/(?P<up>\d{1,5}))?\s(?:for|at|is|costs?|goes\sfor)\s$"
)
_NEXT_PRICE = re.compile(r"[^.;$]{0,30}\b(?:for|at|is|costs?)\s\$", re.IGNORECASE)
_BUYS = re.compile(r"[\s,]*(?:for|buys|gets|with|at)\b[^,;$]*$", re.IGNORECASE)
_PROMISES = re.compile(
    r"[\s,]*(?:and\s|which\s|that\s)?(?:will\s)?(?:offer|deliver|provid|includ|com(?:es|ing)\swith|doubl|rais|boost"
    r"|promis|giv|featur)\w*\b[^,;$]*$",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"[;,]|\band\b", re.IGNORECASE)
_BEHIND, _BEFORE, _CARD = 60, 90, 160
"""Characters within which a speed stands behind an amount, before it, or in the lines above it."""
_NEAR = 28
_BACK = 220
"""Characters back to the plan of which a sentence speaks on."""


def speed_of(
    text: str,
    sentence: Span,
    told: Sequence[Amount],
    number: int,
    fast: Sequence[SpeedAt],
    used: set[int],
    *,
    alone: bool,
) -> SpeedAt | None:
    """Return the speed of an amount and mark it in `used`, where no two amounts share one by chance.

    `alone`: the amount is the sentence's only price, its regular price aside.
    """
    amount = told[number]
    first = number - 1 if number and is_change(text, sentence, told[number - 1], amount) else number
    low = told[first - 1].unit_end if first else sentence.start
    high = min(told[number + 1].start if number + 1 < len(told) else sentence.end, amount.unit_end + _BEHIND)
    behind = next((speed for speed in fast if amount.unit_end <= speed.start < high), None)
    before = next(
        (speed for speed in reversed(fast) if low <= speed.start and speed.end <= amount.start), None
    )
    if before is not None and (before.start in used or amount.start - before.end > _BEFORE):
        before = None
    gap = text[amount.unit_end : behind.start] if behind else ""
    bare = _BARE_BEFORE.search(text, max(low, amount.start - 24), amount.start)
    if bare is not None and (fast or bare["up"]):
        up = float(bare["up"]) if bare["up"] else None
        return SpeedAt(bare.start("down"), bare.end("up" if up else "down"), float(bare["down"]), up)
    if behind is not None and (_BUYS.match(gap) or (before is None and _may_buy(text, gap, behind, high))):
        chosen: SpeedAt | None = behind
    else:
        chosen = before
    behind_price = _BARE.match(text, amount.end, sentence.end) if chosen is None else None
    if behind_price is not None and (fast or behind_price["up"] or behind_price["way"]):
        up = float(behind_price["up"]) if behind_price["up"] else None
        last = behind_price.end("up" if up else "value")
        return SpeedAt(behind_price.start("value"), last, float(behind_price["value"]), up)
    if chosen is None and alone and len({speed.down for speed in fast}) == 1:
        chosen = fast[0]
    if chosen is None and not fast and number == 0:
        chosen = _of_plan_before(text, sentence)
    if chosen is None:
        return _heading(text, amount)
    used.add(chosen.start)
    return chosen


def _may_buy(text: str, gap: str, behind: SpeedAt, high: int) -> bool:
    """Tell whether a speed behind a price is what it buys and not what the next price does."""
    if not _ANOTHER.search(gap):
        return True
    return _PROMISES.match(gap) is not None and not _NEXT_PRICE.match(text, behind.end, high + 1)


def _of_plan_before(text: str, sentence: Span) -> SpeedAt | None:
    """Return the only speed of the words before "That plan is ..."; none where they name several."""
    if not pattern("that_plan").match(text, sentence.start, sentence.end):
        return None
    start = max(text.rfind("\n", 0, sentence.start) + 1, sentence.start - _BACK)
    start = max(start, text.rfind("$", start, sentence.start) + 1)
    found = [speed for speed in speeds(text, start, sentence.start) if speed.down]
    if len({speed.down for speed in found}) != 1:
        return None
    first = found[0]
    both = symmetric_span(text, Span(start, sentence.start), first)
    return first if both is None else SpeedAt(both.start, both.end, first.down, first.down)


def _heading(text: str, amount: Amount) -> SpeedAt | None:
    """Return the speed in the lines above a price that stands at the start of its line, as on a plan card."""
    line = text.rfind("\n", 0, amount.start) + 1
    if line == 0 or text[line : amount.start].strip(" -–—•*"):
        return None
    start = max(0, line - _CARD)
    start = max(start, text.rfind("$", start, line) + 1)
    above = list(speeds(text, start, line))
    down = next((speed for speed in reversed(above) if speed.down), None)
    if down is None:
        return None
    up = next((speed.up for speed in reversed(above) if speed.down is None), down.up)
    return SpeedAt(down.start, down.end, down.down, up)


def symmetric_span(text: str, sentence: Span, speed: SpeedAt) -> Span | None:
    """Return the words that make a speed hold both ways, with it: "a symmetrical 500 megabits"."""
    start, end = max(sentence.start, speed.start - _NEAR), min(sentence.end, speed.end + _NEAR)
    for said in pattern("symmetric").finditer(text, start, end):
        if "$" not in text[min(said.start(), speed.end) : max(said.end(), speed.start)]:
            return Span(min(said.start(), speed.start), max(said.end(), speed.end))
    return None


def symmetric_behind(text: str, start: int) -> Span | None:
    """Return the words behind a price, on its line and before another, that make its speed hold both ways."""
    ends = [end for end in (text.find("\n", start), text.find("$", start)) if end >= 0]
    said = pattern("symmetric_behind").search(text, start, min([*ends, start + _BACK]))
    return Span(*said.span()) if said else None
