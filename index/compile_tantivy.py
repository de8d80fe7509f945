"""The query tree as tantivy queries, built node by node; tantivy's own query parser is never used."""

from __future__ import annotations

import re

import tantivy
from tantivy import Occur, Query

from index.fields import words_in
from index.query import And, Between, Everything, Fuzzy, Node, Not, OneOf, Or, Phrase, Term, Wildcard


class Compiler:
    """Compiles trees for one schema; without `scored` the same hits are found, faster and all alike."""

    def __init__(self, schema: tantivy.Schema, *, scored: bool = True) -> None:
        self._schema = schema
        self._scored = scored

    def query(self, node: Node) -> Query:
        """Return the tantivy query of a tree."""
        match node:
            case Term() | Phrase():
                return self._words(node)
            case Wildcard():
                pattern = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in node.pattern)
                return self._flat(Query.regex_query(self._schema, node.field, pattern), 1.0)
            case Fuzzy():
                found = Query.fuzzy_term_query(self._schema, node.field, node.term, node.distance)
                return self._flat(found, 1.0)
            case OneOf():
                found = Query.term_set_query(self._schema, node.field, list(node.values))
                return self._flat(found, 0.0)
            case Between():
                return self._between(node)
            case And():
                return self._all(node)
            case Or():
                return Query.boolean_query([(Occur.Should, self.query(part)) for part in node.parts])
            case Not():
                everything = self.query(Everything())
                return Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, self.query(node.part))])
            case Everything():
                return self._flat(Query.all_query(), 0.0)

    def _flat(self, query: Query, score: float) -> Query:
        return Query.const_score_query(query, score) if self._scored else query

    def _all(self, node: And) -> Query:
        must = [(Occur.Must, self.query(part)) for part in node.parts if not isinstance(part, Not)]
        without = [(Occur.MustNot, self.query(part.part)) for part in node.parts if isinstance(part, Not)]
        if not must:
            must = [(Occur.Must, self.query(Everything()))]
        return Query.boolean_query(must + without)

    def _words(self, node: Term | Phrase) -> Query:
        name, words = words_in(node)
        if len(words) == 1:
            return Query.term_query(self._schema, name, words[0], "freq" if self._scored else "basic")
        return Query.phrase_query(
            self._schema, name, list(words), node.slop if isinstance(node, Phrase) else 0
        )

    def _between(self, node: Between) -> Query:
        low, high = node.low, node.high
        if low is not None and high is not None and low >= high:
            return Query.empty_query()
        number = tantivy.FieldType.Integer
        last = None if high is None else high - 1
        found = Query.range_query(self._schema, node.field, number, low, last)
        return self._flat(found, 0.0)
