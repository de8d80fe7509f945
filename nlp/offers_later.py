"""What is said of several prices at once or after them: a shared term, a rise, "After that, $78 a month"."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.document import Span
from nlp.offers_amounts import Amount
from nlp.offers_connections import SpeedAt
from nlp.offers_patterns import pattern
from nlp.offers_price import Price
from nlp.offers_terms import TERM, shared_term, step_of, term_of, term_opening

_NEAR = 300
"""Characters back to the prices that a sentence goes on about."""


def give_later(
    text: str, sentence: Span, group: Sequence[Price], prices: list[Amount], fast: Sequence[SpeedAt]
) -> list[Amount]:
    """Give the prices of "After that, $78 a month" to the promotions of the sentence before, `group`.

    Return those given.
    """
    if not (prices and group and sentence.start - group[-1].end <= _NEAR):
        return []
    if not pattern("later").match(text, sentence.start, sentence.end):
        return []
    surely = not fast and pattern("later_surely").match(text, sentence.start, sentence.end) is not None
    matched = group[-len(prices) :] if len(prices) <= len(group) else group[-1:]
    if not all(_becomes(price, amount, surely) for price, amount in zip(matched, prices, strict=False)):
        return []
    for held, later in zip(matched, prices, strict=False):
        if held.promo_cents is None:
            held.make_promotional(
                term_of(text, held.end, sentence.start, held=True)
                or term_of(text, sentence.start, later.start, held=True)
                or term_opening(text, sentence)
            )
        held.put_regular(later.cents, later)
        held.end = later.unit_end
    return prices[: len(matched)]


def share_terms(
    text: str,
    sentence: Span,
    told: Sequence[Amount],
    prices: Sequence[int],
    group: Sequence[Price],
    past: Sequence[Price],
    *,
    lists: bool,
) -> None:
    """Give all prices of a list the term or the rise that is told behind the last.

    `past` are the prices of the last sentence that told some.
    """
    if not group:
        group = past if past and sentence.start - past[-1].end < _NEAR else []
        if not pattern("of_all").match(text, sentence.start, sentence.end):
            group = group[-1:]
        term = term_of(text, sentence.start, sentence.end, held=True)
    elif prices:
        last = told[prices[-1]]
        term = shared_term(text, sentence, last) if len(group) > 1 else None
        if lists and term is None:
            term = term_of(text, last.unit_end, min(sentence.end, last.unit_end + TERM))
    step = step_of(text, sentence, told)
    for price in group:
        whole = price.monthly_cents if price.promo_cents is None else price.promo_cents
        if price.monthly_cents is not None and price.promo_cents is not None:
            continue
        if step is not None and whole:
            price.make_promotional(term)
            price.put_regular(whole + step.cents, step)
        elif prices and term is not None and price.promo_months is None:
            price.make_promotional(term)
    if prices and past and pattern("same_terms").search(text, sentence.start, sentence.end):
        before = past[-1]
        for price in group:
            if before.promo_months is not None and price.promo_months is None:
                price.make_promotional((before.promo_months, before.proofs["promo_months"]))


def _becomes(price: Price, later: Amount, surely: bool) -> bool:
    """Tell whether an amount can be the regular price that a price lacks.

    `surely`: the words say so where the price itself was not said to hold at first.
    """
    told = price.monthly_cents if price.promo_cents is None else price.promo_cents
    whole = price.monthly_cents is not None and price.promo_cents is not None
    return told is not None and not whole and later.cents > told and (price.promo_cents is not None or surely)
