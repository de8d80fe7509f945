"""Plan cards: the parts of a page that hold one plan each, found from where its prices and speeds stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from lxml.html import HtmlElement

from crawlers.readers.blockgrid import MAX_WRAPPERS, cells_of, read_blocks
from crawlers.readers.grid import Grid, read_grid
from crawlers.readers.linecards import cut_lines
from crawlers.readers.outline import HEADINGS, Outline, begins_plan, leads
from crawlers.readers.plancells import read_cells
from crawlers.readers.sheet import Span, TokenSheet
from crawlers.readers.tokens import MAX_TOKENS, Price, Speed, Term
from crawlers.readers.visible import MAX_DEPTH, words

MAX_CARDS = 500
"""A page with more plans is a catalogue; what comes after is not read, and an issue says so."""
MAX_WIDER = 600
"""Characters by which a card may grow, beside three times its own, to take in its name."""
MAX_ROWS_BELOW = 4
"""Rows below a row of plans that may go on with their columns."""
MAX_UP = 12
"""Elements between a speed and the card it would be part of."""
MAX_OFF = 4_000
"""Characters above the first card and below the last in which a part built as they are is looked for."""
_CARD_TAGS = frozenset({"div", "li", "tr", "td", "th", "article", "section", "a", "dl", "label", "option"})
_CONTAINERS = frozenset({"body", "html", "main", "table", "tbody", "ul", "ol"})


@dataclass(frozen=True)
class Card:
    """One plan's part of the page: ranges of the flat text, and the tokens in them."""

    spans: tuple[Span, ...]
    prices: tuple[Price, ...]
    speeds: tuple[Speed, ...]
    terms: tuple[Term, ...]
    name: Span | None = None
    """Range of the plan's name, where the structure tells it (a table's header or first cell)."""
    labels: tuple[tuple[Span, Span], ...] = ()
    """Ranges of a table's cells, each with the range of its row's or column's label."""
    option: str = ""
    """The words that tell this price from the plan's others: "2 years", "Business"."""
    notes: tuple[Span, ...] = ()
    """Ranges of the notes that its marks lead to, elsewhere on the page."""
    section: str = ""
    """What the row of one cell above it in its table says."""
    how: str = ""
    """The structure by which it was found: "element", "table row", "lines"."""


class Sheet(TokenSheet):
    """A page's flat text with its tokens, and the cards they make."""

    def __init__(self, root: HtmlElement) -> None:
        super().__init__(root)
        self.outline = Outline(root, self)
        self.cards: list[Card] = []
        self.unread: list[Span] = []
        """Ranges beside the cards that state a speed and an amount, none of which can be a plan's price."""
        self.bare: list[Span] = []
        """Ranges of parts that are built as the cards beside them are, state a speed, and no price at all."""
        self.cut = max(len(self.prices), len(self.speeds)) >= MAX_TOKENS
        """Whether there were more cards than MAX_CARDS, or more amounts than any page of plans shows."""
        if not self.cut:
            self._split(root, 0, None)
        self.ranges: list[Span] = sorted(span for card in self.cards for span in card.spans)
        """The cards' ranges, in order."""
        if self.cards and not self.cut:
            self.bare = list(self._unpriced())

    def _unpriced(self) -> Iterator[Span]:
        """Yield the parts of the page that stand among the cards and are built as they are (tag and class),
        where these state a speed and no amount that was read.
        """
        starts, top = [low for low, _ in self.ranges], max(high for _, high in self.ranges)
        known = {*self.unread}
        for speed in self.speeds:
            at = bisect_right(starts, speed.start) - 1
            if (at >= 0 and speed.start < self.ranges[at][1]) or not starts[0] - MAX_OFF < speed.start < (
                top + MAX_OFF
            ):
                continue
            if any(low <= speed.start < high for low, high in known):
                continue
            part = self._beside_cards(self.flat.element_of(speed.start, speed.end), starts)
            if part is not None and not self.has_price(part) and not self.has_quote(part):
                known.add(self.span(part))
                yield self.span(part)

    def _beside_cards(self, element: HtmlElement, starts: list[int]) -> HtmlElement | None:
        """Return the ancestor of an element that has a card for a sibling, if it is built as that is."""
        for _ in range(MAX_UP):
            parent = element.getparent()
            if parent is None:
                return None
            if self.count(starts, self.span(parent)):
                break
            element = parent
        else:
            return None
        if element.tag not in _CARD_TAGS:
            return None
        kind = (element.tag, element.get("class"))
        alike = [
            kid
            for kid in parent
            if (kid.tag, kid.get("class")) == kind and self.has_speed(kid) and self.has_price(kid)
        ]
        return element if alike else None

    def _split(self, element: HtmlElement, depth: int, lead: Span | None) -> None:
        """Part an element into the cards below it; an element that holds one plan is a card itself.

        `lead` is the heading that stands before the element and names the plan in it.
        """
        if self.cut or depth > MAX_DEPTH:
            return
        span = self.span(element)
        prices, speeds = self.count(self.price_at, span), self.count(self.speed_at, span)
        if not prices and not (speeds and self.has_quote(element)):
            return
        if element.tag == "table" and self._grid(read_grid(element), lead):
            return
        kids = [kid for kid in element if kid in self.flat.spans]
        bearing = [kid for kid in kids if self.has_price(kid) or self.has_speed(kid)]
        whole = [kid for kid in bearing if self.whole(kid)]
        several = self.plans_in(span) > 1
        if len(bearing) == 1 and self.covers(bearing[0], span) and (whole or several):
            self._split(bearing[0], depth + 1, lead)
            return
        alone = self._alone(whole, bearing)
        if alone is not None:
            for kid in bearing:
                if kid is alone:
                    self._split(kid, depth + 1, lead)
                else:
                    self._unread(kid)
            return
        if several and self._grid(read_blocks(element, self), lead):
            return
        if len(whole) >= 2 or (len(whole) == 1 and several):
            named = leads(kids, bearing, self)
            first = len(self.cards)
            for kid, following in zip_longest(bearing, bearing[1:]):
                if self._announces(kid, following):
                    continue
                if kid in whole or self.has_price(kid):
                    self._split(kid, depth + 1, named.get(kid))
                else:
                    self._unread(kid)
            if len(self.cards) - first == len(kids) == len(bearing):
                self._below(element, first)
            elif len(self.cards) - first == len(bearing) and kids[::2] == bearing:
                self._behind(kids[1::2], first)
            return
        if several and self._siblings(kids, bearing, speeds > 0, depth):
            return
        lines = cut_lines(self, span) if several else []
        for part in lines or [self._widen(element, span)]:
            self._add([lead, part] if lead else [part], how="lines" if lines else "element")

    def _behind(self, blocks: list[HtmlElement], first: int) -> None:
        """Add to the cards from `first` on the blocks of text that stand behind each of them."""
        if len(blocks) != len(self.cards) - first or len({block.tag for block in blocks}) != 1:
            return
        if any(block.tag in HEADINGS or any(True for _ in block.iter(*HEADINGS)) for block in blocks):
            return
        for at, block in enumerate(blocks, first):
            self._extend(at, self.span(block))

    def _extend(self, at: int, span: Span) -> None:
        card = self.cards[at]
        self.cards[at] = replace(
            card,
            spans=(*card.spans, span),
            prices=(*card.prices, *self.prices_of(span)),
            terms=(*card.terms, *self.terms_of(span)),
        )

    def _below(self, element: HtmlElement, first: int) -> None:
        """Add to the cards from `first` on, which are the columns of a row, the cells of the rows below that
        hold neither a price nor a speed: allowances, terms.
        """
        count = len(self.cards) - first
        for _ in range(MAX_WRAPPERS):
            parent = element.getparent()
            if parent is None or self.span(parent) != self.span(element):
                break
            element = parent
        for row in islice(element.itersiblings(), MAX_ROWS_BELOW):
            if not isinstance(row.tag, str) or count < 2:
                return
            cells = cells_of(row, self)
            if row.tag != element.tag or len(cells) != count:
                return
            if self.has_price(row) or self.has_speed(row):
                return
            for at, cell in enumerate(cells, first):
                self._extend(at, self.span(cell))

    def _unread(self, kid: HtmlElement) -> None:
        if words()["patterns"]["money"].search(self.text_of(kid)):
            self.unread.append(self.span(kid))

    def _alone(self, whole: list[HtmlElement], bearing: list[HtmlElement]) -> HtmlElement | None:
        """Return the only whole plan among elements that each state another speed, without a price."""
        others = [kid for kid in bearing if kid not in whole]
        if len(whole) != 1 or not others or any(map(self.has_price, others)):
            return None
        own = self._downs(whole[0])
        return whole[0] if own and all(not own & self._downs(kid) for kid in others) else None

    def _announces(self, kid: HtmlElement, following: HtmlElement | None) -> bool:
        """Say whether a heading states the speed and the prices of the plan that is told behind it."""
        if kid.tag not in HEADINGS or following is None or following.tag in HEADINGS:
            return False
        shown = {price.cents for price in self.prices_of(self.span(kid))}
        told = {price.cents for price in self.prices_of(self.span(following))}
        downs = self._downs(kid)
        return bool(shown and downs) and shown <= told and downs == self._downs(following)

    def _downs(self, element: HtmlElement) -> set[float]:
        return {speed.down for speed in self.speeds_of(self.span(element)) if speed.down}

    def _siblings(self, kids: list[HtmlElement], bearing: list[HtmlElement], fast: bool, depth: int) -> bool:
        """Part a flat run of siblings by its headings; where it holds no speed, by its elements."""
        if len(bearing) < 2:
            return False
        groups = self._groups(kids)
        for group in groups if len(groups) > 1 else ():
            whole_span = (self.span(group[0])[0], self.span(group[-1])[1])
            lists = [kid for kid in group if self.plans_in(self.span(kid)) > 1]
            if lists and self.plans_in(whole_span) > 1:
                # A heading above a list of plans names their kind, not a plan.
                for kid in lists:
                    self._split(kid, depth + 1, None)
            else:
                self._add([whole_span], how="siblings below a heading")
        if len(groups) > 1:
            return True
        if not fast:
            for kid in bearing:
                self._split(kid, depth + 1, None)
            return True
        return False

    def _widen(self, element: HtmlElement, span: Span) -> Span:
        """Return the range of the largest ancestor that holds no other plan, so that the card's name is in
        it.
        """
        node = element
        for _ in range(4):
            parent = node.getparent()
            if parent is None or parent.tag in _CONTAINERS:
                break
            wider = self.span(parent)
            if not self.same_tokens(wider, span) or wider[1] - wider[0] > 3 * (span[1] - span[0]) + MAX_WIDER:
                break
            node, span = parent, wider
        return span

    def _groups(self, kids: list[HtmlElement]) -> list[list[HtmlElement]]:
        """Part a flat run of siblings (heading, price, speed, heading, ...) into one group a plan.

        A run with fewer than two headings stays whole.
        """
        groups: list[list[HtmlElement]] = []
        heads = {kid for kid in kids if begins_plan(kid, self)}
        for kid in kids:
            if kid in heads if len(heads) > 1 else not groups:
                groups.append([kid])
            elif groups:
                groups[-1].append(kid)
        spans = [(self.span(group[0])[0], self.span(group[-1])[1]) for group in groups]
        priced = [self.count(self.price_at, span) for span in spans]
        if sum(map(bool, priced)) < 2:
            return []
        return [
            group
            for group, span, count in zip(groups, spans, priced, strict=True)
            if count or self.count(self.speed_at, span)
        ]

    def _add(self, spans: list[Span], name: Span | None = None, how: str = "") -> bool:
        if len(self.cards) >= MAX_CARDS:
            self.cut = True
            return False
        self.cards.append(
            Card(
                tuple(spans),
                tuple(price for span in spans for price in self.prices_of(span)),
                tuple(speed for span in spans for speed in self.speeds_of(span)),
                tuple(term for span in spans for term in self.terms_of(span)),
                name,
                how=how,
            )
        )
        return True

    def _grid(self, grid: Grid | None, lead: Span | None) -> bool:
        """Read a grid whose rows, or whose columns, are plans. False when it is laid out otherwise."""
        if grid is None:
            return False
        plans = grid.plans(self.text_of, self.has_price, self.has_speed, self.has_quote)
        for plan in plans:
            name = self.span(plan.name) if plan.name is not None else None
            if lead is not None and len(plans) == 1 and name is None:
                name = lead
            if not self._add([self.span(cell) for cell, _ in plan.cells], name, plan.how):
                break
            cells = read_cells(plan, self)
            self.cards[-1] = replace(
                self.cards[-1],
                prices=cells.prices,
                speeds=cells.speeds,
                terms=cells.terms,
                labels=cells.labels,
                option=cells.option,
                section=self.text_of(plan.section) if plan.section is not None else "",
            )
        return bool(plans)
