"""A page's visible text with its prices, speeds and terms, and what an element's part of it holds."""

from __future__ import annotations

from bisect import bisect_left
from typing import TypeVar

from lxml.html import HtmlElement

from crawlers.readers.pricetokens import prices_in
from crawlers.readers.speedtokens import speeds_in
from crawlers.readers.tabletokens import table_tokens
from crawlers.readers.termtokens import terms_in
from crawlers.readers.tokens import Price, Speed, Term
from crawlers.readers.visible import Flat, flatten, words

PLAN_ROLES = frozenset({"main", "promo", "range", "regular", "autopay", "no autopay", "conditional"})
"""What an amount can be to be a plan's price."""
Span = tuple[int, int]
_Token = TypeVar("_Token", Price, Speed, Term)


class TokenSheet:
    """A page's flat text with its tokens; ranges are those of `flat.text`."""

    def __init__(self, root: HtmlElement) -> None:
        self.flat: Flat = flatten(root)
        self.paths: dict[HtmlElement, str] = {}
        """CSS paths of elements that were asked for."""
        self.prices = prices_in(self.flat)
        self.speeds = speeds_in(self.flat)
        self.terms = terms_in(self.flat)
        self._add_table_tokens(root)
        self.quotes = [m.start() for m in words()["patterns"]["quote_only"].finditer(self.flat.text)]
        self._all_price_at = [price.start for price in self.prices]
        self._term_at = [term.start for term in self.terms]
        self.price_at = [price.start for price in self.prices if price.role in PLAN_ROLES]
        self.speed_at = [speed.start for speed in self.speeds]

    def _add_table_tokens(self, root: HtmlElement) -> None:
        taken = {price.start for price in self.prices} | {speed.start for speed in self.speeds}
        for token in table_tokens(root, self.flat):
            if token.start in taken:
                continue
            if isinstance(token, Price):
                self.prices.append(token)
            else:
                self.speeds.append(token)
        self.prices.sort(key=lambda price: price.start)
        self.speeds.sort(key=lambda speed: speed.start)

    @staticmethod
    def count(positions: list[int], span: Span) -> int:
        """Return how many of the sorted `positions` lie in `span`."""
        return bisect_left(positions, span[1]) - bisect_left(positions, span[0])

    def span(self, element: HtmlElement) -> Span:
        """Return an element's range; (0, 0) for one that shows nothing."""
        return self.flat.spans.get(element, (0, 0))

    def has_price(self, element: HtmlElement) -> bool:
        """Say whether the element holds an amount that can be a plan's price."""
        return self.count(self.price_at, self.span(element)) > 0

    def has_speed(self, element: HtmlElement) -> bool:
        """Say whether the element holds a speed."""
        return self.count(self.speed_at, self.span(element)) > 0

    def has_quote(self, element: HtmlElement) -> bool:
        """Say whether the element asks to call for the price."""
        return self.count(self.quotes, self.span(element)) > 0

    def whole(self, element: HtmlElement) -> bool:
        """Say whether the element holds a speed and a price, or the wish to be called for one."""
        return self.has_speed(element) and (self.has_price(element) or self.has_quote(element))

    def prices_of(self, span: Span) -> list[Price]:
        """Return all amounts in a range."""
        return _inside(self.prices, self._all_price_at, span)

    def speeds_of(self, span: Span) -> list[Speed]:
        """Return the speeds in a range."""
        return _inside(self.speeds, self.speed_at, span)

    def terms_of(self, span: Span) -> list[Term]:
        """Return the terms in a range."""
        return _inside(self.terms, self._term_at, span)

    def text_of(self, element: HtmlElement) -> str:
        """Return an element's visible words."""
        return self.words_of(self.span(element))

    def words_of(self, span: Span) -> str:
        """Return the words of a range, blanks collapsed."""
        return " ".join(self.flat.text[span[0] : span[1]].split())

    def covers(self, kid: HtmlElement, span: Span) -> bool:
        """Say whether an element holds all plan prices and speeds of the range around it."""
        inner = self.span(kid)
        return all(self.count(at, inner) == self.count(at, span) for at in (self.price_at, self.speed_at))

    def same_tokens(self, wider: Span, span: Span) -> bool:
        """Say whether a wider range holds no amount, speed or call for a price more than `span`."""
        return all(
            self.count(at, wider) == self.count(at, span)
            for at in (self._all_price_at, self.speed_at, self.quotes)
        )

    def plans_in(self, span: Span) -> int:
        """Return how many plans the range could hold at most: distinct prices of one kind."""
        inside = self.prices_of(span)
        own = [price for price in inside if price.role in ("main", "promo", "range")]
        monthly = [price for price in own if price.monthly] or own
        speeds = {speed.down for speed in self.speeds_of(span) if speed.down}
        # A card may state one price with autopay and one without; two of a kind are two plans.
        kinds = ("autopay", "no autopay")
        most = max(len({price.cents for price in inside if price.role == kind}) for kind in kinds)
        return max(
            len({price.cents for price in monthly}),
            min(len({price.cents for price in own}), len(speeds)),
            most,
        )


def _inside(tokens: list[_Token], positions: list[int], span: Span) -> list[_Token]:
    """Return the tokens that begin in `span`; `positions` are their starts, in order."""
    return tokens[bisect_left(positions, span[0]) : bisect_left(positions, span[1])]
