"""A made-up market of any size for measuring the index: documents whose words fall off as in a language.

Word frequencies follow Zipf's law (frequency ~ 1 / (rank + 2.7)). The first STOPS words stand in for the
function words of English: they are most of a text and nobody searches for them alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from index.port import Kind, SearchDocument

STOPS = 20
WORDS = 30_000
TOPICS = ("pricing", "expansion", "outage", "funding", "regulation", "product", "leadership")
START = datetime(2025, 1, 1, tzinfo=UTC)
_MINUTES = 950_000
# The kinds of ten documents, and the mean length of each kind as a share of an article's.
_ARTICLE: Kind = "article"
_TEN: Sequence[Kind] = (*[_ARTICLE] * 7, "offer", "offer", "expansion")
_LENGTH: Mapping[Kind, float] = {"article": 1.0, "offer": 0.1, "expansion": 0.2}


class Market:
    """Documents and the words in them. Equal seeds give equal markets."""

    def __init__(self, seed: int = 1) -> None:
        chance = random.Random(seed)
        made: dict[str, None] = {}
        while len(made) < WORDS:
            made.setdefault(_word(chance))
        self.words = list(made)
        """The most frequent first."""
        weights = [1 / (rank + 2.7) for rank in range(WORDS)]
        self.text = chance.choices(self.words, weights, k=2_000_000)
        """Running text that all documents are cut from."""
        self._seed = seed

    def documents(self, count: int, length: int) -> Iterator[SearchDocument]:
        """Yield documents; an article has `length` words on average, offers and build facts fewer."""
        chance = random.Random(self._seed + 1)
        for number in range(count):
            kind = _TEN[number % len(_TEN)]
            size = max(8, int(length * _LENGTH[kind] * (0.5 + chance.random())))
            start = chance.randrange(len(self.text) - size - 8)
            date = START + timedelta(minutes=chance.randrange(_MINUTES))
            # Some companies and counties are in the news far more often than others.
            companies = {f"company-{int(40 * chance.random() ** 2)}" for _ in range(chance.randrange(3))}
            county = int(46 * chance.random() ** 2) * 2 + 1
            yield SearchDocument(
                id=f"{kind}-{number:08}",
                kind=kind,
                capture_id=f"c{number:08}",
                source_id=f"source-{number % 40}",
                url=f"https://paper-{number % 40}.example/{number}",
                publisher=f"Paper {number % 40}",
                title=" ".join(self.text[start : start + 8]).capitalize(),
                body=" ".join(self.text[start + 8 : start + 8 + size]) + ".",
                date=date,
                day=date.date().isoformat(),
                companies=tuple(sorted(companies)),
                company_names=tuple(sorted(companies)),
                topics=tuple(chance.sample(TOPICS, chance.randrange(3))),
                states=("SC",) if number % 3 else ("NC",),
                counties=(f"45{county:03}",),
                price_cents=chance.randrange(2000, 20_000) if kind == "offer" else None,
            )


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(chance.randrange(1, 6))
    )
