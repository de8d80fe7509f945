"""Plan cards: the parts of a page that hold one plan each, found from where its prices and speeds stand."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TypeVar

from lxml.html import HtmlElement

from crawlers.readers.grid import PlanCells, read_grid
from crawlers.readers.tabletokens import table_tokens
from crawlers.readers.tokens import Price, Speed, Term, prices_in, speeds_in, terms_in
from crawlers.readers.visible import MAX_DEPTH, Flat, flatten, words
from market.units import parse_term

MAX_CARDS = 500
"""A page with more plans is a catalogue; what comes after is not read, and an issue says so."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "th"})
"""Elements that begin the next plan in a flat run of siblings."""


@dataclass(frozen=True)
class Card:
    """One plan's part of the page: ranges of the flat text, and the tokens in them."""

    spans: tuple[tuple[int, int], ...]
    prices: tuple[Price, ...]
    speeds: tuple[Speed, ...]
    terms: tuple[Term, ...]
    name: tuple[int, int] | None = None
    """Range of the plan's name, where the structure tells it (a table's header or first cell)."""
    labels: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    """Ranges of a table's cells, each with the range of its row's or column's label."""
    option: str = ""
    """The header that tells this price from the plan's others in its row: "2 years", "Business"."""


class Sheet:
    """A page's flat text with its tokens, and the cards they make."""

    def __init__(self, root: HtmlElement) -> None:
        self.flat: Flat = flatten(root)
        self.prices = prices_in(self.flat)
        self.speeds = speeds_in(self.flat)
        self.terms = terms_in(self.flat)
        self._add_table_tokens(root)
        self.quotes = [m.start() for m in words()["patterns"]["quote_only"].finditer(self.flat.text)]
        self._all_price_at = [price.start for price in self.prices]
        self._term_at = [term.start for term in self.terms]
        self._price_at = [price.start for price in self.prices if price.role in _PLAN_ROLES]
        self._speed_at = [speed.start for speed in self.speeds]
        self.cards: list[Card] = []
        self.cut = False
        """Whether there were more cards than MAX_CARDS."""
        self._split(root, 0)

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

    def _count(self, positions: list[int], span: tuple[int, int]) -> int:
        return bisect_left(positions, span[1]) - bisect_left(positions, span[0])

    def _span(self, element: HtmlElement) -> tuple[int, int]:
        return self.flat.spans.get(element, (0, 0))

    def _has_price(self, element: HtmlElement) -> bool:
        return self._count(self._price_at, self._span(element)) > 0

    def _has_speed(self, element: HtmlElement) -> bool:
        return self._count(self._speed_at, self._span(element)) > 0

    def _has_quote(self, element: HtmlElement) -> bool:
        return self._count(self.quotes, self._span(element)) > 0

    def _split(self, element: HtmlElement, depth: int) -> None:
        """Part an element into the cards below it; an element that holds one plan is a card itself."""
        if self.cut or depth > MAX_DEPTH:
            return
        span = self._span(element)
        prices, speeds = self._count(self._price_at, span), self._count(self._speed_at, span)
        if not prices and not (speeds and self._has_quote(element)):
            return
        if element.tag == "table" and self._table(element):
            return
        kids = [kid for kid in element if kid in self.flat.spans]
        bearing = [kid for kid in kids if self._has_price(kid) or self._has_speed(kid)]
        whole = [kid for kid in bearing if self._whole(kid)]
        several = self._plans_in(span) > 1
        if len(bearing) == 1 and self._covers(bearing[0], span) and (whole or several):
            self._split(bearing[0], depth + 1)
            return
        if len(whole) >= 2 or (len(whole) == 1 and several):
            for kid in bearing:
                if kid in whole or self._has_price(kid):
                    self._split(kid, depth + 1)
            return
        if several and len(bearing) > 1:
            groups = self._groups(kids)
            if len(groups) > 1:
                for group in groups:
                    whole_span = (self._span(group[0])[0], self._span(group[-1])[1])
                    lists = [kid for kid in group if self._plans_in(self._span(kid)) > 1]
                    if lists and self._plans_in(whole_span) > 1:
                        # A heading above a list of plans names their kind, not a plan.
                        for kid in lists:
                            self._split(kid, depth + 1)
                    else:
                        self._add([whole_span])
                return
            if not speeds:
                for kid in bearing:
                    self._split(kid, depth + 1)
                return
        self._add([self._widen(element, span)])

    def _whole(self, kid: HtmlElement) -> bool:
        return self._has_speed(kid) and (self._has_price(kid) or self._has_quote(kid))

    def _covers(self, kid: HtmlElement, span: tuple[int, int]) -> bool:
        inner = self._span(kid)
        return all(
            self._count(positions, inner) == self._count(positions, span)
            for positions in (self._price_at, self._speed_at)
        )

    def _plans_in(self, span: tuple[int, int]) -> int:
        """Return how many plans the range could hold at most: distinct prices of one kind."""
        inside = _inside(self.prices, self._all_price_at, span)
        own = [price for price in inside if price.role in ("main", "promo", "range")]
        monthly = [price for price in own if price.monthly] or own
        speeds = {speed.down for speed in _inside(self.speeds, self._speed_at, span) if speed.down}
        # A card may state one price with autopay and one without; two of a kind are two plans.
        kinds = ("autopay", "no autopay")
        most = max(len({price.cents for price in inside if price.role == kind}) for kind in kinds)
        return max(
            len({price.cents for price in monthly}),
            min(len({price.cents for price in own}), len(speeds)),
            most,
        )

    def _widen(self, element: HtmlElement, span: tuple[int, int]) -> tuple[int, int]:
        """Return the range of the largest ancestor that holds no other plan, so that the card's name is in
        it.
        """
        node = element
        for _ in range(4):
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html", "main", "table", "tbody", "ul", "ol"):
                break
            wider = self._span(parent)
            if not self._same_tokens(wider, span) or wider[1] - wider[0] > 3 * (span[1] - span[0]) + 600:
                break
            node, span = parent, wider
        return span

    def _same_tokens(self, wider: tuple[int, int], span: tuple[int, int]) -> bool:
        positions = [price.start for price in self.prices]
        return all(
            self._count(at, wider) == self._count(at, span) for at in (positions, self._speed_at, self.quotes)
        )

    def _groups(self, kids: list[HtmlElement]) -> list[list[HtmlElement]]:
        """Part a flat run of siblings (heading, price, speed, heading, ...) into one group a plan.

        A run with fewer than two headings stays whole.
        """
        groups: list[list[HtmlElement]] = []
        heads = [kid for kid in kids if self._begins(kid)]
        priced = 0
        for kid in kids:
            starts = kid in heads if len(heads) > 1 else not groups
            if starts:
                groups.append([kid])
            elif groups:
                groups[-1].append(kid)
        full = []
        for group in groups:
            span = (self._span(group[0])[0], self._span(group[-1])[1])
            if self._count(self._price_at, span):
                priced += 1
            if self._count(self._price_at, span) or self._count(self._speed_at, span):
                full.append(group)
        return full if priced > 1 else []

    def _begins(self, kid: HtmlElement) -> bool:
        # The terms of a definition list may be the slots of one plan: "Download speed", "Price".
        return kid.tag in _HEADINGS and not words()["patterns"]["slot_label"].match(self.text_of(kid))

    def _add(self, spans: list[tuple[int, int]], name: tuple[int, int] | None = None) -> None:
        if len(self.cards) >= MAX_CARDS:
            self.cut = True
            return
        parts = [
            (
                _inside(self.prices, self._all_price_at, span),
                _inside(self.speeds, self._speed_at, span),
                _inside(self.terms, self._term_at, span),
            )
            for span in spans
        ]
        self.cards.append(
            Card(
                tuple(spans),
                tuple(price for part in parts for price in part[0]),
                tuple(speed for part in parts for speed in part[1]),
                tuple(term for part in parts for term in part[2]),
                name,
            )
        )

    def _table(self, table: HtmlElement) -> bool:
        """Read a table whose rows, or whose columns, are plans. False when it is laid out otherwise."""
        grid = read_grid(table)
        if grid is None:
            return False
        plans = grid.plans(self.text_of, self._has_price, self._has_speed, self._has_quote)
        for plan in plans:
            self._labelled(plan)
        return bool(plans)

    def text_of(self, element: HtmlElement) -> str:
        """Return an element's visible words."""
        low, high = self._span(element)
        return " ".join(self.flat.text[low:high].split())

    def _labelled(self, plan: PlanCells) -> None:
        """Add a card of table cells; the row's or column's label tells what a price or a speed in it is."""
        spans = [self._span(cell) for cell, _ in plan.cells]
        labels = [(self._span(cell), self._span(label)) for cell, label in plan.cells if label is not None]
        self._add(spans, self._span(plan.name) if plan.name is not None else None)
        if self.cut:
            return
        card = self.cards[-1]
        prices, speeds, terms = list(card.prices), list(card.speeds), list(card.terms)
        for cell, label in plan.cells:
            low, high = self._span(cell)
            words_ = self.text_of(label) if label is not None else ""
            if label is None or not words_:
                continue
            prices = [_by_label(price, words_) if low <= price.start < high else price for price in prices]
            speeds = [_directed(speed, words_) if low <= speed.start < high else speed for speed in speeds]
            if self._has_price(cell):
                # "Price per month for 12 months" above a column of prices.
                terms.extend(_inside(self.terms, self._term_at, self._span(label)))
        option = self.text_of(plan.option) if plan.option is not None else ""
        months = parse_term(option) if plan.option is not None else None
        if plan.option is not None and months is not None:
            terms.append(Term(*self._span(plan.option), months, "contract"))
        self.cards[-1] = replace(
            card,
            option=option,
            prices=tuple(prices),
            speeds=tuple(speeds),
            terms=tuple(terms),
            labels=tuple(labels),
        )


_PLAN_ROLES = frozenset({"main", "promo", "range", "regular", "autopay", "no autopay", "conditional"})


_Token = TypeVar("_Token", Price, Speed, Term)


def _inside(tokens: list[_Token], positions: list[int], span: tuple[int, int]) -> list[_Token]:
    """Return the tokens that begin in `span`; `positions` are their starts, in order."""
    return tokens[bisect_left(positions, span[0]) : bisect_left(positions, span[1])]


def _by_label(price: Price, label: str) -> Price:
    patterns = words()["price_roles"]
    for entry in patterns:
        if (
            entry["role"] in ("fee", "termination", "regular")
            and "before" in entry
            and entry["before"].search(label + " ")
        ):
            if price.role == "main":
                return replace(price, role=entry["role"])
            return price
    role = (
        "promo" if price.role == "main" and words()["patterns"]["promo_label"].search(label) else price.role
    )
    return replace(
        price, role=role, monthly=price.monthly or bool(words()["patterns"]["price_label"].search(label))
    )


def _directed(speed: Speed, label: str) -> Speed:
    """Return the speed in the direction that a row's or column's label names; a pair keeps its own."""
    patterns = words()["patterns"]
    up, down = patterns["direction_up"].search(label), patterns["direction_down"].search(label)
    figure = speed.down if speed.down is not None else speed.up
    if bool(up) == bool(down) or (speed.down is not None and speed.up is not None):
        return speed
    return replace(speed, down=None, up=figure) if up else replace(speed, down=figure, up=None)
