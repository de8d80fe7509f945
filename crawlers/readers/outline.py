"""The headings of a page: which of them stand above a card, and which begin a plan of their own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawlers.readers.sheet import Span, TokenSheet
from crawlers.readers.told import Said
from crawlers.readers.visible import MAX_DEPTH, words

_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "caption": 7, "legend": 7, "summary": 7}
_TARGETS = ("aria-controls", "href", "data-target", "data-bs-target", "data-tab", "data-tab-target")
"""Attributes by which a tab names its panel."""
_OPENERS: Any = XPath(
    f"//*[starts-with(@href, '#') or {' or '.join(f'@{name}' for name in _TARGETS if name != 'href')}]"
)
_TABBED: Any = XPath("//*[@role='tab' and not(@aria-controls) or @role='tabpanel' and not(@aria-labelledby)]")
_PANEL_KEYS = (
    "id",
    "data-panel",
    "data-tab-panel",
    "data-tabpanel",
    "data-tab-content",
    "data-pane",
    "data-tab",
)
"""Attributes by which a panel is named."""
_TAB_ROWS: Any = XPath("//*[contains(@class, 'tab')]")
"""Elements that may be a row of tabs."""
MAX_TAB_ROWS = 40
MAX_TABS = 8
"""Tabs of a row."""
MAX_PANELS = 20
"""Elements behind a row of tabs that are looked at."""
MAX_TAB = 30
"""Characters of a tab."""
_NAMES = ("id", "aria-label", "data-segment", "data-audience")
"""Attributes that call a part of the page something."""
_BOLD = frozenset({"b", "strong", "font", "big"})
_NAMED_LEVEL = 8
"""Of blocks whose class or role calls them headings."""
_BOLD_LEVEL = 9
_CALLED: Any = XPath("//*[@role='heading' or contains(@class,'title') or contains(@class,'head')]")
"""Elements whose class or role may call them headings."""
HEADINGS = frozenset({*_LEVELS, "dt", "th"}) - {"legend", "summary"}
"""Elements that begin the next plan in a flat run of siblings."""
MAX_HEADING = 90
"""Characters. A longer line is no heading."""


class Outline:
    """A page's headings in order, and the labels of its tabs."""

    def __init__(self, root: HtmlElement, sheet: TokenSheet) -> None:
        self._sheet = sheet
        self._heads: list[tuple[int, int, str, int]] = []
        """Where each heading begins, its level, its words, where it ends."""
        self._labels: dict[str, HtmlElement] = {}
        """Id of a panel -> the tab that opens it."""
        self._by_level: dict[int, list[tuple[int, str, int]]] | None = None
        """Headings outside of cards, by level."""
        for element in dict.fromkeys([*root.iter(*_LEVELS, *_BOLD), *_CALLED(root)]):
            level = _LEVELS.get(element.tag) or (_BOLD_LEVEL if element.tag in _BOLD else 0)
            if not level and (element.get("role") == "heading" or _titled(element.get("class") or "")):
                level = _NAMED_LEVEL
            if level:
                self._head(element, level)
        for element in _OPENERS(root):
            for name in _TARGETS:
                target = (element.get(name) or "").strip()
                if target and (name != "href" or (target[0] == "#" and len(target) > 1)):
                    self._labels.setdefault(target.lstrip("#"), element)
        tabbed = _TABBED(root)
        tabs = [each for each in tabbed if each.get("role") == "tab"]
        panels = [each for each in tabbed if each.get("role") == "tabpanel"]
        self._by_place = dict(zip(panels, tabs, strict=True)) if len(panels) == len(tabs) else {}
        """Panels that no tab names: as many as tabs that name none, in the same order."""
        if not self._by_place:
            self._by_place = dict(self._panels_in_order(root))
        self._heads.sort()

    def _panels_in_order(self, root: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement]]:
        """Yield panels that nothing names, each with its tab: a row of tabs stands above as many blocks."""
        for row in _TAB_ROWS(root)[:MAX_TAB_ROWS]:
            tabs = [kid for kid in row if kid in self._sheet.flat.spans]
            if not 2 <= len(tabs) <= MAX_TABS:
                continue
            if not all(0 < len(self._sheet.text_of(tab)) <= MAX_TAB for tab in tabs):
                continue
            panels = [
                each for each in islice(row.itersiblings(), MAX_PANELS) if each in self._sheet.flat.spans
            ]
            panels = list(filter(self._sheet.has_price, panels))
            if len(panels) == 1:
                panels = [kid for kid in panels[0] if kid in self._sheet.flat.spans]
            if len(panels) == len(tabs) and all(map(self._sheet.has_price, panels)):
                yield from zip(panels, tabs, strict=True)

    def _head(self, element: HtmlElement, level: int) -> None:
        low, high = self._sheet.span(element)
        text = self._sheet.words_of((low, high))
        if not text or len(text) > MAX_HEADING:
            return
        if level >= _NAMED_LEVEL and not _own_line(self._sheet.flat.text, low, high):
            return
        self._heads.append((low, level, text, high))

    def above(self, at: int, cards: list[Span]) -> list[Said]:
        """Return the headings that `at` stands under, nearest first: one a level, none of them in a card.

        `cards` are the ranges of the page's cards, in order; they are the same at every call.
        """
        if self._by_level is None:
            starts = [low for low, _ in cards]
            self._by_level = {}
            for low, level, text, high in self._heads:
                number = bisect_left(starts, low + 1) - 1
                if number < 0 or low >= cards[number][1]:
                    self._by_level.setdefault(level, []).append((low, text, high))
        found: list[Said] = []
        floor = -1
        for level in sorted(self._by_level):
            heads = self._by_level[level]
            number = bisect_left(heads, (at, "", 0)) - 1
            # A heading above a higher one belongs to the section before.
            if number >= 0 and heads[number][0] > floor:
                floor, text, high = heads[number]
                found.append(Said(text, "a heading above it", (floor, high)))
        return found[::-1]

    def tabs(self, element: HtmlElement) -> list[tuple[Said, bool]]:
        """Return what the tabs are called in whose panels an element lies, innermost first; where a panel has
        no tab, the words of its id or label. Each with whether it is a tab's.
        """
        found: list[tuple[Said, bool]] = []
        node: Any = element
        for _ in range(MAX_DEPTH):
            if node is None:
                break
            tab = next((each for each in self._tabs_of(node) if each is not node), None)
            labels = (node.get("aria-labelledby") or "").split()
            if tab is not None:
                found.append((self._tab(tab), True))
            elif labels:
                found.extend((self._tab(each), True) for each in _called(node, labels[0]))
            for name in _NAMES if tab is None else ():
                if node.get(name):
                    text = re.sub("[-_ ]+", " ", node.get(name)).strip()
                    found.append((Said(text, "what its part of the page is called", None, node, name), False))
            node = node.getparent()
        return [(said, told) for said, told in found if said.text]

    def _tab(self, element: HtmlElement) -> Said:
        return Said(self._sheet.text_of(element), "a tab above it", None, element)

    def _tabs_of(self, node: HtmlElement) -> Iterator[HtmlElement]:
        """Yield the elements that open a panel: by its id, by a key both bear, by its place."""
        for name in _PANEL_KEYS:
            key = (node.get(name) or "").strip()
            if key and key in self._labels:
                yield self._labels[key]
        for key in (node.get("class") or "").split():
            if key in self._labels and self._labels[key].get("data-tab") == key:
                yield self._labels[key]
        if node in self._by_place:
            yield self._by_place[node]
        before = node.getprevious()
        if before is not None and before.tag == "label" and before.get("for"):
            # A chooser without scripts: an input, its label, and what it shows.
            yield before


def _called(node: HtmlElement, ident: str) -> list[HtmlElement]:
    found: list[HtmlElement] = node.getroottree().getroot().xpath("//*[@id=$ident]", ident=ident)
    return found[:1]


def _titled(classes: str) -> bool:
    maybe = "title" in classes or "head" in classes
    return maybe and bool(words()["patterns"]["title_class"].search(classes))


def _own_line(text: str, low: int, high: int) -> bool:
    before = text[max(0, low - 3) : low].rstrip(" ")
    after = text[high : high + 3].lstrip(" ")
    return (not before or before[-1] == "\n") and (not after or after[0] in "\n:" or text[high - 1] == "\n")


def begins_plan(kid: HtmlElement, sheet: TokenSheet) -> bool:
    """Say whether an element is a heading that begins a plan among its siblings.

    The terms of a definition list may be the slots of one plan: "Download speed", "Price".
    """
    return kid.tag in HEADINGS and not words()["patterns"]["slot_label"].match(sheet.text_of(kid))


def leads(kids: list[HtmlElement], bearing: list[HtmlElement], sheet: TokenSheet) -> dict[HtmlElement, Span]:
    """Return, for elements of one plan each that hold no heading, the heading before each that names it.

    Nothing where one of them has none: a heading above the first of them only is that of the section.
    """
    found: dict[HtmlElement, Span] = {}
    last: HtmlElement | None = None
    marks = set(bearing)
    for kid in kids:
        if kid not in marks:
            if kid.tag in HEADINGS or _bold_line(kid, sheet):
                last = kid
            continue
        plain = not any(
            each.tag in HEADINGS - {"th"} and begins_plan(each, sheet) for each in kid.iterdescendants()
        )
        if last is None or not plain or sheet.plans_in(sheet.span(kid)) > 1:
            return {}
        found[kid] = sheet.span(last)
        last = None
    return found if len(found) > 1 else {}


def _bold_line(kid: HtmlElement, sheet: TokenSheet) -> bool:
    if kid.tag in _BOLD:
        return True
    inner = [each for each in kid if each in sheet.flat.spans]
    text = sheet.text_of(kid)
    return bool(
        0 < len(text) <= MAX_HEADING
        and len(inner) == 1
        and (inner[0].tag in _BOLD or inner[0].tag in HEADINGS)
        and sheet.text_of(inner[0]) == text
    )
