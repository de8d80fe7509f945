"""Synonyms and passed-over words of the query language, from synonyms.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.stems import stems, terms

Phrase = tuple[str, ...]

_FILE = Path(__file__).with_name("synonyms.toml")


class Synonyms:
    """Finds, among consecutive terms of a query, those that have synonyms."""

    def __init__(self, groups: Sequence[Sequence[str]], stop: Sequence[str]) -> None:
        self.stop = frozenset(stop)
        self._others: dict[Phrase, tuple[Phrase, ...]] = {}
        for group in groups:
            phrases = [tuple(terms(words)) for words in group]
            for phrase in phrases:
                key = tuple(stems(phrase))
                others = tuple(other for other in phrases if tuple(stems(other)) != key)
                self._others[key] = self._others.get(key, ()) + others
        self._longest = max((len(key) for key in self._others), default=0)

    @classmethod
    @cache
    def load(cls) -> Synonyms:
        """Return the shipped synonyms."""
        data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        return cls(data["groups"], data["stop"])

    def at(self, found: Sequence[str], start: int) -> tuple[int, tuple[Phrase, ...]]:
        """Return how many terms from `start` on are the longest known phrase, and what else it is called."""
        for length in range(min(self._longest, len(found) - start), 0, -1):
            others = self._others.get(tuple(stems(found[start : start + length])))
            if others:
                return length, others
        return 0, ()
