"""Network builds of the plain kind: a company builds in named places, with figures, stage and dates.

A build needs company, place and action in one sentence (or the title); sentences that follow may add figures
until another place or another company takes over. Totals of a whole company, portraits and history stay out.
Every slot carries the sentence it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from market.records import Mention, Place
from market.records.expansion import Stage
from nlp.document import Document
from nlp.expansions_figures import is_total, own_figures
from nlp.expansions_places import contains, narrowest, per_place, where_built
from nlp.expansions_sentences import Sentence, read_sentences
from nlp.expansions_slots import complete, fill
from nlp.facts import Fact
from nlp.figures import Figure, figures
from nlp.patterns import pattern
from nlp.providers import usual_name
from nlp.recipients import Recipient, recipients
from nlp.regions import PlaceMention
from nlp.stages import Cue, cue, is_other_matter, tells_of_network
from nlp.targets import targets

_REACH = 6
"""So many sentences after its last one may still add figures to a build."""
_LEAD = 12
"""An article's first build may stand this deep without a figure of its own; any other needs one."""
_TITLED = 6
"""So far into an article a sentence with figures and no place is about the places of the title."""
_LEAD_CHARS = 400
_WIDENS = 5
"""Later sentences add no places to a build: they name neighbours and other builds."""


def find_facts(
    document: Document, companies: Sequence[Mention], places: Sequence[PlaceMention]
) -> list[Fact]:
    """Return the builds an article tells, the main one first."""
    sentences = read_sentences(document, companies, places)
    facts: list[Fact] = []
    main = _main_company(companies, document)
    title = next((s for s in sentences if s.passage.field == "title"), None)
    for sentence in sentences:
        _read(sentence, facts, main, document, title)
    complete(facts, sentences, document, title)
    for fact in facts:
        if not fact.places and title is not None:
            fact.places = where_built(title)
    return _distinct([fact for fact in facts if fact.places])


def _distinct(facts: list[Fact]) -> list[Fact]:
    """Leave out a fact that repeats another's money for the same places under another name of the company."""
    kept: list[Fact] = []
    for fact in facts:
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


def _main_company(companies: Sequence[Mention], document: Document) -> tuple[str, str] | None:
    """The company the article is most about: its source's, else by the title, else first and most often."""
    counts: dict[str, float] = {}
    names: dict[str, str] = {}
    for mention in companies:
        if mention.target:
            weight = 5.0 if mention.field == "title" else 1.0 + 2.0 * (mention.start < 400)
            counts[mention.target] = counts.get(mention.target, 0.0) + weight
            if mention.target not in names:
                names[mention.target] = usual_name(mention.text)
    if document.company:
        return document.company, names.get(document.company, document.company)
    if not counts:
        return None
    best = max(counts, key=lambda company: counts[company])
    return best, names[best]


def _read(
    sentence: Sentence,
    facts: list[Fact],
    main: tuple[str, str] | None,
    document: Document,
    title: Sentence | None,
) -> None:
    text = sentence.text
    current = facts[-1] if facts else None
    if current is None and "$" not in text and not tells_of_network(text):
        return
    if is_other_matter(text):
        return
    counted = own_figures(sentence, stated := figures(text))
    # Without a figure or a place a sentence tells of no build by itself, whatever its words.
    found = cue(text) if stated or sentence.places else None
    event = _event(sentence, found, main, facts, document, title)
    if event is not None:
        company, name, where, stage_cue, given = event
        listed = per_place(sentence, where, counted)
        if listed:
            for place, figure in listed:
                fact = _fact_for(facts, company, name, [place], stage_cue.stage, sentence, [figure], own=True)
                if fact:
                    fact.passings = int(figure.value)
                    fact.proofs["passings"] = sentence.proof("passings", figure.start, figure.end)
                    fill(
                        fact,
                        sentence,
                        [f for f in counted if f.kind != "passings"],
                        document,
                        stage_cue,
                        False,
                    )
            return
        if stage_cue.stage == "funded" and given:
            counted = [replace(f, kind="grant") if f.kind == "investment" else f for f in counted]
        own = bool(counted) or stage_cue.stage == "cancelled"
        fact = _fact_for(facts, company, name, where, stage_cue.stage, sentence, counted, own=own)
        if fact:
            fill(fact, sentence, counted, document, stage_cue, True)
        return
    if current is None or sentence.passage.field == "title":
        return
    if sentence.number - current.last_sentence > _REACH or _names_other(sentence, current):
        return
    if counted or pattern("places", "follows").match(text) or targets(text, document.published_at):
        fill(current, sentence, counted, document, found or cue(text), False)


def _event(
    sentence: Sentence,
    found: Cue | None,
    main: tuple[str, str] | None,
    facts: list[Fact],
    document: Document,
    title: Sentence | None,
) -> tuple[str, str, list[Place], Cue, bool] | None:
    """Company, places, stage and whether an award is given, when a sentence tells of a build by itself.

    An award may do without places: the sentences after it say where.
    """
    text = sentence.text
    if found is None or pattern("context", "portrait").search(text):
        return None
    if found.stage == "announced" and pattern("context", "existing").search(text[: found.start + 40]):
        return None
    given = (
        recipients(text, sentence.span.start, sentence.companies)
        if found.stage in ("funded", "cancelled")
        else []
    )
    lead = f"{document.title.text} {document.text.text[:_LEAD_CHARS]}"
    if not tells_of_network(text) and not (given and tells_of_network(lead)):
        return None
    where = where_built(sentence) or _where_else(sentence, found, title)
    if not where and not (given and figures(text)):
        return None
    who = _who(sentence, found, given, main, facts)
    if who is None:
        return None
    awaits_places = bool(facts) and not facts[-1].places
    if found.stage == "funded" and not (given or awaits_places or figures(text)):
        return None
    if is_total(sentence, found) and sentence.passage.field != "title":
        return None
    return who[0], who[1], where, found, bool(given)


def _where_else(sentence: Sentence, found: Cue, title: Sentence | None) -> list[Place]:
    """Places of a sentence that names none to build in: the council's own, or those of the title."""
    if found.stage == "permitted":
        bodies = [hit.place for hit in sentence.places if hit.body]
        if bodies:
            return narrowest(bodies)
    if title is None or sentence.number > _TITLED or not figures(sentence.text):
        return []
    return where_built(title)


def _who(
    sentence: Sentence,
    found: Cue,
    given: Sequence[Recipient],
    main: tuple[str, str] | None,
    facts: Sequence[Fact],
) -> tuple[str, str] | None:
    named = {hit.place.name.casefold() for hit in sentence.places}
    awarded = next((who for who in given if who.name.casefold() not in named or " " in who.name), None)
    if awarded:
        return awarded.company, awarded.name
    if facts and facts[-1].company_name in sentence.text:
        return facts[-1].company, facts[-1].company_name
    if found.stage == "funded" and not sentence.companies:
        return None
    inside = sentence.companies
    if inside:
        before = [m for m in inside if m.start - sentence.span.start <= found.start]
        chosen = before[-1] if before else inside[0]
        if main and any(m.target == main[0] for m in inside):
            return main
        return chosen.target or "", usual_name(chosen.text)
    if main:
        return main
    if facts:
        return facts[-1].company, facts[-1].company_name
    return None


def _fact_for(
    facts: list[Fact],
    company: str,
    name: str,
    where: Sequence[Place],
    stage: Stage,
    sentence: Sentence,
    counted: Sequence[Figure],
    *,
    own: bool,
) -> Fact | None:
    """Return the build this sentence speaks of: a known one with a place in common, or a new one."""
    for fact in facts:
        if fact.company != company:
            continue
        if not fact.places or not where:
            if not fact.places:
                fact.places = list(where)
            return fact
        if any(contains(a, b) or contains(b, a) for a in fact.places for b in where):
            if own and _is_part_of_its_own(fact, where, counted):
                continue
            widens = all(any(contains(new, old) and new.id != old.id for old in fact.places) for new in where)
            if not widens:
                _merge_places(fact, where, sentence)
            return fact
    if not own and (facts or sentence.number > _LEAD):
        return None
    fact = Fact(
        company,
        name,
        list(where),
        stage,
        last_sentence=sentence.number,
        first_sentence=sentence.number,
        start=sentence.span.start,
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
        fact.places = narrowest([*fact.places, *where])
    else:
        inner = [new for new in where if any(contains(old, new) and old.id != new.id for old in fact.places)]
        close = sentence.number - fact.last_sentence <= 1
        fact.places = narrowest([*fact.places, *where]) if inner and close else [*fact.places, *apart]


def _names_other(sentence: Sentence, fact: Fact) -> bool:
    """Tell whether a sentence without a build of its own speaks of other places or companies."""
    if sentence.places and not any(
        contains(a, hit.place) or contains(hit.place, a) for hit in sentence.places for a in fact.places
    ):
        return True
    return bool(sentence.companies) and all(m.target != fact.company for m in sentence.companies)
