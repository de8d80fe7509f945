"""For how long a price holds and which follows it: "$40 for 12 months, then $70", "each going up $20"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount, months_of
from nlp.offers_patterns import ending, pattern

_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:about\s)?$", re.IGNORECASE)
TERM = 110
"""Characters behind an amount, or the last of a list, in which its term stands."""
WIDE = 90
"""Characters before an amount in which words say that it holds at first."""
_NEXT_PRICE = 130
"""Characters from a promotional price to the regular one."""
_BEHIND = 40
_SHARED = 110
"""Characters from the last price of a list to the term that all of it has."""

Term = tuple[int, Span]
"""Months and where the text says so."""


def term_of(text: str, start: int, end: int, *, held: bool = False) -> Term | None:
    """Return for how many months a promotional price holds, by the words between two positions.

    `held`: a term for which the price is guaranteed counts too.
    """
    match = pattern("promo").search(text, start, end)
    if match is not None:
        figure, first = match["figure"], match["first"] or match["one"]
        a_month = (figure or "").lower() in ("a", "an") and match["unit"].lower().startswith("mo")
        stands = not held and pattern("held").search(text, start, min(len(text), match.end() + 20))
        if (figure or first) and not a_month and (first or not stands):
            months = months_of(figure, match["unit"])
            if months:
                return months, Span(*match.span())
    match = pattern("promo_term").search(text, start, end)
    months = months_of(match["figure"], "months") if match else None
    return (months, Span(*match.span())) if match and months else None


def term_before(text: str, sentence: Span, amount: Amount) -> Term | None:
    """Return the term of "For the first year customers pay $40", which stands before its price."""
    start = max(sentence.start, amount.start - WIDE, text.rfind("$", sentence.start, amount.start))
    match = pattern("promo").search(text, start, amount.start)
    if match is None or not (match["first"] or match["one"]):
        match = (
            pattern("first_term").search(text, start, amount.start)
            or pattern("lead_term").search(text[start : amount.start])
            or pattern("opening_term").match(text[sentence.start : amount.start])
        )
        if match is not None and match.string is not text:
            # Its positions count from where the part begins.
            offset = amount.start - len(match.string)
            months = months_of(match["figure"], match["unit"])
            return (months, Span(match.start() + offset, match.end() + offset)) if months else None
    if match is None:
        return None
    months = months_of(match["figure"], match["unit"] or "year")
    return (months, Span(*match.span())) if months else None


def term_after(text: str, sentence: Span, regular: Amount) -> Term | None:
    """Return the term of "increases to $50 after one year", which stands behind the regular price."""
    match = pattern("after_term").match(text, regular.end, sentence.end)
    months = months_of(match["figure"], match["unit"]) if match else None
    return (months, Span(*match.span())) if match and months else None


def term_opening(text: str, sentence: Span) -> Term | None:
    """Return the term of a sentence that begins "After two years it is $65"."""
    match = pattern("after_term").match(text, sentence.start, sentence.end)
    months = months_of(match["figure"], match["unit"]) if match else None
    return (months, Span(*match.span())) if match and months else None


def shared_term(text: str, sentence: Span, last: Amount) -> Term | None:
    """Return the term of a list of prices, said behind its last: "$35, $55 and $75, each for 12 months"."""
    end = min(sentence.end, last.unit_end + _SHARED)
    another = text.find("$", last.unit_end, end)
    end = another if another >= 0 else end
    said = pattern("shared").search(text, last.unit_end, end)
    return term_of(text, said.start(), end) if said else None


def is_regular(text: str, sentence: Span, amount: Amount, other: Amount) -> bool:
    """Tell whether the next amount is the price that follows a promotional one."""
    if other.start - amount.unit_end > _NEXT_PRICE or other.cents <= amount.cents:
        return False
    if _FROM.search(text, amount.unit_end, other.start):
        return False
    behind = text[other.end : min(sentence.end, other.unit_end + _BEHIND)]
    if pattern("thereafter").match(behind):
        return True
    then = pattern("then").search(text, amount.unit_end, other.start)
    return then is not None and not _WITHOUT.search(behind)


def later_prices(text: str, sentence: Span, told: Sequence[Amount], number: int) -> list[int]:
    """Return the amounts that one price becomes in turn, by their numbers: "$30, then $50, ends at $70"."""
    chain: list[int] = []
    last = number
    while (
        last + 1 < len(told)
        and told[last + 1].cents
        and is_regular(text, sentence, told[last], told[last + 1])
        and not (chain and _is_of_another(text, told[last], told[last + 1]))
    ):
        last += 1
        chain.append(last)
    return chain


def _is_of_another(text: str, amount: Amount, other: Amount) -> bool:
    """Tell whether another plan is named between two amounts."""
    return pattern("plan_named").search(text, amount.unit_end, other.start) is not None


def step_of(text: str, sentence: Span, told: Sequence[Amount]) -> Amount | None:
    """Return by how much prices rise when their term ends: "then rise by $25", "going up $20 after that"."""
    for amount in told:
        start = max(sentence.start, amount.start - WIDE)
        if not amount.cents or not pattern("step").search(text[start : amount.start]):
            continue
        if pattern("step_then").search(text, start, min(sentence.end, amount.unit_end + 40)):
            return amount
    return None


def regular_before(text: str, sentence: Span, amount: Amount, other: Amount) -> bool:
    """Tell whether an amount is the regular price of the lower one behind it: "normally $80, is $60"."""
    return (
        bool(amount.cents)
        and amount.cents > other.cents > 0
        and other.start - amount.unit_end <= _NEXT_PRICE
        and ending("regular_before").search(text[max(sentence.start, amount.start - _BEHIND) : amount.start])
        is not None
    )
