"""Plan cards: the parts of a page that hold one plan each, found from where its prices and speeds stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TypeVar

from lxml.html import HtmlElement

from crawlers.readers.tokens import Price, Speed, Term, prices_in, speeds_in, terms_in
from crawlers.readers.visible import MAX_DEPTH, Flat, flatten, words

MAX_CARDS = 500
"""A page with more plans is a catalogue; what comes after is not read, and an issue says so."""
MAX_CELLS = 20_000
"""A table with more cells holds no plans."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "th"})


@dataclass(frozen=True)
class Card:
    """One plan's part of the page: ranges of the flat text, and the tokens in them."""

    spans: tuple[tuple[int, int], ...]
    prices: tuple[Price, ...]
    speeds: tuple[Speed, ...]
    terms: tuple[Term, ...]
    name: tuple[int, int] | None = None
    """Range of the plan's name, where the structure tells it (a table's header or first cell)."""


class Sheet:
    """A page's flat text with its tokens, and the cards they make."""

    def __init__(self, root: HtmlElement) -> None:
        self.flat: Flat = flatten(root)
        self.prices = prices_in(self.flat)
        self.speeds = speeds_in(self.flat)
        self.terms = terms_in(self.flat)
        self.quotes = [m.start() for m in words()["patterns"]["quote_only"].finditer(self.flat.text)]
        self._all_price_at = [price.start for price in self.prices]
        self._term_at = [term.start for term in self.terms]
        self._price_at = [price.start for price in self.prices if price.role in _PLAN_ROLES]
        self._speed_at = [speed.start for speed in self.speeds]
        self.cards: list[Card] = []
        self.cut = False
        """Whether there were more cards than MAX_CARDS."""
        self._split(root, 0)

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
                    self._add([(self._span(group[0])[0], self._span(group[-1])[1])])
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
        """Return how many plans the range could hold at most: distinct prices that are a plan's own."""
        own = [p for p in _inside(self.prices, self._all_price_at, span) if p.role == "main"]
        monthly = [p for p in own if p.monthly] or own
        speeds = {s.down for s in _inside(self.speeds, self._speed_at, span) if s.down}
        return max(len({p.cents for p in monthly}), min(len(monthly), len(speeds)))

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
        heads = [kid for kid in kids if kid.tag in _HEADINGS]
        priced = 0
        for kid in kids:
            starts = kid.tag in _HEADINGS if len(heads) > 1 else not groups
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
        rows = [
            [cell for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr")
            if next(row.iterancestors("table"), None) is table
        ]
        rows = [row for row in rows if row]
        if (
            len(rows) < 2
            or sum(map(len, rows)) > MAX_CELLS
            or any(True for _ in table.iterdescendants("table"))
        ):
            return False
        priced_rows = [row for row in rows if any(self._has_price(cell) for cell in row)]
        most = max((sum(self._has_price(cell) for cell in row) for row in rows), default=0)
        if len(priced_rows) <= 2 and most >= 2:
            return self._columns(rows)
        header = rows[0] if not any(self._has_price(cell) for cell in rows[0]) else []
        made = False
        for row in priced_rows:
            if any(self._has_speed(cell) for cell in row) or len(row) > 1:
                self._row_card(row, header)
                made = True
        return made

    def _row_card(self, row: list[HtmlElement], header: list[HtmlElement]) -> None:
        labels = [self._text(cell) for cell in header] if len(header) == len(row) else []
        names = [cell for cell in row if not self._has_price(cell) and self._text(cell)]
        self._labelled(
            [(cell, labels[at] if labels else "") for at, cell in enumerate(row)], names[0] if names else None
        )

    def _columns(self, rows: list[list[HtmlElement]]) -> bool:
        width = max(map(len, rows))
        body = [row for row in rows if len(row) == width]
        if width < 2 or len(body) < 2:
            return False
        labelled = not any(self._has_price(row[0]) for row in body)
        header = body[0] if not any(self._has_price(cell) for cell in body[0]) else None
        made = False
        for at in range(1 if labelled else 0, width):
            cells = [(row[at], self._text(row[0]) if labelled else "") for row in body]
            if not any(self._has_price(cell) or self._has_quote(cell) for cell, _ in cells):
                continue
            self._labelled(cells, header[at] if header is not None else None)
            made = True
        return made

    def _text(self, cell: HtmlElement) -> str:
        low, high = self._span(cell)
        return " ".join(self.flat.text[low:high].split())

    def _labelled(self, cells: list[tuple[HtmlElement, str]], name: HtmlElement | None) -> None:
        """Add a card of table cells; the row's or column's label tells what a price or a speed in it is."""
        self._add([self._span(cell) for cell, _ in cells], self._span(name) if name is not None else None)
        if self.cut:
            return
        card = self.cards[-1]
        prices, speeds = list(card.prices), list(card.speeds)
        for cell, label in cells:
            low, high = self._span(cell)
            if not label:
                continue
            prices = [_by_label(price, label) if low <= price.start < high else price for price in prices]
            speeds = [_directed(speed, label) if low <= speed.start < high else speed for speed in speeds]
        self.cards[-1] = replace(card, prices=tuple(prices), speeds=tuple(speeds))


_PLAN_ROLES = frozenset({"main", "autopay", "no autopay", "conditional"})
_PRICE_LABEL = re.compile(r"\b(?:price|cost|rate|monthly|per month|month|/mo)\b", re.IGNORECASE)


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
    return replace(price, monthly=price.monthly or bool(_PRICE_LABEL.search(label)))


def _directed(speed: Speed, label: str) -> Speed:
    patterns = words()["patterns"]
    if (
        speed.up is None
        and patterns["direction_up"].search(label)
        and not patterns["direction_down"].search(label)
    ):
        return replace(speed, down=None, up=speed.down)
    return speed
