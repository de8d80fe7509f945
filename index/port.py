"""What a search engine takes and gives; the rest of the product knows engines only by this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

from index.bounds import micros
from index.query import And, Between, KeywordField, Node, OneOf, Or
from market.records.base import Record, UtcTime

SCHEMA = 3
"""Raised when documents or their fields change; an index of another schema is rebuilt."""

MAX_WINDOW = 10_000
"""How far paging goes, as Elasticsearch's default `max_result_window`."""

FACET_VALUES = 50
"""How many values of a facet are given, the most frequent first."""

Kind = Literal["article", "offer", "expansion"]
Sort = Literal["relevance", "newest", "price"]
Facet = Literal[
    "company",
    "topic",
    "state",
    "county",
    "kind",
    "month",
    "segment",
    "technology",
    "bundle",
    "source",
    "stage",
]
NO_BUNDLE = "none"
"""The value of the facet "bundle" of a price for internet alone."""


class SearchDocument(Record):
    """One flat document per fact, citing its capture. Its id is the record's."""

    id: str
    kind: Kind
    capture_id: str
    source_id: str = ""
    url: str = ""
    publisher: str = ""
    title: str
    body: str
    """What is searched and shown besides the title."""
    date: UtcTime
    """The article's day or the offer's observation; of an undated page when it was fetched."""
    dated: bool = True
    """False when `date` is only when the page was fetched."""
    day: str
    """Local ISO date in the market's time zone; the months are made from it."""
    companies: tuple[str, ...] = ()
    company_names: tuple[str, ...] = ()
    """Names by which the companies are searched."""
    places: tuple[str, ...] = ()
    """Gazetteer ids of the places it is about."""
    place_names: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    """5-digit FIPS codes."""
    states: tuple[str, ...] = ()
    """Postal codes."""
    topics: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    bundled_with: tuple[str, ...] = ()
    """Services other than internet in an offer's price."""
    stage: str | None = None
    story: str | None = None
    price_cents: int | None = None
    down_mbps: float | None = None
    up_mbps: float | None = None
    importance: float | None = None
    record_id: str = ""
    """The article an expansion stands in; "" for the others."""
    corrections: tuple[str, ...] = ()
    """What the analyst corrected, by whom and why; shown, not searched."""


class Filters(Record):
    """What hits are narrowed to; empty means no narrowing. Values of one filter are alternatives."""

    kinds: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    """Ids; the caller adds the brands and the parent that it means (lexicon's group)."""
    places: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    """Places, counties and states are alternatives of one area: a hit in any of them is in it."""
    topics: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    technologies: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    price_from: int | None = None
    """Cents; documents without a price are out."""
    price_to: int | None = None
    """Cents, inclusive."""
    since: UtcTime | None = None
    until: UtcTime | None = None
    """Exclusive."""

    def nodes(self) -> list[Node]:
        """Return the filters as parts of a query tree that all have to hold."""
        single: list[tuple[KeywordField, frozenset[str]]] = [
            ("kind", self.kinds),
            ("company", self.companies),
            ("topic", self.topics),
            ("segment", self.segments),
            ("technology", self.technologies),
            ("source", self.sources),
            ("stage", self.stages),
        ]
        nodes: list[Node] = [OneOf(field, tuple(sorted(values))) for field, values in single if values]
        area: list[tuple[KeywordField, frozenset[str]]] = [
            ("place", self.places),
            ("county", self.counties),
            ("state", self.states),
        ]
        parts = tuple(OneOf(field, tuple(sorted(values))) for field, values in area if values)
        if parts:
            nodes.append(parts[0] if len(parts) == 1 else Or(parts))
        if self.price_from is not None or self.price_to is not None:
            nodes.append(
                Between("price", self.price_from, None if self.price_to is None else self.price_to + 1)
            )
        if self.since is not None or self.until is not None:
            nodes.append(Between("date", _micros(self.since), _micros(self.until)))
        return nodes


class Hit(Record):
    """A found document; `score` is comparable within one answer only, None when hits are sorted otherwise."""

    document: SearchDocument
    score: float | None = None


class Hits(Record):
    """One page of hits, how many there are in all, and the facets over all of them."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    """Facet -> (value, number of hits), the most frequent first, equal ones by value."""


class Failure(Record):
    """A document that the engine refused, and why."""

    id: str
    reason: str


class IndexWriter(Protocol):
    """Takes changes; they are found after `commit`."""

    def put(self, documents: Sequence[SearchDocument]) -> list[Failure]:
        """Add documents in place of those of the same id; return those that were refused."""
        ...

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents; an id that is not there is no error."""
        ...

    def commit(self) -> None:
        """Make all changes so far durable and visible."""
        ...


class SearchEngine(Protocol):
    """An index and the searches on it. Every method raises UnavailableError when the engine is away."""

    name: str
    """"tantivy" or "elasticsearch"."""

    def generation(self) -> str | None:
        """Return the id of the index in use; None when there is none or it has another schema.

        The ledger's cursor belongs to a generation, so that a lost index is filled anew.
        """
        ...

    def writer(self) -> AbstractContextManager[IndexWriter]:
        """Return a writer on the index in use, the only one at a time."""
        ...

    def rebuild(self) -> AbstractContextManager[tuple[str, IndexWriter]]:
        """Return a new generation and its writer; it takes the old one's place when the context ends well."""
        ...

    def search(
        self,
        query: Node,
        *,
        facets: Sequence[Facet] = (),
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
    ) -> Hits:
        """Return hits `offset` to `offset + limit`. Raises QueryError beyond MAX_WINDOW."""
        ...

    def count(self) -> int:
        """Return how many documents the index in use has."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


def narrowed(query: Node, filters: Filters) -> Node:
    """Return the query with all filters."""
    nodes = filters.nodes()
    return And((query, *nodes)) if nodes else query


def facet_counts(
    found: Mapping[str, Iterable[tuple[str, int]]],
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return facets in their fixed order, cut to FACET_VALUES."""
    return {
        facet: tuple(sorted(values, key=lambda value: (-value[1], value[0]))[:FACET_VALUES])
        for facet, values in found.items()
    }


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
