"""What stands beside a page's plans: the lines above them, and parts that speak of others or of the past."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from lxml.html import HtmlElement

from crawlers.readers.cards import Card, Sheet
from crawlers.readers.outline import MAX_HEADING
from crawlers.readers.tokens import line_length
from crawlers.readers.told import Said
from crawlers.readers.visible import MAX_DEPTH, words

MAX_LEAD = 4_000
"""Characters above the first plan that are looked at."""
MIN_SENTENCE = 70
"""Characters of a line that is a sentence and states no plan of its own."""
_LINKS = frozenset({"a", "nav", "button", "option", "label"})
_BESIDE = frozenset({"aside", "blockquote"})


def lead_lines(sheet: Sheet) -> list[Said]:
    """Return the lines above the page's first plan that are neither links nor menus."""
    if not sheet.ranges:
        return []
    found, at = [], 0
    end = sheet.ranges[0][0]
    for line in sheet.flat.text[: min(end, MAX_LEAD)].split("\n"):
        last = at + len(line.rstrip())
        if line.strip() and not _is_link(sheet.flat.element_of(at, last)):
            found.append(Said(line.strip(), "a line above the plans", (at, last)))
        at += len(line) + 1
    return found


def _is_link(element: HtmlElement) -> bool:
    node: Any = element
    for _ in range(6):
        if node is None:
            return False
        if node.tag in _LINKS or node.get("role") in ("tab", "button", "navigation", "link"):
            return True
        node = node.getparent()
    # A menu's entry holds its link.
    return any(each.tag in _LINKS for each in element)


def is_aside(card: Card, sheet: Sheet, name: str) -> bool:
    """Say whether a card lies in a part of the page that tells of other providers, of questions or of news:
    by the element around it, the heading above it, its name, or the provider that its row names.
    """
    patterns = words()["patterns"]
    start = card.spans[0][0]
    element = sheet.flat.element_of(*card.spans[0])
    if _beside(element) or patterns["rival_name"].search(name):
        return True
    if any(patterns["provider_label"].match(sheet.words_of(label)) for _, label in card.labels):
        return True
    heads = sheet.outline.above(start, sheet.ranges)[:2]
    above = [*(head.text for head in heads), *_line_before(sheet, start)]
    if any(patterns["rivals"].search(text) for text in above):
        return True
    prose = all(line_length(sheet.flat.text, price.start) >= MIN_SENTENCE for price in card.prices)
    return prose and any(patterns["asides"].search(text) or text.endswith("?") for text in above)


def _line_before(sheet: Sheet, start: int) -> list[str]:
    """Return the line before a card that lies in no card, where it is short enough to be a heading."""
    at = bisect_left(sheet.ranges, (start, start)) - 1
    end = start
    while at >= 0 and not sheet.flat.text[sheet.ranges[at][1] : end].strip():
        end = sheet.ranges[at][0]
        at -= 1
    low = sheet.ranges[at][1] if at >= 0 else 0
    line = sheet.flat.text[max(low, end - 2 * MAX_HEADING) : end].rstrip().rsplit("\n", 1)[-1].strip()
    return [line] if 0 < len(line) <= MAX_HEADING else []


def _beside(element: HtmlElement) -> bool:
    pattern = words()["patterns"]["aside_class"]
    node: Any = element
    for _ in range(MAX_DEPTH):
        if node is None or node.tag in ("main", "body"):
            return False
        if node.tag in _BESIDE or pattern.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
        node = node.getparent()
    return False
