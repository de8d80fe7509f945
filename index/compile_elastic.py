"""The query tree as Elasticsearch's query DSL, node by node; no `query_string`, so that text stays text."""

from __future__ import annotations

from typing import Any

from index.fields import words_in
from index.query import And, Between, Everything, Fuzzy, Node, Not, OneOf, Or, Phrase, Term, Wildcard

Json = dict[str, Any]


def compiled(node: Node) -> Json:
    """Return the query body of a tree."""
    match node:
        case Term() | Phrase():
            return _words(node)
        case Wildcard():
            return {"wildcard": {node.field: {"value": node.pattern, "rewrite": "constant_score"}}}
        case Fuzzy():
            # Other rewrites look at the 50 nearest words only.
            form: Json = {"value": node.term, "fuzziness": node.distance, "rewrite": "constant_score"}
            return {"fuzzy": {node.field: form}}
        case OneOf():
            return _unscored({"terms": {node.field: list(node.values)}})
        case Between():
            bounds = {"gte": node.low, "lt": node.high}
            return _unscored({"range": {node.field: {k: v for k, v in bounds.items() if v is not None}}})
        case And():
            positive = [compiled(part) for part in node.parts if not isinstance(part, Not)]
            negative = [compiled(part.part) for part in node.parts if isinstance(part, Not)]
            return {"bool": {"must": positive or [compiled(Everything())], "must_not": negative}}
        case Or():
            return {"bool": {"should": [compiled(part) for part in node.parts], "minimum_should_match": 1}}
        case Not():
            return _unscored({"bool": {"must_not": [compiled(node.part)]}})
        case Everything():
            return _unscored({"match_all": {}})


def _words(node: Term | Phrase) -> Json:
    name, words = words_in(node)
    if len(words) == 1:
        return {"term": {name: {"value": words[0]}}}
    slop = node.slop if isinstance(node, Phrase) else 0
    return {"match_phrase": {name: {"query": " ".join(words), "slop": slop}}}


def _unscored(query: Json) -> Json:
    return {"constant_score": {"filter": query, "boost": 0.0}}
