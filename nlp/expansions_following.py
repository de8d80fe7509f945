"""Sentences that go on about builds told before: they add figures, dates, who pays, a later stage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from market.records import Place
from market.records.expansion import Stage
from nlp.expansions_merge import move
from nlp.expansions_places import contains
from nlp.expansions_reading import FIRM, REACH, Reading, Told
from nlp.expansions_sentences import Sentence
from nlp.expansions_slots import fill
from nlp.facts import Fact
from nlp.patterns import pattern
from nlp.stages import cue, tells_of_network

_SHORT = 10
"""Words of a line that only counts what the line before it awards."""
_LIST = 3
"""So many lines in a row, each of a town and its homes, are a list."""
_MONEY = ("investment", "total", "amount", "match")
_OVERRIDING: tuple[Stage, ...] = ("cancelled", "construction", "permitted")
"""Stages that a sentence without company or place may bring a build to."""


def follow(reading: Reading, told: Told) -> None:
    """Add what a sentence says to the builds it goes on about, if any."""
    if not reading.current or told.sentence.passage.field == "title":
        return
    if not told.is_local and pattern("context", "elsewhere").search(told.text):
        return
    places = [] if told.goes_on_by_length else told.explicit
    spoken = _spoken_of(reading, told, places)
    if not spoken:
        return
    counted, found = told.counted, told.found or cue(told.text, _OVERRIDING)
    if reading.is_history(told.text):
        counted, found = [], None
    if pattern("discourse", "before_that").match(told.text) and not told.explicit:
        return
    if not told.explicit and _ends_list(reading, spoken):
        # "$85 million for the five" behind a list of towns is the money of none of them alone.
        counted = [figure for figure in counted if figure.kind not in _MONEY]
    for fact in spoken:
        lacks_place = not fact.places and (fact.passings or fact.route_miles)
        if found is not None or counted or lacks_place or tells_of_network(told.text):
            _narrow(fact, told.sentence, places)
        fill(fact, told.sentence, counted if len(spoken) == 1 else [], reading.document, found, False)
        if found is not None and found.stage == fact.stage and fact.stage in FIRM and told.is_early:
            fact.tentative = False


def _ends_list(reading: Reading, spoken: Sequence[Fact]) -> bool:
    """Tell whether the one build spoken of is the last of a list of towns, line by line, of one company."""
    if len(spoken) != 1 or spoken[0] is not reading.facts[-1]:
        return False
    last = [fact for fact in reading.facts if fact.company == spoken[0].company][-_LIST:]
    return len(last) == _LIST and all(
        0 < after.first_sentence - before.first_sentence <= 1 and before.passings and after.passings
        for before, after in pairwise(last)
    )


def _narrow(fact: Fact, sentence: Sentence, explicit: Sequence[Place]) -> None:
    """Put the towns or counties that follow in the place of a state, of a dateline or of nothing."""
    inner = [place for place in explicit if place.kind != "state"]
    wide = all(place.kind == "state" for place in fact.places)
    if not inner or not (wide or fact.inferred):
        return
    anywhere = not fact.places or fact.inferred
    if anywhere or all(any(contains(old, new) for old in fact.places) for new in inner):
        move(fact, inner, sentence)
        fact.inferred = False


def _spoken_of(reading: Reading, told: Told, explicit: Sequence[Place]) -> list[Fact]:
    current, facts, who = reading.current, reading.facts, told.who
    if not who and not explicit and pattern("discourse", "all").search(told.text):
        group = [fact for fact in facts if fact.stage == current[0].stage]
        if len(group) > 1:
            return group
    if _is_of_others(reading, told):
        return []
    names = {name.company for name in who}
    if any(fact.company in names for fact in current):
        current = [fact for fact in current if fact.company in names]
    elif who:
        current = [fact for fact in facts if fact.company in names][-1:]
    elif (told.goes_on or told.goes_on_about) and (spoken := _just_named(reading, told)):
        current = spoken
    if explicit:
        near = [
            fact
            for fact in (current if who else facts)
            if not fact.places or any(contains(a, b) or contains(b, a) for a in explicit for b in fact.places)
        ]
        current = [fact for fact in near if fact in current] or near[-1:]
    return [fact for fact in current if told.sentence.number - fact.last_sentence <= REACH]


def _just_named(reading: Reading, told: Told) -> list[Fact]:
    """The last build of the company that the sentence before named: "the project" is its."""
    known = reading.state.company
    if known is None or told.sentence.number - reading.state.company_at > 1:
        return []
    return [fact for fact in reading.facts if fact.company == known.company][-1:]


def _is_of_others(reading: Reading, told: Told) -> bool:
    """Tell whether a sentence speaks of a rival, a hired hand, a state's programme or all of a round-up."""
    if told.who:
        return False
    named = {reading.state.named(mention).company for mention in told.sentence.companies}
    if named and not any(fact.company in named for fact in reading.current):
        return True
    if told.is_of_state_body:
        return True
    last = reading.current[-1]
    if told.sure and len(told.text.split()) <= _SHORT and told.sentence.number - last.last_sentence <= 1:
        # "1,940 locations." goes on with the award right before it.
        return False
    round_up = reading.state.on_awards and len({fact.company for fact in reading.facts}) > 1
    return round_up and not (told.is_local or told.goes_on or told.goes_on_about)
