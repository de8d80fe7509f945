"""The clauses of a sentence that lists several builds: each has its company, its amount and its place."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from nlp.document import Span
from nlp.expansions_sentences import Sentence

_SEMICOLON = re.compile(r";\s+(?:and\s+|while\s+|but\s+)?")
_JOINED = re.compile(r"(?:,\s+(?:and|while|but)|\s+while|,\s+with)\s+(?:the\s+)?$")
_FIGURE = re.compile(r"\d|\b(?:hundred|thousand|million)\b")


def clauses(sentence: Sentence) -> list[Sentence]:
    """Return the parts of a sentence that name a company or place and a figure each; else the sentence."""
    text = sentence.text
    cuts = [match.end() for match in _SEMICOLON.finditer(text)] + _before_companies(sentence)
    if not cuts:
        return [sentence]
    bounds = [0, *sorted(set(cuts)), len(text)]
    parts = [_part(sentence, start, end) for start, end in pairwise(bounds)]
    told = [part for part in parts if part.companies or part.places]
    if len(told) < 2 or any(_FIGURE.search(part.text) is None for part in told):
        return [sentence]
    return parts


def _before_companies(sentence: Sentence) -> list[int]:
    """Where another company's clause begins: "Acme will build in A, and Zeta won $3 million for B"."""
    base = sentence.span.start
    cuts = []
    for earlier, mention in pairwise(sentence.companies):
        start = mention.start - base
        if mention.target == earlier.target or not any(
            earlier.end <= hit.start < mention.start for hit in sentence.places
        ):
            continue
        if _JOINED.search(sentence.text[max(0, start - 14) : start]):
            cuts.append(start)
    return cuts


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    text = sentence.text[start:end]
    kept = len(text.rstrip(" ;,"))
    base = sentence.span.start
    span = Span(base + start, base + start + kept)
    return replace(
        sentence,
        span=span,
        text=text[:kept],
        whole=sentence.whole or sentence.span,
        companies=tuple(m for m in sentence.companies if span.start <= m.start and m.end <= span.end),
        places=tuple(h for h in sentence.places if span.start <= h.start and h.end <= span.end),
    )
