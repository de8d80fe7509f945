"""Regular rates that one sentence states for several plans: "then $34.95 Value, $47.95 Preferred"."""

from __future__ import annotations

import re
from itertools import pairwise

from crawlers.readers.cards import Sheet
from crawlers.readers.tokens import Price
from crawlers.readers.visible import words

MAX_SENTENCES = 20
"""Sentences of a page that are looked at."""
MIN_NAME = 3
"""Characters. A shorter name is found in too many sentences."""
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?;](?=\s+[A-Z])|(?=\n)|$)", re.MULTILINE)
_BEFORE = re.compile(r"(?:^|[,;:.(]|\band\b|\bfor\b|\bthe\b|\bor\b|[-–—•|])\s*$", re.IGNORECASE)
_LINK = re.compile(
    r"[\s:–—-]*(?:\b(?:is|are|at|for|costs?|(?:goes?|increases?|rises?) to|plan|package|will be)\b[\s:]*)*$",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"^\s*(?:(?:/|per|a)\s*mo(?:nth)?\b\.?)?[\s:(–—-]*(?:\b(?:for|with|on)\b\s*)?(?:\bthe\b\s*)?",
    re.IGNORECASE,
)
_GENERIC_END = re.compile(r"(?:\s+(?:internet|plan|package|service|broadband))+$")
"""Words that a sentence leaves out of plans' names: "$32.95 (Value)" for "Value Internet"."""
_AFTER = re.compile(r"\s*(?:[,;.)|]|$|\band\b|\bor\b|\bplan\b|\bpackage\b)", re.IGNORECASE)


class NamedRates:
    """The sentences of a page that state regular rates of several plans."""

    def __init__(self, sheet: Sheet) -> None:
        self._text = text = sheet.flat.text
        self._sentences: list[tuple[int, int, list[Price]]] = []
        pattern = words()["patterns"]["regular_rates"]
        done = 0
        for one, two in pairwise(sheet.prices):
            # Only a line of several amounts states rates of several plans.
            if one.start < done or "\n" in text[one.end : two.start]:
                continue
            low = text.rfind("\n", 0, one.start) + 1
            done = (text.find("\n", two.end) + 1 or len(text) + 1) - 1
            for match in _SENTENCE.finditer(text, low, done):
                if len(self._sentences) >= MAX_SENTENCES:
                    return
                inside = sheet.prices_of(match.span()) if pattern.search(match[0]) else []
                if len({price.cents for price in inside}) > 1:
                    self._sentences.append((*match.span(), inside))

    def of(self, name: str) -> Price | None:
        """Return the regular price that such a sentence states at once before or behind a plan's name."""
        wanted = name.lower().rstrip(" *†‡§¹²³®™")
        return self._of(wanted) or self._of(_GENERIC_END.sub("", wanted))

    def _of(self, wanted: str) -> Price | None:
        found: dict[int, Price] = {}
        if len(wanted) < MIN_NAME:
            return None
        for low, high, prices in self._sentences:
            for number, price in enumerate(prices):
                start = prices[number - 1].end if number else low
                end = prices[number + 1].start if number + 1 < len(prices) else high
                ahead = _LINK.sub("", self._text[start : price.start].lower())
                behind = _MONTH.sub("", self._text[price.end : end].lower())
                before = ahead.endswith(wanted) and _BEFORE.search(ahead[: len(ahead) - len(wanted)])
                after = behind.startswith(wanted) and _AFTER.match(behind[len(wanted) :])
                if before or after:
                    found.setdefault(price.cents, price)
        return next(iter(found.values())) if len(found) == 1 else None
