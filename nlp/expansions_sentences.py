"""The sentences of an article that may tell of a build, with the companies and places they name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from market.records import Mention, Place
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Document, Passage, Span
from nlp.facts import PlaceHit, Proof
from nlp.patterns import pattern, words
from nlp.regions import PlaceMention

_Named = TypeVar("_Named", Mention, PlaceHit)
_MOST_SENTENCES = 400
_MOST_QUOTE = 420
_MANY = 3
"""So many places of one state make it the article's."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of title or text, its number in the article, and the names that stand in it."""

    number: int
    passage: Passage
    span: Span
    text: str
    companies: tuple[Mention, ...]
    places: tuple[PlaceHit, ...]
    dateline: tuple[Place, ...] = ()
    """Places of the article's dateline."""
    whole: Span | None = None
    """The sentence of which this is a clause."""

    def proof(self, slot: str, start: int, end: int) -> Proof:
        """Return the sentence as the slot's proof, cut at blanks around the words when it is very long."""
        base = self.span.start
        quoted = self.whole or self.span
        first, last = quoted.start, quoted.end
        if last - first > _MOST_QUOTE:
            room = max(0, (_MOST_QUOTE - (end - start)) // 2)
            text = self.passage.text
            low = max(first, base + start - room)
            high = min(last, base + end + room)
            while low > first and not text[low - 1].isspace():
                low -= 1
            while high < last and not text[high].isspace():
                high += 1
            first, last = low, high
        return Proof(slot, self.passage.field, first, last)


def read_sentences(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention]
) -> list[Sentence]:
    """Return the sentences of title and text that may tell of a build, portraits of the sender left out."""
    tail = boilerplate_start(document.text)
    usable = _usable(document, places)
    line = dateline_span(document.text)
    dateline = tuple(
        [
            m.place
            for m in places
            if m.place
            and _is_local(m.place)
            and m.place.name not in ("Washington", "New York")
            and m.field == "text"
            and not m.attached
            and line.start <= m.start < line.end
        ]
    )
    gate = words("gate")
    found = []
    named = [mention for mention in companies if mention.target]
    number = 0
    for passage in document.passages:
        spans = (
            [Span(0, len(passage.text))] if passage.field == "title" and passage.text else passage.sentences
        )
        mentions = sorted((m for m in named if m.field == passage.field), key=lambda m: m.start)
        hits = sorted((h for h in usable if h.field == passage.field), key=lambda h: h.start)
        firsts, starts = [m.start for m in mentions], [h.start for h in hits]
        for span in spans[:_MOST_SENTENCES]:
            if passage.field == "text" and span.start >= tail:
                break
            text = passage.text[span.start : span.end]
            number += 1
            inside, here = _within(mentions, firsts, span), _within(hits, starts, span)
            if not (inside or here or _DIGIT.search(text)):
                lowered = text.lower()
                if not any(map(lowered.__contains__, gate)):
                    continue
            found.append(
                Sentence(
                    number,
                    passage,
                    span,
                    text,
                    inside,
                    here,
                    dateline if passage.field == "text" else (),
                )
            )
    return found


def _within(named: Sequence[_Named], starts: Sequence[int], span: Span) -> tuple[_Named, ...]:
    """Return the mentions within a span; `starts` are theirs, in order."""
    first = bisect_left(starts, span.start)
    last = bisect_left(starts, span.end, first)
    return tuple([each for each in named[first:last] if each.end <= span.end]) if first < last else ()


def _usable(document: Document, places: Sequence[PlaceMention]) -> list[PlaceHit]:
    """Places that may be built in: resolved, in the country, none of a dateline or of an organisation."""
    passage = document.text
    dateline = dateline_span(passage)
    strays = _strays(places)
    return [
        PlaceHit(mention.place, mention.field, mention.start, mention.end, _is_body(document, mention))
        for mention in places
        if mention.place is not None
        and _is_local(mention.place)
        and not mention.attached
        and mention.place.id not in strays
        and (not mention.inside_org or _is_body(document, mention))
        and (
            mention.field == "title"
            or not (
                dateline.start <= mention.start < dateline.end or _in_dateline(passage.text, mention.start)
            )
        )
    ]


def _strays(places: Sequence[PlaceMention]) -> set[int]:
    """Towns that are the only place of their state in an article about places of another state.

    The town of that name that is meant is too small to be known, or a street or a park.
    """
    by_state: dict[str, set[int]] = {}
    for mention in places:
        place = mention.place
        if place is not None and place.state and _is_local(place):
            by_state.setdefault(place.state, set()).add(place.id)
    most = max(map(len, by_state.values()), default=0)
    return {
        mention.place.id
        for mention in places
        if mention.place is not None
        and mention.place.kind in ("city", "neighborhood")
        and most >= _MANY
        and by_state.get(mention.place.state or "") == {mention.place.id}
    }


def _is_body(document: Document, mention: PlaceMention) -> bool:
    text = document.title.text if mention.field == "title" else document.text.text
    return pattern("places", "body_after").match(text, mention.end, mention.end + 40) is not None


def _in_dateline(text: str, start: int) -> bool:
    """Tell whether a place opens a paragraph as a dateline ("DENTON, Texas — ")."""
    line = text.rfind("\n", 0, start) + 1
    return start - line <= 12 and pattern("places", "dateline").match(text, line, line + 120) is not None


def _is_local(place: Place) -> bool:
    return place.country == "US" and place.kind not in ("country", "region")
