"""Which of a sentence's speeds an amount buys: one of a list, behind it, before it, or of a card's lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount
from nlp.offers_connections import SpeedAt, listed_before, speeds, worded_gigabits
from nlp.offers_patterns import pattern
from nlp.offers_rules import is_change

_BARE = re.compile(
    r"\s+(?:a\smonth\s)?for\s(?:the\s)?(?:(?P<value>\d{2,5})(?:/(?P<up>\d{1,5}))?|(?P<worded>two|three|five|eight|ten))"
    r"(?=[.,;:)]|\s(?:or|and|plan|tier)\b|\s(?P<way>up\sand\sdown|both\sways|symmetrical)\b|$)"
)
_BARE_BEFORE = re.compile(
    r"(?<![\d/.$])(?P<down>\d{2,5})(?:/(?P<up>\d{1,5}))?\s(?:for|at|is|costs?|goes\sfor)\s$"
)
_NEXT_PRICE = re.compile(r"[^.;$]{0,30}\b(?:for|at|is|costs?)\s\$", re.IGNORECASE)
_BUYS = re.compile(r"[\s,]*(?:for|buys|gets|with|at)\b[^,;$]*$", re.IGNORECASE)
_PROMISES = re.compile(
    r"[\s,]*(?:and\s|which\s|that\s)?(?:will\s)?(?:offer|deliver|provid|includ|com(?:es|ing)\swith|doubl|rais|boost"
    r"|promis|giv|featur|runs?\sat|gets?\s|has\s|have\s)\w*\b[^,;$]*$",
    re.IGNORECASE,
)
_FOR_FIRST = re.compile(r"(?:^|[.,;:]\s|\b(?:and|or|but)\s)for\s(?:just\s|only\s|about\s)?$", re.IGNORECASE)
"""Before a price that what follows it has: "and for $65, 600 Mbps"."""
_PLAN = re.compile(r"[\s-](?:internet\s)?(?:plan|tier|package|service|option)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"[;,]|\band\b", re.IGNORECASE)
_LIST_STEP = re.compile(
    r"(?:/mo(?:nth)?\.?|\s(?:a|per)\smonth)?\s?(?:,|;)?\s?(?:and|or)?\s(?:a\s|the\s|just\s|at\s|for\s)?",
    re.IGNORECASE,
)
_SPEED_STEP = re.compile(r"[^.;:$]{0,24}(?:,|\band\b|\bor\b)[^.;:$]{0,24}")
_BEHIND, _BEFORE, _CARD = 60, 90, 160
"""Characters within which a speed stands behind an amount, before it, or in the lines above it."""
_LIST = 160
"""Characters between a list of speeds and the list of their prices."""
_NEAR = 28
_BACK = 220
"""Characters back to the plan of which a sentence speaks on."""


def respective(
    text: str, sentence: Span, told: Sequence[Amount], prices: Sequence[int], fast: Sequence[SpeedAt]
) -> dict[int, SpeedAt]:
    """Return the speeds of prices told as two lists, "300 Mbps, 1 Gig and 2 Gig at $50, $70 and $90"."""
    for run in _runs(text, told, prices):
        if len(run) < 2:
            continue
        first, last = told[run[0]], told[run[-1]]
        before = [
            s for s in fast if s.down and max(sentence.start, first.start - _LIST) <= s.start < first.start
        ]
        behind = [s for s in fast if s.down and last.unit_end <= s.start < last.unit_end + _LIST]
        for side in (before, behind):
            listed = _listed(text, sentence, side, len(run))
            if len(listed) == len(run) and "$" not in text[listed[0].start : listed[-1].end]:
                return dict(zip(run, listed, strict=True))
    return {}


def _runs(text: str, told: Sequence[Amount], prices: Sequence[int]) -> list[list[int]]:
    """Return the prices between which nothing but "a month", commas and "and" stands, together."""
    runs: list[list[int]] = []
    for number in prices:
        gap = text[told[number - 1].unit_end : told[number].start] if number else ""
        if runs and runs[-1][-1] == number - 1 and _LIST_STEP.fullmatch(gap):
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _listed(text: str, sentence: Span, side: Sequence[SpeedAt], count: int) -> list[SpeedAt]:
    """Return `count` speeds of a list, with those that share a unit told but once."""
    if not side:
        return []
    whole: list[SpeedAt] = []
    for speed in side:
        if whole and not _SPEED_STEP.fullmatch(text, whole[-1].end, speed.start):
            whole = []
        whole += [*listed_before(text, max(sentence.start, whole[-1].end if whole else 0), speed), speed]
    # Plans named by their speed and told it again: "the 300 plan (300 Mbps)".
    return whole if len(whole) == count else []


def speed_of(
    text: str,
    sentence: Span,
    told: Sequence[Amount],
    number: int,
    fast: Sequence[SpeedAt],
    used: set[int],
    *,
    alone: bool,
    below: bool,
) -> SpeedAt | None:
    """Return the speed of an amount and mark it in `used`, where no two amounts share one by chance.

    `alone`: the amount is the sentence's only price, its later prices aside; `below`: cards here have their
    speeds under their prices.
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
    if (
        bare is not None
        and (fast or bare["up"])
        and not (before and before.start <= bare.start() < before.end)
    ):
        up = float(bare["up"]) if bare["up"] else None
        return SpeedAt(bare.start("down"), bare.end("up" if up else "down"), float(bare["down"]), up)
    leads = _FOR_FIRST.search(text[max(sentence.start, amount.start - _NEAR) : amount.start])
    if behind is not None and (
        _BUYS.match(gap)
        or (leads and "$" not in gap and (before is None or ";" not in gap))
        or (before is None and _may_buy(text, gap, behind, high))
    ):
        chosen: SpeedAt | None = behind
    else:
        chosen = before
    if chosen is None and (said := _bare_behind(text, sentence, amount, fast)):
        return said
    if chosen is None and alone and len({speed.down for speed in fast}) == 1:
        chosen = fast[0]
    if chosen is None and not fast and number == 0:
        chosen = _of_plan_before(text, sentence)
    if chosen is None:
        return card_below(text, amount) if below else card_above(text, amount)
    used.add(chosen.start)
    return chosen


def _bare_behind(text: str, sentence: Span, amount: Amount, fast: Sequence[SpeedAt]) -> SpeedAt | None:
    """Return the figure of "$95 for 400" or "$75 for two", whose unit stands elsewhere."""
    said = _BARE.match(text, amount.end, sentence.end)
    if said is None or not (fast or said["up"] or said["way"]):
        return None
    if said["worded"]:
        down = worded_gigabits(said["worded"])
        of_gigs = any(speed.down and speed.down >= 1_000 for speed in fast)
        return SpeedAt(said.start("worded"), said.end("worded"), down, None) if of_gigs else None
    up = float(said["up"]) if said["up"] else None
    return SpeedAt(said.start("value"), said.end("up" if up else "value"), float(said["value"]), up)


def _may_buy(text: str, gap: str, behind: SpeedAt, high: int) -> bool:
    """Tell whether a speed behind a price is what it buys and not what the next price does."""
    if not _ANOTHER.search(gap) or (gap == ", " and _PLAN.match(text, behind.end)):
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


def is_card(text: str, amount: Amount) -> bool:
    """Tell whether a price begins its line, as on a plan card."""
    line = text.rfind("\n", 0, amount.start) + 1
    before = text[line : amount.start].strip(" -–—•*|#")
    return line > 0 and (not before or pattern("price_label").fullmatch(before) is not None)


def card_above(text: str, amount: Amount) -> SpeedAt | None:
    """Return the speed in the lines above a price that begins its line."""
    if not is_card(text, amount):
        return None
    line = text.rfind("\n", 0, amount.start) + 1
    start = max(0, line - _CARD)
    start = max(start, text.rfind("$", start, line) + 1)
    return _of_lines(list(speeds(text, start, line))[::-1])


def card_below(text: str, amount: Amount) -> SpeedAt | None:
    """Return the speed in the lines under a price that begins its line, before the next price."""
    if not is_card(text, amount):
        return None
    line = text.find("\n", amount.unit_end)
    if line < 0:
        return None
    another = text.find("$", amount.unit_end, line + _CARD)
    end = another if another >= 0 else min(len(text), line + _CARD)
    return _of_lines(list(speeds(text, line, end)))


def _of_lines(found: Sequence[SpeedAt]) -> SpeedAt | None:
    """Return the first speed down, with the first one up."""
    down = next((speed for speed in found if speed.down), None)
    if down is None:
        return None
    up = next((speed.up for speed in found if speed.down is None), down.up)
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


def uploads_told(text: str, start: int, end: int) -> Mapping[float, SpeedAt]:
    """Return the speeds between two positions that name both ways, by the one down."""
    return {speed.down: speed for speed in speeds(text, start, end) if speed.down and speed.up}
