"""Network builds: a company builds in named places, with figures, stage and dates.

A sentence (or its clause) tells of a build when it has words of building or a figure of homes, miles or
money, a company and a place; company and place may be those spoken of before ("the co-op", "the three
cities"). Sentences that follow add figures until another place or another company takes over. Totals of a
whole company, portraits and history stay out. Every slot carries the sentence it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from market.records import Mention, Place
from nlp.document import Document, Span
from nlp.expansions_clauses import clauses
from nlp.expansions_discourse import discourse
from nlp.expansions_figures import own_figures
from nlp.expansions_following import follow
from nlp.expansions_merge import distinct
from nlp.expansions_places import contains, where_built
from nlp.expansions_reading import REACH, Reading, Told
from nlp.expansions_sentences import Sentence, read_sentences
from nlp.expansions_settle import complete
from nlp.expansions_tables import table_builds
from nlp.expansions_telling import tell
from nlp.facts import Fact
from nlp.figures import figures
from nlp.regions import PlaceMention
from nlp.stages import cue, is_other_matter, tells_of_network

_HEADER = re.compile(r"(?i)[/|\t].*\b(?:homes|addresses|locations|premises|passings)\b|\bhomes\b.*[/|\t]")
_HEADER_WORDS = 20
_COUNTS = re.compile(r"\d|hundred|thousand|million")


def find_facts(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention]
) -> list[Fact]:
    """Return the builds an article tells, the main one first."""
    sentences = read_sentences(document, companies, places)
    reading = Reading(document, discourse(document, companies, sentences))
    parts = [part for sentence in sentences for part in clauses(sentence)]
    rows, spans = table_builds(document, companies, places)
    for part in parts:
        if rows and _is_within(part, spans):
            _take_rows(reading, part, rows)
        else:
            _read(reading, part)
    complete(reading.facts, parts)
    for fact in reading.facts:
        if not fact.places:
            counts = fact.passings is not None or fact.route_miles is not None
            fact.places = reading.state.titled or (reading.state.dateline if counts else [])
    facts = distinct([fact for fact in reading.facts if fact.places and not reading.is_vague(fact)])
    _add_county_of_title(facts, reading.state.titled)
    return facts


def _add_county_of_title(facts: Sequence[Fact], titled: Sequence[Place]) -> None:
    """Let the county that the title names stand beside the towns in it, where one build has them all."""
    for county in titled:
        inside = [fact for fact in facts if any(contains(county, place) for place in fact.places)]
        if county.kind == "county" and len(inside) == 1:
            fact = inside[0]
            if all(place.id != county.id for place in fact.places):
                fact.places = [*fact.places, county]


def _read(reading: Reading, sentence: Sentence) -> None:
    text = sentence.text
    if _is_header(text):
        reading.header = sentence.number
    # Far from any build a sentence without names and figures tells nothing.
    stale = all(sentence.number - fact.last_sentence > REACH for fact in reading.current)
    if stale and not (sentence.companies or sentence.places or _COUNTS.search(text)):
        return
    state = reading.state
    if (text.endswith("?") and ". " not in text) or is_other_matter(text):
        state.note(sentence, state.subjects(sentence, None), ())
        return
    if not (state.on_networks or reading.facts or tells_of_network(text)):
        # Without a word of networks anywhere it can only say of whom the next sentences speak.
        reading.note(Told(sentence, [], None, state.subjects(sentence, None), where_built(sentence)))
        return
    counted = own_figures(sentence, figures(text))
    found = cue(text) if counted or sentence.places or sentence.companies else None
    told = Told(sentence, counted, found, state.subjects(sentence, found), where_built(sentence))
    if not tell(reading, told):
        follow(reading, told)
    reading.note(told)


def _is_within(sentence: Sentence, rows: Sequence[Span]) -> bool:
    return sentence.passage.field == "text" and any(
        row.start <= sentence.span.start < row.end for row in rows
    )


def _take_rows(reading: Reading, sentence: Sentence, rows: Sequence[Fact]) -> None:
    """Add the builds of a table's row to those known; the next sentences go on about all of the table."""
    for fact in rows:
        if sentence.span.start <= fact.start < sentence.span.end and fact not in reading.facts:
            fact.first_sentence = fact.last_sentence = sentence.number
            reading.facts.append(fact)
            reading.current = [fact]


def _is_header(text: str) -> bool:
    """Tell whether a line heads a table: "Town / Homes / Ready by"."""
    return (
        any(map(text.__contains__, "/|\t"))
        and len(text.split()) <= _HEADER_WORDS
        and not any(map(str.isdigit, text))
        and _HEADER.search(text) is not None
    )
