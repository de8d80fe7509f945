"""Facets of the embedded engine: counts of a field's values over all hits.

tantivy counts a column of one value a document about 20 times as fast as one of several. So each field of
several values has a second column that holds all of a document's values as one; its counts are spread over
the values here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import tantivy

from index.port import Facet, facet_counts

SET_FIELDS = ("company", "topic", "state", "county", "segment", "technology", "bundle")
"""Keyword fields of several values that are counted."""

_PART = "\x1f"
_MOST = 60_000
"""Different sets of values up to which they are counted; tantivy refuses above 65,000 buckets."""


def set_name(field: str) -> str:
    """Return the column of the sets of `field`."""
    return f"{field}_set"


def together(values: Iterable[str]) -> str:
    """Return a document's values as one."""
    return _PART.join(sorted(set(values)))


def counted(
    searcher: tantivy.Searcher, query: tantivy.Query, facets: Sequence[Facet]
) -> tuple[int, dict[str, tuple[tuple[str, int], ...]]]:
    """Return the number of hits of `query`, and of each facet the counts of its values over all of them."""
    if not facets:
        # The library's type stubs leave this attribute out.
        found: Any = searcher.search(query, 1)
        return int(found.count), {}
    columns = {facet: set_name(facet) if facet in SET_FIELDS else facet for facet in facets}
    answer = _aggregated(searcher, query, columns)
    # So many different sets that some were left out: count the values themselves, which is slower.
    left_out = [facet for facet in facets if answer[facet].get("sum_other_doc_count")]
    plain = _aggregated(searcher, query, {facet: facet for facet in left_out}) if left_out else {}
    counts: dict[str, Counter[str]] = {}
    for facet in facets:
        counter: Counter[str] = Counter()
        for bucket in (plain if facet in plain else answer)[facet]["buckets"]:
            parts = [bucket["key"]] if facet in plain else bucket["key"].split(_PART)
            for value in parts:
                counter[value] += bucket["doc_count"]
        counts[facet] = counter
    total = int(answer["total"]["value"])
    return total, facet_counts({facet: counter.items() for facet, counter in counts.items()})


def _aggregated(
    searcher: tantivy.Searcher, query: tantivy.Query, columns: dict[Facet, str]
) -> dict[str, Any]:
    asked: dict[str, Any] = {
        facet: {"terms": {"field": column, "size": _MOST, "segment_size": _MOST}}
        for facet, column in columns.items()
    }
    # Every document has this number.
    asked["total"] = {"value_count": {"field": "newest"}}
    return dict(searcher.aggregate(query, asked))
