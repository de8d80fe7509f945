"""Opening builds, or adding to known ones: one place or several, lists of places with a figure each."""

from __future__ import annotations

from collections.abc import Sequence

from market.records import Place
from nlp.expansions_discourse import Named
from nlp.expansions_merge import fact_for, move
from nlp.expansions_places import per_place
from nlp.expansions_reading import FIRM, Reading, Told
from nlp.expansions_slots import fill
from nlp.facts import Fact
from nlp.figures import Figure, figures
from nlp.stages import Cue, tells_of_network
from nlp.targets import targets

_NEXT = 2
"""A list may go on so many sentences later."""
_ROWS = 30
"""A table of places is no longer."""
_ROW_WORDS = 10
_Listed = Sequence[tuple[list[Place], Figure]]


def open_builds(reading: Reading, told: Told, found: Cue, where: list[Place], *, inferred: bool) -> None:
    """Put what a sentence tells into its builds, which become those that the next sentences go on about."""
    listed = per_place(told.sentence, where, told.counted, listing=goes_on_list(reading, told, where))
    current: list[Fact] = []
    for company in told.who:
        if listed:
            current += _listed(reading, told, found, company, listed)
        elif (fact := _single(reading, told, found, company, where, inferred)) is not None:
            current.append(fact)
    if not current:
        return
    if found.is_inferred:
        _prove_stage(reading, current)
    if reading.pending is not None and found.stage in ("funded", "cancelled"):
        _settle(reading, current)
    if listed:
        _inherit_target(reading, current, told.sentence.number)
    reading.current = current
    if len(told.who) == 1:
        reading.state.company, reading.state.company_at = told.who[0], told.sentence.number


def _prove_stage(reading: Reading, current: Sequence[Fact]) -> None:
    """Let the build before, whose stage a sentence without words of one goes on with, prove it."""
    before = reading.current[-1] if reading.current else None
    for fact in current:
        if before is not None and before is not fact and before.stage == fact.stage and fact.stage_inferred:
            fact.proofs["stage"] = before.proofs["stage"]
            fact.stage_inferred = before.stage_inferred


def goes_on_list(reading: Reading, told: Told, where: Sequence[Place]) -> bool:
    """Tell whether a sentence without a unit goes on with a list of places and their figures, or a table."""
    if not where or any(figure.kind == "passings" for figure in figures(told.text)):
        return False
    number = told.sentence.number
    last = reading.current[-1] if reading.current else None
    below_list = last is not None and last.passings is not None and number - last.last_sentence <= _NEXT
    below_header = number - reading.header <= _ROWS and len(told.text.split()) <= _ROW_WORDS
    if not (below_list or below_header):
        return False
    pairs = per_place(told.sentence, where, (), listing=True)
    here = {place.id for place in where}
    return len(pairs) > 1 or (
        len(pairs) == 1 and not any(here >= {place.id for place in fact.places} for fact in reading.current)
    )


def _single(
    reading: Reading, told: Told, found: Cue, company: Named, where: list[Place], inferred: bool
) -> Fact | None:
    sentence = told.sentence
    fact = fact_for(
        reading.facts,
        company,
        where,
        found.stage,
        sentence,
        told.counted,
        own=bool(told.sure) or found.stage == "cancelled",
        firm=found.stage in FIRM,
        inferred=inferred,
    )
    if fact is None:
        return None
    # A title without a word of networks is an aside until figures or such words follow.
    if sentence.passage.field == "title":
        fact.tentative = fact.tentative or not tells_of_network(told.text)
    elif told.is_early:
        fact.tentative = False
    fill(fact, sentence, told.counted if len(told.who) == 1 else [], reading.document, found, True)
    return fact


def _listed(reading: Reading, told: Told, found: Cue, company: Named, listed: _Listed) -> list[Fact]:
    rest = [figure for figure in told.counted if figure.kind != "passings"]
    current: list[Fact] = []
    apart = _wider(reading, company, listed)
    dates = targets(told.text, reading.document.published_at)
    apiece = dates if len(dates) == len(listed) > 1 else ()
    for number, (places, figure) in enumerate(listed):
        fact = _member(reading, told, found, company, places, figure, [*current, *apart])
        if fact is not None:
            _set_apart(reading, fact, places, told)
            fact.passings = int(figure.value)
            fact.proofs["passings"] = told.sentence.proof("passings", figure.start, figure.end)
            fill(fact, told.sentence, rest, reading.document, found, True)
            if apiece:
                fact.target_on = apiece[number].value
            current.append(fact)
    unlisted = _unlisted(reading, told, listed)
    if unlisted is not None:
        places, figure = unlisted
        fact = _member(reading, told, found, company, places, figure, current)
        if fact is not None:
            fill(fact, told.sentence, [figure], reading.document, found, True)
            current.append(fact)
    return current


def _wider(reading: Reading, company: Named, listed: _Listed) -> list[Fact]:
    """The builds that keep a place of their own, and their figure, when a list takes others from them."""
    here = {place.id for places, _ in listed for place in places}
    figures_here = {int(figure.value) for _, figure in listed}
    return [
        fact
        for fact in reading.facts
        if fact.company == company.company
        and fact.passings is not None
        and here < {place.id for place in fact.places}
        and fact.passings not in figures_here
        and sum(figures_here) != fact.passings
    ]


def _member(
    reading: Reading,
    told: Told,
    found: Cue,
    company: Named,
    places: Sequence[Place],
    figure: Figure,
    apart: Sequence[Fact],
) -> Fact | None:
    return fact_for(
        reading.facts, company, places, found.stage, told.sentence, [figure], own=True, firm=True, apart=apart
    )


def _unlisted(reading: Reading, told: Told, listed: _Listed) -> tuple[list[Place], Figure] | None:
    """The figure of a list whose place is only pointed at: "9,000 homes in the city and 700 in Easley"."""
    taken = {figure.start for _, figure in listed}
    left = [f for f in told.counted if f.kind == "passings" and f.start not in taken]
    meant = reading.state.meant(told.sentence)
    return (meant, left[0]) if len(left) == 1 and meant else None


def _set_apart(reading: Reading, fact: Fact, places: list[Place], told: Told) -> None:
    """Give places with a figure of their own to one build, away from a sibling that listed them all."""
    move(fact, places, told.sentence)
    own = {place.id for place in places}
    for other in reading.facts:
        left = [place for place in other.places if place.id not in own]
        if other is not fact and other.company == fact.company and left:
            other.places = left


def _inherit_target(reading: Reading, current: Sequence[Fact], number: int) -> None:
    """Give the members of a list the date that the sentence before told of all of it."""
    for fact in current:
        told = next(
            (
                other
                for other in reading.facts
                if other.company == fact.company
                and other.target_on is not None
                and number - other.target_sentence <= 1
            ),
            None,
        )
        if told is not None and fact.target_on is None and fact.stage != "live":
            fact.target_on, fact.target_rank = told.target_on, told.target_rank
            fact.target_sentence = told.target_sentence
            fact.proofs["target_on"] = told.proofs["target_on"]


def _settle(reading: Reading, current: Sequence[Fact]) -> None:
    """Give the places and the award told before to the build whose company the text names only now."""
    pending, reading.pending = reading.pending, None
    if pending is None or len(current) != 1:
        return
    fact = current[0]
    if fact.grant is None and fact.investment is None:
        money = [figure for figure in pending.counted if figure.kind != "passings"]
        fill(fact, pending.sentence, money, reading.document, None, False)
    if fact.passings is None and fact.stage == "cancelled":
        homes = [figure for figure in pending.counted if figure.kind == "passings"]
        fill(fact, pending.sentence, homes, reading.document, None, False)
    if not fact.places:
        fact.places = list(pending.explicit)
    if {place.id for place in fact.places} == {place.id for place in pending.explicit}:
        fact.inferred = False
