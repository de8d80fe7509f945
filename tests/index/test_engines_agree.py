"""Both engines find the same documents for trees drawn at random over a small world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from index.elastic import ElasticEngine
from index.embedded import TantivyEngine
from index.port import SearchDocument, SearchEngine
from index.query import And, Between, Everything, Fuzzy, Node, Not, OneOf, Or, Phrase, Term, Wildcard

STEMS = ("fiber", "cable", "build", "rate", "gig", "mile", "pole", "ring")
WORDS = (*STEMS, "fibers", "cabled", "builds", "building", "rates", "giga", "miles", "poles")
TOPICS = ("pricing", "expansion", "outage")
START = datetime(2026, 1, 1, tzinfo=UTC)


def _documents(random: Random, count: int) -> list[SearchDocument]:
    made = []
    for number in range(count):
        date = START + timedelta(hours=random.randrange(5000))
        made.append(
            SearchDocument(
                id=f"d{number}",
                kind=random.choice(("article", "offer")),
                capture_id="c",
                title=" ".join(random.choices(WORDS, k=random.randrange(4))),
                body=" ".join(random.choices(WORDS, k=random.randrange(12))),
                date=date,
                day=date.date().isoformat(),
                topics=tuple(random.sample(TOPICS, random.randrange(3))),
                price_cents=random.choice((None, 100 * random.randrange(20, 90))),
            )
        )
    return made


def _leaf(random: Random) -> Node:
    field = random.choice(("text", "title"))
    exact = random.random() < 0.5
    match random.randrange(8):
        case 0 | 1:
            return Term(field, random.choice(WORDS), exact)
        case 2 | 3:
            if random.random() < 0.5:
                return Phrase(field, tuple(random.sample(STEMS, 2)), exact, random.randrange(1, 6))
            return Phrase(field, tuple(random.choices(WORDS, k=random.randrange(2, 4))), exact)
        case 4:
            word = random.choice(WORDS)
            return Wildcard(field, word[: random.randrange(1, len(word))] + random.choice(("*", "?", "?*")))
        case 5:
            return Fuzzy(field, random.choice(WORDS), random.choice((1, 2)))
        case 6:
            return OneOf("topic", tuple(random.sample(TOPICS, random.randrange(1, 3))))
        case _:
            low = random.randrange(2000, 9000)
            return Between("price", random.choice((None, low)), low + random.randrange(1, 4000))


def _tree(random: Random, depth: int) -> Node:
    kind = random.randrange(5) if depth else 4
    if kind in (0, 1):
        parts = tuple(_tree(random, depth - 1) for _ in range(random.randrange(2, 4)))
        return And(parts) if kind == 0 else Or(parts)
    if kind == 2:
        return Not(_tree(random, depth - 1))
    if kind == 3:
        return Everything()
    return _leaf(random)


def _ids(engine: SearchEngine, query: Node) -> set[str]:
    return {hit.document.id for hit in engine.search(query, limit=1000).hits}


@pytest.mark.elasticsearch
def test_random_trees_find_the_same_documents(tmp_path: Path, elasticsearch_url: str) -> None:
    random = Random(20261124)
    documents = _documents(random, 300)
    embedded = TantivyEngine(tmp_path, threads=1)
    server = ElasticEngine(elasticsearch_url, alias="agree")
    for engine in (embedded, server):
        with engine.rebuild() as (_, writer):
            assert writer.put(documents) == []
    for _ in range(150):
        query = _tree(random, 3)
        assert _ids(embedded, query) == _ids(server, query), query
    for sort in ("newest", "price"):
        pages = [engine.search(Everything(), sort=sort, limit=300) for engine in (embedded, server)]
        first, second = ([hit.document.id for hit in page.hits] for page in pages)
        assert first == second
    server.close()
