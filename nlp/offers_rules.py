"""Whether an amount of a sentence is a price that a company asks now, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount
from nlp.offers_connections import SpeedAt
from nlp.offers_patterns import ending, following, pattern

_STOP = re.compile(
    r"[,;:()—–•\n]|\s-\s|\band\s(?:that|its|the|residential|service)\b|\b(?:but|while|which)\b"
)
_RANGE = re.compile(
    r"\s?(?:(?:a|per)\smonth\s)?(?:-|–|—|to\b|and\b|or\b)\s?\$?\s?\d(?![\d,.]*\s?(?:[mg]b|gig|meg))",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"\s?(?:and|or)\s(?:up|more|higher)\b", re.IGNORECASE)
_TO = re.compile(r"\s+to\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+$|\brange[sd]?\s(?:in\sprice\s)?from\s+$", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|up|down)\s(?:about\s)?$", re.IGNORECASE)
_FROM_MONTHLY = re.compile(r",?\s+(?:down\s|up\s)?from\s\$[\d,.]+\s?(?:/|a\s|per\s)mo", re.IGNORECASE)
_CHANGED_FROM = re.compile(r"\b(?:up|down)\s+from\s+$", re.IGNORECASE)
_MONTHLY = re.compile(r"\bmonthly\b", re.IGNORECASE)
_FOR = re.compile(r"\s(?:for|buys|gets)\s", re.IGNORECASE)
_AFTER_THAT = re.compile(r"\b(?:after\sthat|then)\b", re.IGNORECASE)
_BEFORE, _BEHIND, _WIDE = 50, 40, 90
_LEAD = 160
"""Characters back to the verb of "goes from $60 to $65 a month and the other plan from $80 to $85"."""
_LONGEST_CLAUSE = 600
_LONGEST_HEAD = 80
_LEAST_OF_PLAN, _MOST_OF_PLAN = 800, 30_000
"""Cents; a plan whose price names no month costs this a month, or it is no price of a month."""
_MOST_BY_NAME = 25_000
"""Cents; a plan called by a higher price may be any other plan."""


def clause_before(text: str, sentence: Span, position: int) -> str:
    """Return the words from the last stop to a position; at a line's start, of the short line above too."""
    before = text[max(sentence.start, position - _LONGEST_CLAUSE) : position]
    stops = [match.end() for match in _STOP.finditer(before)]
    clause = before[stops[-1] if stops else 0 :]
    if stops and not clause.strip() and before[stops[-1] - 1] in ":(":
        # "Modem: $14", "a modem ($14)"
        return before[stops[-2] if len(stops) > 1 else 0 :]
    if clause.strip() or (stops and before[stops[-1] - 1] != "\n"):
        return clause
    head = text[max(0, sentence.start - _LONGEST_HEAD) : sentence.start].rstrip()
    return (
        head[head.rfind("\n") + 1 :] if "\n" in text[len(head) : sentence.start] or "\n" in head else clause
    )


def is_price(text: str, sentence: Span, told: Sequence[Amount], number: int, has_speed: bool) -> bool:
    """Tell whether nothing beside an amount makes it another thing than a price asked now."""
    amount = told[number]
    if not amount.cents:
        return False
    before = text[max(sentence.start, amount.start - _BEFORE) : amount.start]
    behind = text[amount.unit_end : min(sentence.end, amount.unit_end + _BEHIND)]
    if ending("before_not").search(before) or following("after_not").match(behind):
        return False
    if ending("added").search(before) and not is_named_by_price(text, amount):
        return False
    clause = clause_before(text, sentence, amount.start)
    if pattern("supposed").search(clause) and not pattern("reported").search(
        text, sentence.start, amount.start
    ):
        return False
    if not_here := pattern("clause_not").search(clause):
        another = pattern("beside").search(clause, not_here.end())
        if another is None or pattern("clause_not").search(clause, another.end()):
            return False
    if _is_former(text, sentence, before, amount, has_speed) or _AND_MORE.match(behind):
        return False
    if number and _TO.fullmatch(text, told[number - 1].unit_end, amount.start):
        first = told[number - 1]
        return is_change(text, sentence, first, amount) or _is_step(text, sentence, first)
    if number and _ends_range(text, told[number - 1], amount):
        return False
    ranged = _RANGE.match(text, amount.end)
    return not ranged or not (ranged.group().strip()[0] in "-–—t" or _BETWEEN.search(before))


def _ends_range(text: str, first: Amount, second: Amount) -> bool:
    between = text[first.unit_end : second.start].strip()
    before = text[max(0, first.start - _BEFORE) : first.start]
    return between in ("-", "–", "—") or (between == "and" and _BETWEEN.search(before) is not None)


def _is_former(text: str, sentence: Span, before: str, amount: Amount, has_speed: bool) -> bool:
    if ending("past").search(before):
        # "The price they were quoted was $75 for 300 megabits" tells of the present offer.
        return not has_speed
    if not ending("former").search(before):
        return False
    # "plans from $40" is an offer; "to $60 from $55" and "from $60 to $70" name what was.
    if not before.lower().rstrip().endswith("from"):
        return True
    lead = text[sentence.start : amount.start]
    return bool(_TO.match(text, amount.unit_end)) or "$" in lead or bool(_CHANGED_FROM.search(lead))


def is_change(text: str, sentence: Span, first: Amount, second: Amount) -> bool:
    """Tell whether two amounts are one price before and after: "moves from $60 to $70"."""
    lead = text[max(sentence.start, first.start - _LEAD) : first.start]
    return (
        _TO.fullmatch(text, first.unit_end, second.start) is not None
        and lead.lower().rstrip().endswith("from")
        and pattern("changes").search(lead) is not None
    )


def _is_step(text: str, sentence: Span, first: Amount) -> bool:
    """Tell whether an amount is by how much the next one changed: "by $10 to $115"."""
    return _BY.search(text, max(sentence.start, first.start - 12), first.start) is not None


def is_named_by_price(text: str, amount: Amount) -> bool:
    """Tell whether an amount names a plan, by its price a month: "a $30 unlimited plan"."""
    return amount.cents <= _MOST_BY_NAME and (
        pattern("its_plan").match(text, amount.end, amount.end + _BEHIND) is not None
    )


def is_asked(
    text: str,
    sentence: Span,
    amount: Amount,
    speed: SpeedAt | None,
    *,
    listed: bool,
    near: bool,
    next_door: bool,
) -> bool:
    """Tell whether a price is a monthly one: by its own words, or by a neighbour's.

    `listed`: another price of the sentence is one; `near`: one stands in the sentence or not far before;
    `next_door`: close before.
    """
    if amount.is_monthly or is_named_by_price(text, amount):
        return True
    before = text[max(sentence.start, amount.start - _WIDE) : amount.start]
    end = min(sentence.end, amount.end + 60)
    if pattern("month_before").search(before) or _MONTHLY.search(text, amount.end, end):
        return True
    if _FROM_MONTHLY.match(text, amount.end, sentence.end):
        return True
    asked = pattern("asks").search(before) is not None
    of_plan = _LEAST_OF_PLAN <= amount.cents <= _MOST_OF_PLAN
    if of_plan and (listed or _says_plan(text, sentence, amount, before)):
        return True
    of_a_line = pattern("by_line").match(text, amount.end)
    if of_a_line and (asked or near or of_plan):
        of_data = of_a_line.group().rstrip()[-1:] in "bBsa"
        if of_data or pattern("line_sold").search(text, sentence.start, sentence.end):
            return True
    if speed is not None:
        return asked or near or _FOR.match(text, amount.end) is not None
    if amount.cents > _MOST_OF_PLAN:
        return False
    offered = pattern("priced").search(text, sentence.start, min(sentence.end, amount.end + _BEHIND))
    return asked and ((near and offered is not None) or next_door or bool(_AFTER_THAT.search(before)))


def _says_plan(text: str, sentence: Span, amount: Amount, before: str) -> bool:
    """Tell whether the words beside an amount make it a plan's price: "the 2GB plan costs"."""
    if pattern("plan_costs").search(before) or pattern("plan_gives").match(text, amount.end):
        return True
    return pattern("autopay").search(text, amount.end, min(sentence.end, amount.end + _BEHIND)) is not None


def is_line(text: str, sentence: Span, amount: Amount) -> bool:
    """Tell whether an amount buys a phone's line, by the words behind it."""
    behind = text[amount.start : min(sentence.end, amount.unit_end + _BEHIND)]
    return pattern("of_line").search(behind) is not None


def is_list_line(text: str, sentence: Span, amount: Amount, speed: SpeedAt) -> bool:
    """Tell whether a line is one of a list of plans, "- 100 Mbps: $39", with another such line beside it."""
    if amount.cents > _MOST_OF_PLAN or not 0 <= amount.start - speed.end <= _BEHIND:
        return False
    if not pattern("list_gap").fullmatch(text, speed.end, amount.start):
        return False
    above = text[max(0, sentence.start - _BEFORE * 3) : sentence.start].rstrip()
    below = text[sentence.end : sentence.end + _BEFORE * 3].strip()
    lines = (above.rpartition("\n")[2], below.partition("\n")[0])
    if any("$" in line and pattern("list_speed").search(line) for line in lines):
        return True
    # "Plans: 150/150 Mbps $30; 500/500 Mbps $40"
    rest = text[sentence.start : speed.start] + ";" + text[amount.end : sentence.end]
    return pattern("list_item").search(rest) is not None
