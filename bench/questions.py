"""What readers ask of the index: a fixed mix of searches over a made-up market (bench/corpus.py)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

from bench.corpus import START, STOPS, WORDS, Market
from index.parse import parse
from index.port import Filters, narrowed
from index.query import Node

_EVERYTHING = Filters()


class Asker:
    """Draws searches. Words are drawn evenly over the logarithm of their rank: common ones often."""

    def __init__(self, market: Market, seed: int = 7) -> None:
        self._market = market
        self._chance = random.Random(seed)

    def mix(self, count: int) -> Iterator[tuple[str, Node]]:
        """Yield `count` searches with the name of their form, in a fixed order of a fixed draw."""
        forms: list[tuple[str, int, Callable[[], Node]]] = [
            ("one word", 20, lambda: self._plain(1)),
            ("two words", 22, lambda: self._plain(2)),
            ("three words", 10, lambda: self._plain(3)),
            ("phrase", 10, lambda: parse(self._phrase())),
            ("words joined by OR", 5, lambda: parse(f"{self._word()} OR {self._word()}")),
            ("word without another", 4, lambda: parse(f"{self._word()} -{self._word()}")),
            ("words and a company", 10, lambda: self._plain(2, self._company())),
            ("word and a county", 7, lambda: self._plain(1, self._county())),
            ("word of the last weeks", 7, lambda: self._plain(1, self._recent())),
            ("wildcard", 2, lambda: parse(f"{self._word()[:5]}*")),
            ("filters alone", 3, lambda: narrowed(parse("*"), self._company())),
        ]
        names = [name for name, _, _ in forms]
        make = {name: form for name, _, form in forms}
        for name in self._chance.choices(names, [share for _, share, _ in forms], k=count):
            yield name, make[name]()

    def hard(self) -> Iterator[tuple[str, Node]]:
        """Yield what hardly anybody asks: the words that stand in nearly every document."""
        first, second = self._market.words[:2]
        yield "the commonest word of all", parse(first)
        yield "the two commonest joined by OR", parse(f"{first} OR {second}")
        yield "the two commonest as a phrase", parse(f'"{first} {second}"')
        yield "everything", parse("*")

    def _word(self) -> str:
        rank = STOPS * (WORDS / STOPS) ** self._chance.random()
        return self._market.words[min(WORDS - 1, int(rank))]

    def _plain(self, count: int, filters: Filters = _EVERYTHING) -> Node:
        return narrowed(parse(" ".join(self._word() for _ in range(count))), filters)

    def _phrase(self) -> str:
        """Return two or three words that stand together somewhere; function words only between others."""
        stops = set(self._market.words[:STOPS])
        text = self._market.text
        while True:
            start = self._chance.randrange(len(text) - 3)
            words = text[start : start + self._chance.randrange(2, 4)]
            if not {words[0], words[-1]} & stops:
                return '"' + " ".join(words) + '"'

    def _company(self) -> Filters:
        return Filters(companies=frozenset({f"company-{self._chance.randrange(40)}"}))

    def _county(self) -> Filters:
        return Filters(counties=frozenset({f"45{self._chance.randrange(46) * 2 + 1:03}"}))

    def _recent(self) -> Filters:
        return Filters(since=START + timedelta(days=659 - self._chance.randrange(7, 90)))
