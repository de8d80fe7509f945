"""What a plan is called, and whether it is an internet plan at all."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from crawlers.readers.draft import Draft

MAX_NAME = 90
MAX_LEAD = 60
"""Characters. A longer line is a sentence, and says nothing of what the card sells."""

Product = Literal["internet", "bundle", "other", "unknown"]


def plan_name(draft: Draft) -> str:
    """Return the plan's name: its table header, the value beside a label "Plan", a heading or element of such
    a class, else the first line; "" when no line can be one.
    """
    if draft.card.name is not None:
        low, high = draft.card.name
        named = " ".join(draft.flat.text[low:high].split())
        if named and len(named) <= MAX_NAME and not draft.patterns["slot_label"].match(named):
            draft.marks["plan_name"] = (low, high)
            return named
    lines = list(draft.lines())
    candidates = [line for line in lines if _may_name(draft, line[2])]
    for (_, _, label), line_below in pairwise(lines):
        if draft.patterns["name_label"].match(label) and line_below in candidates:
            candidates = [line_below]
            break
    tiers = (
        (each for each in candidates if draft.is_heading(each[0], each[1])),
        (each for each in candidates if _is_named(draft, each[0], each[1])),
        (each for each in candidates if not _is_action(draft, each[0], each[1])),
    )
    for tier in tiers:
        for start, end, line in tier:
            draft.marks["plan_name"] = (start, end)
            return line
    for start, _, line in lines:
        # "Basic - 5 Mbps down / 1 Mbps up - $39.99/month" begins with the name.
        head = re.split(r"\s[-–—|]\s|:\s", line)[0].rstrip()
        if head != line and _may_name(draft, head):
            draft.marks["plan_name"] = (start, start + len(head))
            return head
    return ""


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
        return "bundle" if internet and patterns["internet"].search(name) else "other"
    if draft.card.speeds:
        return "internet"
    if any(price.least for price in draft.card.prices):
        # "Internet starting at $35" above the plans advertises them and is none.
        return "other"
    if patterns["other_product"].search(name):
        return "other"
    return "internet" if internet else "unknown"


def _short(draft: Draft) -> list[str]:
    lines = [line for _, _, line in draft.lines() if len(line) <= MAX_LEAD]
    # A figure and its word may stand in elements of their own: "30+", "Channels".
    return [*lines, *(f"{one} {two}" for one, two in pairwise(lines))]
