"""One card on its way to an Offer: its words, its tokens, and the place that proves each slot so far."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.readers.cards import Card, Sheet
from crawlers.readers.visible import words


class UnclearError(Exception):
    """A card whose price or speed cannot be told; the message says why."""


class Draft:
    """A card with the range of words that prove each slot (`marks`); the slot readers fill it in."""

    def __init__(self, card: Card, sheet: Sheet) -> None:
        self.card, self.sheet = card, sheet
        self.flat = sheet.flat
        self.text = "\n".join(sheet.flat.text[low:high] for low, high in card.spans)
        self._lines: list[tuple[int, int, str]] | None = None
        self.marks: dict[str, tuple[int, int]] = {}
        self.rules: dict[str, str] = {}
        """How a slot was read, where its price's own rule does not tell."""
        self.patterns: dict[str, re.Pattern[str]] = words()["patterns"]

    def lines(self) -> list[tuple[int, int, str]]:
        """Return the card's lines without blanks and end marks, each with its range."""
        if self._lines is None:
            self._lines = list(self._cut())
        return self._lines

    def _cut(self) -> Iterator[tuple[int, int, str]]:
        for low, high in self.card.spans:
            at = low
            for line in self.flat.text[low:high].split("\n"):
                stripped = line.strip(" :*")
                if stripped:
                    start = at + line.index(stripped[0])
                    yield start, start + len(stripped), stripped
                at += len(line) + 1

    def mark_words(self, slot: str, phrase: str) -> None:
        """Let the first place of `phrase` in the card prove `slot`."""
        for low, high in self.card.spans:
            at = self.flat.text.find(phrase, low, high)
            if at >= 0:
                self.marks[slot] = (at, at + len(phrase))
                return

    def is_heading(self, start: int, end: int) -> bool:
        """Say whether text[start:end] stands in a heading."""
        node = self.flat.element_of(start, end)
        for _ in range(3):
            if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption"):
                return True
            parent = node.getparent()
            if parent is None:
                return False
            node = parent
        return False
