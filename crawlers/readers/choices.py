"""Cards that state one price a choice: a contract's length, or home against business."""

from __future__ import annotations

from dataclasses import replace

from crawlers.readers.cards import Card, Sheet
from crawlers.readers.tokens import Price, Term
from crawlers.readers.visible import words
from market.units import parse_term


def choices(card: Card, sheet: Sheet) -> list[Card]:
    """Part a card that states one price a choice ("$49 with a 2-year contract, $59 month-to-month").

    A card whose prices do not each have a choice of their own in their line stays whole.
    """
    main = [price for price in card.prices if price.role == "main" and price.monthly]
    if len({price.cents for price in main}) < 2 or card.option:
        return [card]
    return _by_term(card, main, sheet) or _by_label(card, main, sheet) or [card]


def _by_term(card: Card, main: list[Price], sheet: Sheet) -> list[Card]:
    """Part by the contract term that stands behind each price."""
    terms = [term for term in card.terms if term.kind == "contract"]
    text = sheet.flat.text
    parts: list[Card] = []
    for number, price in enumerate(main):
        end = text.find("\n", price.end)
        following = main[number + 1].start if number + 1 < len(main) else len(text)
        last = min(following, end if end >= 0 else len(text))
        own = [term for term in terms if price.end <= term.start < last]
        if len({term.months for term in own}) != 1:
            return []
        parts.append(_part(card, main, price, " ".join(text[own[0].start : own[0].end].split()), own[0]))
    return parts if len({part.terms[-1].months for part in parts}) == len(parts) else []


def _by_label(card: Card, main: list[Price], sheet: Sheet) -> list[Card]:
    """Part by what stands before each price in its line: "Business: $60/mo", "1-year contract: $50/mo"."""
    text, parts = sheet.flat.text, []
    for price in main:
        low = max(text.rfind("\n", 0, price.start) + 1, price.start - 60)
        label = text[low : price.start].strip(" :-–—")
        if not words()["patterns"]["option_label"].match(label):
            return []
        months = parse_term(label)
        term = Term(low, price.start, months, "contract") if months is not None else None
        parts.append(_part(card, main, price, label, term))
    return parts if len({part.option.lower() for part in parts}) == len(parts) else []


def _part(card: Card, main: list[Price], price: Price, option: str, term: Term | None) -> Card:
    others = {id(each) for each in main if each is not price}
    kept = tuple(each for each in card.terms if each.kind != "contract")
    return replace(
        card,
        prices=tuple(each for each in card.prices if id(each) not in others),
        terms=(*kept, term) if term is not None else card.terms,
        option=option,
        how=f"{card.how}, one price a choice",
    )
