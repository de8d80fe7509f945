"""A search as a user asks for it: words, filters, facets and a page of hits with their best passages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from index.highlight import Snippet, highlight
from index.parse import parse
from index.port import Facet, Filters, SearchDocument, SearchEngine, Sort, narrowed
from market.records.base import Record


class Result(Record):
    """A hit as shown."""

    document: SearchDocument
    score: float | None = None
    title: Snippet
    snippet: Snippet


class Results(Record):
    """A page of results, how many hits there are in all, and the facets over all of them."""

    total: int
    results: tuple[Result, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = {}


def search(
    engine: SearchEngine,
    text: str,
    *,
    filters: Filters | None = None,
    facets: Sequence[Facet] = (),
    sort: Sort = "relevance",
    offset: int = 0,
    limit: int = 10,
    zone: tzinfo = UTC,
    width: int = 240,
) -> Results:
    """Return what `text` finds within `filters`; days of the query are days in `zone`.

    Raises QueryError for a query that cannot be understood, UnavailableError when the engine is away.
    """
    query = parse(text, zone=zone)
    hits = engine.search(
        narrowed(query, filters or Filters()), facets=facets, sort=sort, offset=offset, limit=limit
    )
    results = tuple(
        Result(
            document=hit.document,
            score=hit.score,
            title=highlight(hit.document.title, query, title=True, width=10**6),
            snippet=highlight(hit.document.body, query, width=width),
        )
        for hit in hits.hits
    )
    return Results(total=hits.total, results=results, facets=hits.facets)
