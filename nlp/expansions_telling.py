"""Whether a sentence tells of a build by itself, and then whose, where and how far it has come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from market.numbers import numbers_in
from market.records import Place
from market.records.expansion import Stage
from nlp.expansions_discourse import Named
from nlp.expansions_figures import is_total
from nlp.expansions_opening import goes_on_list, open_builds
from nlp.expansions_places import contains
from nlp.expansions_reading import FIRM, Reading, Told
from nlp.figures import figures
from nlp.patterns import pattern
from nlp.recipients import Recipient, builder, recipients
from nlp.stages import Cue, tells_of_network

_ASIDE = re.compile(r",\s+(?:which|who)\b[^,]{0,120},")
"""What a sentence says beside the matter of whom it names."""
_AND = re.compile(r",? and |, ")


def tell(reading: Reading, told: Told) -> bool:
    """Open builds, or add to known ones; False when the sentence tells of none by itself."""
    found = _cue(reading, told)
    if found is None or not _is_about_networks(reading, told, found):
        return False
    if not told.counted and (
        pattern("discourse", "long_ago").search(told.text)
        or (found.stage in ("announced", "live") and pattern("context", "speeds").search(told.text))
    ):
        return False
    given = _awarded(told, found)
    told = replace(told, who=_who(reading, told, given))
    if is_total(told.sentence, found) and told.sentence.passage.field != "title":
        return False
    if not told.who:
        if found.stage in ("funded", "cancelled") and not reading.facts and not told.goes_on:
            reading.pending = told
            return False
        if not _may_be_unnamed(reading, told, found):
            return False
        told = replace(told, who=_known_company(reading, told))
        if not told.who:
            return False
    if told.is_of_state and reading.has_local_build_of(told.who):
        # What it does in the state is wider than the build told here.
        return True
    told = replace(told, explicit=_outside_names(told))
    where = _with_meant(reading, told) or _where_else(reading, told, found)
    if not where and not _may_lack_places(reading, told, found, given):
        return False
    awaits = bool(reading.facts) and (not reading.facts[-1].places or reading.facts[-1].inferred)
    if found.stage == "funded" and not (given or told.sure or awaits):
        return False
    if found.stage == "funded" and given:
        loose = ("investment", "amount") if reading.state.on_awards else ("investment",)
        told.counted = [replace(f, kind="grant") if f.kind in loose else f for f in told.counted]
    pointed_at = {hit.place.id for hit in told.sentence.places if hit.body}
    if reading.state.places or reading.state.titled:
        pointed_at |= {place.id for place in reading.state.meant(told.sentence)}
    inferred = not told.explicit and not any(place.id in pointed_at for place in where)
    open_builds(reading, told, found, where, inferred=inferred)
    return bool(reading.current)


def _cue(reading: Reading, told: Told) -> Cue | None:
    """The stage that a sentence states; by a figure alone, that of the build before it or of an award."""
    found, text = told.found, told.text
    if found is None and told.is_of_state:
        # "Acme serves 300,000 homes in Ohio" is its footprint.
        return None
    reached = next(((f.start, f.end) for f in told.counted if f.kind in ("passings", "miles")), None)
    if reached is None and goes_on_list(reading, told, told.explicit):
        reached = next(((number.start, number.end) for number in numbers_in(text)), None)
    if reached is not None and not reading.facts and _is_held(text[: reached[0]]):
        # "It has 710 miles of plant" alone is no build.
        reached = None
    if reached is not None and (found is None or _is_next_clause(reading, told, found)):
        found = Cue(_stage(reading, text), *reached, is_inferred=True)
    paid = next((f for f in told.counted if f.kind in ("total", "grant", "investment")), None)
    if found is None and paid and told.who and told.explicit and reading.state.on_networks:
        # An amount, a company and a place, in an article about networks.
        found = Cue("funded" if paid.kind == "grant" else "announced", paid.start, paid.end)
    listed = found is None and reading.state.on_awards and "$" in text and (told.explicit or told.who)
    if listed and pattern("negated", "award").search(text) is None:
        # "Acme Telephone: $9,850,000, Pike County" in a list of awards.
        awarded = next((f for f in told.counted if f.kind == "amount"), None)
        award = Cue("funded", awarded.start, awarded.end) if awarded is not None else None
        if award is not None and _is_in_list(reading, told):
            told.counted = [replace(f, kind="grant") if f is awarded else f for f in told.counted]
            return award
        found = award if award is not None and _awarded(told, award) else None
    if found is not None and found.stage == "announced" and reading.state.on_awards and "$" in text:
        return replace(found, stage="funded") if _awarded(told, found) else found
    return found


def _is_in_list(reading: Reading, told: Told) -> bool:
    """Tell whether a clause goes on with awards: "Acme got $6 million for A, and Zeta $5 million for B"."""
    last = reading.current[-1] if reading.current else None
    return (
        told.sentence.whole is not None
        and len(told.who) == 1
        and bool(told.explicit)
        and last is not None
        and last.stage == "funded"
        and last.last_sentence == told.sentence.number
    )


def _is_held(before: str) -> bool:
    """Tell whether the words before a figure make it what somebody has or had."""
    return pattern("context", "has").search(before) is not None


def _stage(reading: Reading, text: str) -> Stage:
    if not reading.current:
        return "funded" if reading.state.on_awards and "$" in text else "announced"
    stage = reading.current[-1].stage
    if stage == "cancelled":
        # What is dropped in one place says nothing of figures elsewhere.
        return "announced"
    return "announced" if stage in FIRM and pattern("discourse", "later").search(text) else stage


def _is_next_clause(reading: Reading, told: Told, found: Cue) -> bool:
    """Tell whether a clause goes on with a list of awards: its plain words of building are no other stage."""
    last = reading.current[-1] if reading.current else None
    return (
        told.sentence.whole is not None
        and found.stage == "announced"
        and last is not None
        and last.stage == "funded"
        and last.last_sentence == told.sentence.number
    )


def _is_about_networks(reading: Reading, told: Told, found: Cue) -> bool:
    text, state = told.text, reading.state
    if not told.counted and pattern("context", "portrait").search(text):
        return False
    said = _ASIDE.sub(",", text[: found.start + 40])
    if found.stage == "announced" and pattern("context", "existing").search(said):
        return False
    if tells_of_network(text):
        return True
    if not state.on_networks:
        return False
    if told.sentence.passage.field == "title":
        return bool(told.explicit) and (bool(told.who) or builder(text) is not None)
    if told.who and (
        (found.stage == "funded" and reading.pending is not None)
        or (found.stage == "permitted" and pattern("stages", "permitted").search(text))
        or (found.stage in FIRM and (told.explicit or state.meant(told.sentence)))
    ):
        return True
    return (
        bool(told.sure)
        or (found.stage == "funded" and bool(told.counted))
        or (found.stage == "construction" and state.company is not None and bool(told.explicit))
        or (bool(told.who) and told.is_local and pattern("discourse", "works").search(text) is not None)
        or goes_on_list(reading, told, told.explicit)
        or (found.stage in FIRM and bool(told.explicit) and builder(text) is not None)
    )


def _awarded(told: Told, found: Cue) -> list[Recipient]:
    """Who gets money, where the sentence awards some; a place's name is no company's."""
    sentence = told.sentence
    if found.stage not in ("funded", "cancelled") and "$" not in sentence.text:
        return []
    named = {hit.place.name.casefold() for hit in sentence.places}
    named |= {sentence.passage.text[hit.start : hit.end].casefold() for hit in sentence.places}
    found_names = recipients(sentence.text, sentence.span.start, sentence.companies)
    return [
        recipient
        for recipient in found_names
        if not all(part in named for part in _AND.split(recipient.name.casefold()))
    ]


def _who(reading: Reading, told: Told, given: Sequence[Recipient]) -> list[Named]:
    """The companies of a sentence: who is given money, who is named, or who builds by its grammar."""
    if given:
        return [reading.state.in_full(given[0].company, given[0].name)]
    if told.who or told.sentence.companies or not reading.state.on_networks:
        return told.who
    built = builder(told.text)
    return [reading.state.in_full(built.company, built.name)] if built is not None else []


def _may_be_unnamed(reading: Reading, told: Told, found: Cue) -> bool:
    """Tell whether a sentence without a company tells of a build: another one than that before it, if any."""
    if reading.current and not _turns_to_another(reading, told):
        return False
    main = reading.state.main
    return (
        bool(told.counted)
        or found.stage == "construction"
        or told.goes_on
        or (main is not None and reading.titles(main.company))
        or goes_on_list(reading, told, told.explicit)
    )


def _turns_to_another(reading: Reading, told: Told) -> bool:
    current, state = reading.current[-1], reading.state
    if told.goes_on_by_length:
        return False
    if state.company is not None and state.company.company != current.company:
        return told.sentence.number - state.company_at <= 1
    if not told.explicit:
        return False
    known = any(
        contains(a, b) or contains(b, a)
        for a in told.explicit
        for fact in reading.current
        for b in fact.places
    )
    return known or not told.sure or any(f.kind in ("passings", "miles") for f in told.sure)


def _known_company(reading: Reading, told: Told) -> list[Named]:
    """The company spoken of before; of a sentence about a whole state none, it need not be the same."""
    last, main = (reading.facts[-1] if reading.facts else None), reading.state.main
    if last is not None and last.company_name in told.text:
        return [Named(last.company, last.company_name)]
    known = reading.state.company
    if known is None and main is not None and reading.state.is_known(main, told.sentence):
        known = main
    return [known] if known is not None and not (told.is_of_state and reading.facts) else []


def _outside_names(told: Told) -> list[Place]:
    """The places of a sentence but a state that is only a part of a builder's name: "Northern Ohio Fiber"."""
    names = " ".join(name.name for name in told.who)
    return [place for place in told.explicit if place.kind != "state" or place.name not in names]


def _with_meant(reading: Reading, told: Told) -> list[Place]:
    """Places named beside one that is pointed at: "in the lakeside town as well as Greer"."""
    explicit = told.explicit
    if not explicit or pattern("discourse", "beside").search(told.text) is None:
        return explicit
    meant = [place for place in reading.state.meant(told.sentence) if place.kind != "state"]
    return [*meant, *(p for p in explicit if p.id not in {place.id for place in meant})]


def _where_else(reading: Reading, told: Told, found: Cue) -> list[Place]:
    """Places of a sentence that names none to build in: the council's, those meant, those of the title."""
    bodies = [hit.place for hit in told.sentence.places if hit.body]
    if bodies and (told.counted or found.stage == "permitted"):
        return bodies
    if meant := reading.state.meant(told.sentence):
        return meant
    if not told.counted:
        # Work under way or allowed is where the title says.
        firm = found.stage in FIRM and not reading.facts and reading.state.titled
        return reading.state.unnamed(told.sentence) if firm else []
    if any(fact.company == told.who[0].company for fact in reading.facts):
        # Its build is known: the sentence adds to it.
        return []
    return reading.state.unnamed(told.sentence)


def _may_lack_places(reading: Reading, told: Told, found: Cue, given: Sequence[Recipient]) -> bool:
    """Tell whether the sentences after it may say where: an award, or the first news of a build."""
    if (given or found.stage == "cancelled") and (reading.pending is not None or figures(told.text)):
        return True
    return bool(told.sure) and not reading.facts and (found.stage in FIRM or found.stage == "funded")
