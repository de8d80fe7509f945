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

SET_FIELDS = ("company", "topic", "state", "county", "segment", "technology")
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


def facets_of(
    searcher: tantivy.Searcher, query: tantivy.Query, facets: Sequence[Facet]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the counts of each facet's values over all hits of `query`."""
    if not facets:
        return {}
    columns = {facet: set_name(facet) if facet in SET_FIELDS else facet for facet in facets}
    found = _counted(searcher, query, columns)
    # So many different sets that some were left out: count the values themselves, which is slower.
    left_out = [facet for facet in facets if found[facet].get("sum_other_doc_count")]
    plain = _counted(searcher, query, {facet: facet for facet in left_out}) if left_out else {}
    counts: dict[str, Counter[str]] = {}
    for facet in facets:
        counter: Counter[str] = Counter()
        for bucket in (plain if facet in plain else found)[facet]["buckets"]:
            parts = [bucket["key"]] if facet in plain else bucket["key"].split(_PART)
            for value in parts:
                counter[value] += bucket["doc_count"]
        counts[facet] = counter
    return facet_counts({facet: counter.items() for facet, counter in counts.items()})


def _counted(searcher: tantivy.Searcher, query: tantivy.Query, columns: dict[Facet, str]) -> dict[str, Any]:
    asked = {
        facet: {"terms": {"field": column, "size": _MOST, "segment_size": _MOST}}
        for facet, column in columns.items()
    }
    return dict(searcher.aggregate(query, asked))
