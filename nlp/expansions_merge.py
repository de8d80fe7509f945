"""Which sentences tell of the same build: by company, places in common, and figures that agree."""

from __future__ import annotations

from collections.abc import Sequence

from market.records import Place
from market.records.expansion import Stage
from nlp.expansions_discourse import Named
from nlp.expansions_places import contains, narrowest
from nlp.expansions_sentences import Sentence
from nlp.facts import Fact
from nlp.figures import Figure
from nlp.patterns import pattern

_LEAD = 12
"""An article's first build may stand this deep without a figure of its own; any other needs one."""
_MOST_OF = 0.8
"""A list's figures may miss a place or two of its total."""
_WIDENS = 5
"""Later sentences add no places to a build: they name neighbours and other builds."""


def fact_for(
    facts: list[Fact],
    company: Named,
    where: Sequence[Place],
    stage: Stage,
    sentence: Sentence,
    counted: Sequence[Figure],
    *,
    own: bool,
    firm: bool,
    inferred: bool = False,
    apart: Sequence[Fact] = (),
) -> Fact | None:
    """Return the build a sentence speaks of: a known one with a place in common, or a new one.

    A new one beside others needs figures of its own, or a firm stage and figures that follow. Builds `apart`
    are other members of the same list.
    """
    for fact in facts:
        if fact.company != company.company or fact in apart:
            continue
        if not fact.places or not where:
            if not fact.places and where:
                move(fact, where, sentence)
                fact.inferred = inferred
            return fact
        if fact.inferred and not inferred and not (own and _has_other_figure(fact, where, counted)):
            move(fact, narrowest([*where]), sentence)
            fact.inferred = False
            return fact
        if any(contains(a, b) or contains(b, a) for a in fact.places for b in where):
            if own and _is_part_of_its_own(fact, where, counted):
                continue
            widens = all(any(contains(new, old) and new.id != old.id for old in fact.places) for new in where)
            if not widens:
                _merge_places(fact, where, sentence)
            return fact
    late = bool(facts) or sentence.number > _LEAD
    if not own and late and not firm:
        return None
    fact = Fact(
        company.company,
        company.name,
        list(where),
        stage,
        last_sentence=sentence.number,
        first_sentence=sentence.number,
        start=sentence.span.start,
        tentative=late and not own,
        inferred=inferred,
    )
    facts.append(fact)
    return fact


def _is_part_of_its_own(fact: Fact, where: Sequence[Place], counted: Sequence[Figure]) -> bool:
    """Tell whether other places inside those of a build come with a figure of their own, not its figure."""
    if {place.id for place in where} & {place.id for place in fact.places}:
        return False
    stated = {"passings": fact.passings, "miles": fact.route_miles, "grant": fact.grant}
    return any(
        stated.get(figure.kind) is not None
        and float(figure.value) * (100 if figure.kind == "grant" else 1) != float(stated[figure.kind] or 0)
        for figure in counted
    )


def _has_other_figure(fact: Fact, where: Sequence[Place], counted: Sequence[Figure]) -> bool:
    """Tell whether another town comes with other homes than those told of the town of the title."""
    near = any(contains(a, b) or contains(b, a) for a in fact.places for b in where)
    homes = [int(figure.value) for figure in counted if figure.kind == "passings"]
    return not near and fact.passings is not None and bool(homes) and fact.passings not in homes


def move(fact: Fact, places: Sequence[Place], sentence: Sentence) -> None:
    """Set a build's places; the sentence proves them where the one before shows none of them."""
    kept = {place.id for place in fact.places} & {place.id for place in places}
    fact.places = list(places)
    if not kept and "places" in fact.proofs:
        fact.proofs["places"] = sentence.proof("places", 0, len(sentence.text))


def _merge_places(fact: Fact, where: Sequence[Place], sentence: Sentence) -> None:
    if sentence.number > _WIDENS or sentence.text[:1] in '"“':
        return
    apart = [new for new in where if not any(contains(new, old) or contains(old, new) for old in fact.places)]
    if (
        sentence.passage.field == "text"
        and fact.proofs.get("places", None)
        and fact.proofs["places"].field == "title"
    ):
        # A title is short: "Solano County" there may be the town that the text names.
        move(fact, narrowest([*fact.places, *where]), sentence)
    else:
        inner = [new for new in where if any(contains(old, new) and old.id != new.id for old in fact.places)]
        close = sentence.number - fact.last_sentence <= 1
        # One town beside its county is where most of it lies; several are a list of all.
        several = len(inner) > 1 or all(place.kind == "state" for place in fact.places)
        narrowed = inner and close and several and not _is_loose(sentence, inner)
        move(fact, narrowest([*fact.places, *where]) if narrowed else [*fact.places, *apart], sentence)


def _is_loose(sentence: Sentence, places: Sequence[Place]) -> bool:
    """Tell whether towns only say where in a county most of it lies: "in and around Kellogg"."""
    wanted = {place.id for place in places}
    first = next((hit for hit in sentence.places if hit.place.id in wanted), None)
    before = sentence.text[: first.start - sentence.span.start] if first is not None else ""
    return pattern("places", "loosely_before").search(before) is not None


def _bequeath(fact: Fact, facts: Sequence[Fact]) -> None:
    """Pass on what was said of a list as a whole to its members."""
    if fact.passings is None:
        return
    for heir in facts:
        if heir is not fact and heir.company == fact.company and heir.passings is not None:
            for slot in ("target_on", "technology", "funding"):
                if (
                    getattr(heir, slot) is None
                    and slot in fact.proofs
                    and not (slot == "target_on" and heir.stage == "live")
                ):
                    setattr(heir, slot, getattr(fact, slot))
                    heir.proofs[slot] = fact.proofs[slot]


def _is_sum(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Tell whether a build is only the sum of others: the states of a list whose towns follow one by one."""
    others = [f for f in facts if f is not fact and f.company == fact.company and f.passings is not None]
    parts = [
        other
        for other in others
        if all(
            any(contains(wide, place) and wide.id != place.id for wide in fact.places)
            for place in other.places
        )
    ]
    return len(parts) >= 2 and (
        fact.passings is None or sum(other.passings or 0 for other in others) >= _MOST_OF * fact.passings
    )


def distinct(facts: list[Fact]) -> list[Fact]:
    """Leave out asides that never got a figure, and a repeat of another's money for the same places."""
    kept: list[Fact] = []
    for fact in facts:
        if (fact.tentative and not fact.has_figures) or _is_sum(fact, facts):
            _bequeath(fact, facts)
            continue
        twin = next(
            (
                other
                for other in kept
                if fact.grant is not None
                and fact.grant == other.grant
                and any(contains(a, b) or contains(b, a) for a in fact.places for b in other.places)
            ),
            None,
        )
        if twin is None:
            kept.append(fact)
        elif len(fact.places) < len(twin.places) and all(
            contains(fact.places[0], place) for place in twin.places
        ):
            twin.places = fact.places
    return kept
