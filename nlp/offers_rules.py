"""Whether an amount of a sentence is a price that a company asks now, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount, SpeedAt, ending, following, months_of, pattern

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
_BY = re.compile(r"\bby\s(?:about\s)?$", re.IGNORECASE)
_FROM_MONTHLY = re.compile(r",?\s+(?:down\s|up\s)?from\s\$[\d,.]+\s?(?:/|a\s|per\s)mo", re.IGNORECASE)
_CHANGED_FROM = re.compile(r"\b(?:up|down)\s+from\s+$", re.IGNORECASE)
_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)
_MONTHLY = re.compile(r"\bmonthly\b", re.IGNORECASE)
_AFTER_THAT = re.compile(r"\b(?:after\sthat|then)\b", re.IGNORECASE)
_BEFORE, _BEHIND, _WIDE = 50, 40, 90
_NEXT_PRICE = 130
"""Characters from a promotional price to the regular one."""
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
    lead = text[sentence.start : first.start]
    return (
        _TO.fullmatch(text, first.unit_end, second.start) is not None
        and lead.lower().rstrip().endswith("from")
        and pattern("changes").search(lead[-60:]) is not None
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
    text: str, sentence: Span, amount: Amount, speed: SpeedAt | None, *, near: bool, next_door: bool
) -> bool:
    """Tell whether a price is a monthly one: by its own words, or by a neighbour's.

    `near`: a monthly price stands in the sentence or not far before; `next_door`: close before.
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
    if _LEAST_OF_PLAN <= amount.cents <= _MOST_OF_PLAN and (
        pattern("plan_costs").search(before) or pattern("plan_gives").match(text, amount.end)
    ):
        return True
    of_a_line = pattern("by_line").match(text, amount.end) is not None
    if of_a_line and (asked or near) and pattern("line_sold").search(text, sentence.start, sentence.end):
        return True
    if speed is not None and (asked or near):
        return True
    offered = pattern("priced").search(text, sentence.start, min(sentence.end, amount.end + _BEHIND))
    return asked and ((near and offered is not None) or next_door or bool(_AFTER_THAT.search(before)))


def term_of(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """Return for how many months a promotional price holds, by the words between two positions."""
    match = pattern("promo").search(text, start, end)
    if match is not None:
        figure, first = match["figure"], match["first"] or match["one"]
        a_month = (figure or "").lower() in ("a", "an") and match["unit"].lower().startswith("mo")
        stands = pattern("held").search(text, start, min(len(text), match.end() + 20))
        if (figure or first) and not a_month and (first or not stands):
            months = months_of(figure, match["unit"])
            if months:
                return months, Span(*match.span())
    match = pattern("promo_term").search(text, start, end)
    months = months_of(match["figure"], "months") if match else None
    return (months, Span(*match.span())) if match and months else None


def term_before(text: str, sentence: Span, amount: Amount) -> tuple[int, Span] | None:
    """Return the term of "For the first year customers pay $40", which stands before its price."""
    start = max(sentence.start, amount.start - _WIDE, text.rfind("$", sentence.start, amount.start))
    match = pattern("promo").search(text, start, amount.start)
    if match is None or not (match["first"] or match["one"]):
        return None
    months = months_of(match["figure"], match["unit"])
    return (months, Span(*match.span())) if months else None


def is_regular(text: str, sentence: Span, amount: Amount, other: Amount) -> bool:
    """Tell whether the next amount is the price that follows a promotional one."""
    if other.start - amount.unit_end > _NEXT_PRICE or other.cents <= amount.cents:
        return False
    behind = text[other.end : min(sentence.end, other.unit_end + 24)]
    if pattern("thereafter").match(behind):
        return True
    then = pattern("then").search(text, amount.unit_end, other.start)
    return then is not None and not _WITHOUT.search(behind)


def term_after(text: str, sentence: Span, regular: Amount) -> tuple[int, Span] | None:
    """Return the term of "increases to $50 after one year", which stands behind the regular price."""
    match = pattern("after_term").match(text, regular.end, sentence.end)
    months = months_of(match["figure"], match["unit"]) if match else None
    return (months, Span(*match.span())) if match and months else None
