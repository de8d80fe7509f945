"""What a plan is called, and whether it is an internet plan at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from crawlers.readers.draft import Draft
from market.units import SPEED_UNIT

MAX_NAME = 90
MAX_BEHIND = 4
"""Characters between a heading that states the speed and one that names its plan."""
MAX_IN_CELL = 6
"""Elements between a price and the table's cell that holds it."""
MAX_WORDS = 4
"""Words before a line's first value that can be a name; more begin a sentence."""
MAX_LEAD = 60
"""Characters. A longer line is a sentence, and says nothing of what the card sells."""

Product = Literal["internet", "floor", "bundle", "other", "unknown"]
"""What a card sells; "floor" is the least price of the page's plans, without a speed."""


Line = tuple[int, int, str]
"""A line of a card: its range without blanks and end marks, and its words."""


def plan_name(draft: Draft) -> str:
    """Return the plan's name: its table header, the value beside a label "Plan", a heading or element of such
    a class, else the first line; "" when no line can be one.
    """
    if draft.card.name is not None:
        low, high = _line_of_name(draft, draft.card.name)
        named = " ".join(draft.flat.text[low:high].split()).rstrip(" *†‡§¹²³")
        if named and len(named) <= MAX_NAME and not draft.patterns["slot_label"].match(named):
            draft.marks["plan_name"] = (low, high)
            draft.rules["plan_name"] = f"the header of its {draft.card.how}"
            return named
    lines = list(draft.lines())
    candidates = [line for line in lines if _may_name(draft, line[2]) and not _is_directed(line[2])]
    for (_, _, label), line_below in pairwise(lines):
        if draft.patterns["name_label"].match(label) and line_below in candidates:
            candidates = [line_below]
            break
    links = [each for each in candidates if _is_link(draft, each[0], each[1])]
    ranks = {each: _rank(draft, each[2]) for each in candidates}
    plain = [each for each in candidates if ranks[each] != _SLOGAN]
    heads = [each for each in candidates if draft.is_heading(each[0], each[1])]
    fast = [each for each in heads if ranks[each] == _SPEED_ONLY]
    # Behind a speed that is a heading, a heading names the plan at once; later ones head what it includes.
    behind = fast[0][1] + MAX_BEHIND if fast else 0
    beside = _cell_before_price(draft)
    tiers: tuple[tuple[str, Iterable[Line]], ...] = (
        (
            "the cell before its price",
            (each for each in plain if beside and beside[0] <= each[0] < beside[1]),
        ),
        ("a heading of the card", (e for e in heads if ranks[e] == _PLAIN and (not fast or e[0] < behind))),
        (
            "a link beside the heading that states the speed",
            [*(each for each in links if each not in fast), *_leading_links(draft, lines)] if fast else (),
        ),
        ("a heading of the card", fast),
        ("a heading of the card, before its price", _priced_headings(draft, lines)),
        ("a class that names", (each for each in plain if _is_named(draft, each[0], each[1]))),
        (
            "first fit line",
            (
                each
                for each in plain
                if not _is_action(draft, each[0], each[1]) and not _is_feature(draft, each[0], each[1])
            ),
        ),
        ("a heading of the card", heads),
    )
    for rule, tier in tiers:
        for start, end, line in tier:
            draft.marks["plan_name"], draft.rules["plan_name"] = (start, end), rule
            return line
    # "Fen 25 - $44.99/mo" in a heading, before any other line that begins with a name.
    for start, _, line in sorted(lines, key=lambda each: not draft.is_heading(each[0], each[1])):
        # "Basic - 5 Mbps down / 1 Mbps up - $39.99/month" begins with the name.
        head = _BRACKETED_SPEED.sub("", re.split(r"\s[-–—|]\s|:\s", line)[0].rstrip())
        if head != line and _may_name(draft, head):
            draft.marks["plan_name"] = (start, start + len(head))
            draft.rules["plan_name"] = "what a line of the card begins with"
            return head
    return _before_values(draft, lines) or _bold(draft, lines)


def _bold(draft: Draft, lines: list[Line]) -> str:
    """Return the words in bold that stand in a sentence at once before the plan's speed or price."""
    starts = [*(price.start for price in draft.card.prices), *(speed.start for speed in draft.card.speeds)]
    for start in sorted(starts):
        line = next((each for each in lines if each[0] <= start < each[1]), None)
        if line is None:
            continue
        end = line[0] + len(draft.flat.text[line[0] : start].rstrip(" (:,–—-"))
        element = draft.flat.element_of(max(line[0], end - 1), end)
        low, high = draft.flat.spans.get(element, (0, 0))
        named = draft.flat.text[low:high].strip()
        if element.tag in ("b", "strong") and line[0] <= low and high <= end + 1 and _may_name(draft, named):
            draft.marks["plan_name"] = (low, low + len(named))
            draft.rules["plan_name"] = "words in bold before a value"
            return named
    return ""


_BRACKETED_SPEED = re.compile(rf"\s*[(\[][^()\[\]]*\d\s*{SPEED_UNIT}[^()\[\]]*[)\]]$", re.IGNORECASE)
_PLAIN, _SLOGAN, _SPEED_ONLY = 0, 1, 2
_SPEED_LINE = re.compile(
    rf"(?P<way>(?:max(?:imum)? )?(?:download|upload)s? (?:speeds? )?(?:of )?)?(?:up to )?"
    rf"\d[\d.,]*\s*(?:[/x]\s*\d[\d.,]*\s*)?{SPEED_UNIT}(?:\s*/\s*\d[\d.,]*\s*{SPEED_UNIT})?"
    r"(?:\s+(?:down(?:load)?|up(?:load)?|speeds?))?",
    re.IGNORECASE,
)


def _rank(draft: Draft, line: str) -> int:
    """Return how likely a line is to name a plan: a slogan less than other words, a mere speed least."""
    if _SPEED_LINE.fullmatch(line):
        return _SPEED_ONLY
    return _SLOGAN if len(line.split()) > MAX_WORDS and draft.patterns["slogan"].search(line) else _PLAIN


def _is_directed(line: str) -> bool:
    """Say whether a line states a speed of one way alone: "Download up to 500 Mbps"."""
    found = _SPEED_LINE.fullmatch(line)
    return found is not None and bool(found["way"])


def _cell_before_price(draft: Draft) -> tuple[int, int] | None:
    """Return the range of the table's cell that stands at once before that of the card's first own price."""
    price = next((each for each in draft.card.prices if each.role in ("main", "promo")), None)
    if price is None or draft.card.labels:
        return None
    node = draft.flat.element_of(price.start, price.end)
    for _ in range(MAX_IN_CELL):
        if node is None or node.tag in ("td", "th"):
            break
        node = node.getparent()
    if node is None or node.tag not in ("td", "th"):
        return None
    before = node.getprevious()
    span = draft.flat.spans.get(before) if before is not None and before.tag in ("td", "th") else None
    if span is None or draft.patterns["row_label"].search(draft.flat.text, *span):
        return None
    return span


def _is_link(draft: Draft, start: int, end: int) -> bool:
    node = draft.flat.element_of(start, end)
    return node.tag == "a" or (node.getparent() is not None and node.getparent().tag == "a")


def _leading_links(draft: Draft, lines: list[Line]) -> Iterator[Line]:
    """Yield the names in links that a line begins with: "<a>Basic</a><span>$35</span>"."""
    for start, end, _ in lines:
        element = draft.flat.element_of(start, start + 1)
        low, high = draft.flat.spans.get(element, (0, 0))
        named = draft.flat.text[start:high].strip()
        if element.tag == "a" and low <= start and high < end and _may_name(draft, named):
            yield start, start + len(named), named


def _before_values(draft: Draft, lines: list[Line]) -> str:
    """Return what stands before the first value of the card's first line with any: "Basic 3 Mbps $35"."""
    prices, speeds = draft.card.prices, draft.card.speeds
    starts = sorted([*(price.start for price in prices), *(speed.start for speed in speeds)])
    for start, end, _ in lines:
        inside = [at for at in starts if start <= at < end]
        if not inside:
            continue
        head = re.sub(
            r"(?:\bup to|[\s:,(\[–—-])+$", "", draft.flat.text[start : inside[0]], flags=re.IGNORECASE
        )
        if len(head.split()) > MAX_WORDS or not _may_name(draft, head):
            return ""
        draft.marks["plan_name"] = (start, start + len(head))
        draft.rules["plan_name"] = "what stands before a line's first value"
        return head
    return ""


def _line_of_name(draft: Draft, span: tuple[int, int]) -> tuple[int, int]:
    """Return the line of a cell that names the plan: its first, where the others hold a speed or a price."""
    low, high = span
    first = draft.flat.text[low:high].split("\n")[0]
    rest = (low + len(first), high)
    starts = [*(price.start for price in draft.sheet.prices), *(speed.start for speed in draft.card.speeds)]
    values = any(rest[0] <= start < rest[1] for start in starts)
    return (low, rest[0]) if values and _may_name(draft, first.strip()) else span


def _priced_headings(draft: Draft, lines: list[Line]) -> Iterator[Line]:
    """Yield the names in headings that state the price behind them: "Fen 25 - $44.99/mo"."""
    for start, end, _ in lines:
        priced = [price for price in draft.card.prices if start <= price.start < end]
        if not priced or not draft.is_heading(start, end):
            continue
        head = draft.flat.text[start : priced[0].start].rstrip(" \n-–—|:(@")
        if _may_name(draft, head):
            yield start, start + len(head), head


def _may_name(draft: Draft, line: str) -> bool:
    return (
        2 <= len(line) <= MAX_NAME
        and not re.search(r"[$€£]|\b\d+\.\d\d\b", line)
        and bool(re.search(r"[A-Za-z]", line))
        and not draft.patterns["not_name"].match(line)
        and not draft.patterns["slot_label"].match(line)
    )


def _is_named(draft: Draft, start: int, end: int) -> bool:
    cls = draft.flat.element_of(start, end).get("class") or ""
    return bool(draft.patterns["name_class"].search(cls)) and not draft.patterns["price_class"].search(cls)


def _is_action(draft: Draft, start: int, end: int) -> bool:
    node = draft.flat.element_of(start, end)
    return node.tag in ("a", "button", "option", "label") or node.get("role") == "button"


def _is_feature(draft: Draft, start: int, end: int) -> bool:
    """Say whether a line is an entry of a list that stands behind the plan's price and speed both."""
    values = (draft.card.prices, draft.card.speeds)
    if not all(values) or any(start < max(token.start for token in tokens[:1]) for tokens in values):
        return False
    low, high = draft.card.spans[0]
    node = draft.flat.element_of(start, end)
    while node is not None and node.tag != "li":
        node = node.getparent()
    return (
        node is not None
        and low <= draft.flat.spans.get(node, (-1, 0))[0]
        and (draft.flat.spans[node][1] - draft.flat.spans[node][0] < high - low)
    )


def product(draft: Draft, name: str) -> Product:
    """Return what a card sells: internet, internet with TV or phone in one price, another product, or
    nothing that can be told.
    """
    patterns = draft.patterns
    lead = [line for _, _, line in draft.lines() if len(line) <= MAX_LEAD][:4]
    internet = (
        bool(draft.card.speeds)
        or bool(patterns["internet"].search(name))
        or any(patterns["internet"].search(line) for line in lead if not patterns["fee_line"].search(line))
    )
    if patterns["bundle"].search(name) or any(patterns["channels"].search(line) for line in _short(draft)):
        return "bundle" if internet else "other"
    if patterns["tv_or_phone"].search(name):
        told = patterns["internet"].search(name) or (draft.card.speeds and patterns["joined"].search(name))
        return "bundle" if internet and told else "other"
    strong = patterns["strong_internet"].search(name)
    if patterns["hardware"].search(name) and not strong:
        return "other"
    if draft.card.speeds:
        return "internet"
    if not draft.card.prices and any(
        patterns["direction_down"].search(draft.flat.text, *label) for _, label in draft.card.labels
    ):
        # A row without a price or a speed, in a table of download speeds.
        return "internet"
    if patterns["other_product"].search(name) or (patterns["device"].search(name) and not strong):
        return "other"
    if any(price.least for price in draft.card.prices):
        # "Internet starting at $35" above the plans advertises them and is none.
        return "floor" if strong or internet else "other"
    return "internet" if internet else "unknown"


def _short(draft: Draft) -> list[str]:
    lines = [line for _, _, line in draft.lines() if len(line) <= MAX_LEAD]
    # A figure and its word may stand in elements of their own: "30+", "Channels".
    return [*lines, *(f"{one} {two}" for one, two in pairwise(lines))]
