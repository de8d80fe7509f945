"""The fields of an index document, made here once for both engines, so that both hold equal terms."""

from __future__ import annotations

import hashlib
from typing import Any

from index.bounds import micros
from index.port import NO_BUNDLE, SearchDocument
from index.query import Phrase, Term
from index.stems import GAP, analysed, stems, terms

TERM_FIELDS = ("text", "text_stems", "title", "title_stems", "company_names", "place_names", "publisher")
"""Blank-separated terms, searched by term, phrase and wildcard."""

KEYWORD_FIELDS = (
    "kind",
    "company",
    "place",
    "county",
    "state",
    "topic",
    "segment",
    "technology",
    "bundle",
    "source",
    "stage",
    "story",
    "month",
)

NUMBER_FIELDS = ("date", "price", "down", "up")

SORT_FIELDS = ("newest", "cheapest")
"""Whole numbers that no two documents share: one order on both engines, and stable pages."""

STEMMED = ("text", "title")
"""Term fields beside which their stems stand."""

TITLE_TIMES = 3
"""How often a title stands in the field of all words, so that its words count more.

A clause of its own for titles would keep the engines from passing over what cannot be among the best hits.
"""

_TIE_BITS = 24
_NO_PRICE = 1 << 38


def fields(document: SearchDocument) -> dict[str, Any]:
    """Return field -> value: a string for terms, a list for keywords, an integer or None for numbers."""
    title, title_stems = analysed(document.title)
    body, body_stems = analysed(document.body)
    moment = micros(document.date)
    tie = int.from_bytes(hashlib.blake2s(document.id.encode(), digest_size=3).digest(), "big")
    price = document.price_cents
    values: dict[str, Any] = {
        "text": f"{title} {GAP} " * TITLE_TIMES + body,
        "text_stems": f"{title_stems} {GAP} " * TITLE_TIMES + body_stems,
        "title": title,
        "title_stems": title_stems,
        "company_names": _parts(document.company_names),
        "place_names": _parts(document.place_names),
        "publisher": " ".join(terms(document.publisher)),
        "kind": [document.kind],
        "company": list(document.companies),
        "place": list(document.places),
        "county": list(document.counties),
        "state": list(document.states),
        "topic": list(document.topics),
        "segment": list(document.segments),
        "technology": list(document.technologies),
        "bundle": _bundle(document),
        "source": [document.source_id] if document.source_id else [],
        "stage": [document.stage] if document.stage else [],
        "story": [document.story] if document.story else [],
        "month": [document.day[:7]],
        "date": moment,
        "price": price,
        "down": None if document.down_mbps is None else round(document.down_mbps * 1000),
        "up": None if document.up_mbps is None else round(document.up_mbps * 1000),
        "newest": ((moment // 1_000_000) << _TIE_BITS) + tie,
        "cheapest": (min(_NO_PRICE if price is None else price, _NO_PRICE) << _TIE_BITS) + tie,
    }
    return values


def _bundle(document: SearchDocument) -> list[str]:
    """Return the services that a price holds besides internet, NO_BUNDLE for none; only prices have any."""
    return list(document.bundled_with) or ([NO_BUNDLE] if document.kind == "offer" else [])


def _parts(names: tuple[str, ...]) -> str:
    return f" {GAP} ".join(" ".join(terms(name)) for name in names)


def words_in(node: Term | Phrase) -> tuple[str, tuple[str, ...]]:
    """Return the index field to look for the words of `node` in, and the words as they stand there."""
    words = (node.term,) if isinstance(node, Term) else node.terms
    if node.exact or node.field not in STEMMED:
        return node.field, words
    return f"{node.field}_stems", tuple(stems(words))
