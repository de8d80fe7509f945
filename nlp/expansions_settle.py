"""What only the article as a whole says of its builds: technology, programme, who pays, money and stage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from market.records.expansion import Funding
from nlp.expansions_figures import own_figures
from nlp.expansions_sentences import Sentence
from nlp.expansions_slots import fill_figure, is_denied, kind_in
from nlp.facts import Fact, Technology
from nlp.figures import figures
from nlp.patterns import keys, pattern
from nlp.stages import cue, is_other_matter
from nlp.stems import may_match

_PROGRAMMES = ("BEAD", "ReConnect", "RDOF", "CPF", "ARPA", "state")
_INTERNET = re.compile(r"(?i)\b(?:internet|broadband|mbps|megabits)\b")
_SOURCE = re.compile(
    r"(?i)\W{0,3}(?:source of (?:the )?(?:funds|funding|money)|funding(?: source)?|program)\s*:"
)
"""A label in front of the programme that pays for all of a list."""
_LEAD_SENTENCES = 4
"""What title and first sentences name holds for all builds of the article."""


def complete(facts: list[Fact], sentences: Sequence[Sentence]) -> None:
    """Fill what only the article as a whole says of its builds, and settle money and stage."""
    if len(facts) == 1:
        _take_total_of_title(facts[0], sentences)
        _take_work_of_lead(facts[0], sentences)
    for fact in facts:
        if fact.stage_inferred:
            _find_words_of_stage(fact, sentences)
    _share_technology(facts, sentences)
    _share_programme(facts, sentences)
    for fact in facts:
        if fact.stage == "announced" and fact.funding in _PROGRAMMES:
            _fund(fact, sentences)
    for fact in facts:
        if fact.stage == "funded" and fact.grant is None and fact.investment is not None:
            # What is awarded is not the company's own money, whatever the sentence calls it.
            fact.grant = fact.investment
            fact.proofs["grant_cents"] = fact.proofs["investment_cents"]
        if fact.grant is None and fact.investment is None and fact.match is not None:
            # "$11 million of its own" beside no grant is the price.
            fact.investment = fact.match
            fact.proofs["investment_cents"] = fact.proofs["match_cents"]
        if fact.grant is not None and fact.investment is None:
            fact.investment = fact.grant + (fact.match or 0)
            slot = "match_cents" if fact.match else "grant_cents"
            fact.proofs["investment_cents"] = fact.proofs[slot]
        if fact.grant is not None and fact.funding in (None, "private"):
            fact.funding = "other"
            fact.proofs["funding"] = fact.proofs["grant_cents"]
        if fact.grant is not None and fact.stage == "announced":
            fact.stage = "funded"
            fact.proofs["stage"] = fact.proofs["grant_cents"]
        if fact.funding is None and fact.investment is not None and fact.grant is None:
            fact.funding = "private"
            fact.proofs["funding"] = fact.proofs["investment_cents"]
        if fact.stage == "live":
            fact.target_on = None
            fact.proofs.pop("target_on", None)
    _share_private(facts)


def _fund(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """A plan that a public programme has granted money for is funded, whatever else is said of it."""
    proof = fact.proofs["funding"]
    for sentence in sentences:
        span = sentence.span
        if sentence.passage.field == proof.field and span.start <= proof.start < span.end:
            match = pattern("discourse", "granted").search(sentence.text)
            if match is not None:
                fact.stage, fact.stage_inferred = "funded", False
                fact.proofs["stage"] = sentence.proof("stage", match.start(), match.end())


def _take_work_of_lead(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """The one build of an article is under construction where the lead says so and names no other place."""
    if fact.stage not in ("announced", "funded", "permitted"):
        return
    here = {place.id for place in fact.places}
    for sentence in sentences:
        if sentence.number > _LEAD_SENTENCES or is_other_matter(sentence.text):
            continue
        of_it = all(hit.body or hit.place.id in here for hit in sentence.places)
        known = any(mention.target == fact.company for mention in sentence.companies)
        found = cue(sentence.text, ("construction",)) if of_it and known else None
        if found is not None:
            fact.stage, fact.stage_inferred = found.stage, False
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
            return


def _take_total_of_title(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """The one build of an article has the figures of the title: "Acme announces $53 million network"."""
    for sentence in sentences:
        if sentence.passage.field == "title":
            for figure in figures(sentence.text):
                if figure.kind == "total" or (figure.kind == "investment" and fact.investment is None):
                    fill_figure(fact, sentence, figure)
            for figure in own_figures(sentence, figures(sentence.text)):
                if figure.kind in ("passings", "miles"):
                    fill_figure(fact, sentence, figure)


def _share_private(facts: Sequence[Fact]) -> None:
    """A company that pays one build itself pays its others of the article too, if none else is told."""
    payers = {
        fact.company: fact
        for fact in facts
        if fact.funding == "private" and fact.proofs["funding"] != fact.proofs.get("investment_cents")
    }
    for fact in facts:
        payer = payers.get(fact.company)
        past = payer is not None and fact.stage == "live" and payer.stage != "live"
        if payer is not None and fact.funding is None and fact.stage != "cancelled" and not past:
            fact.funding = "private"
            fact.proofs["funding"] = payer.proofs["funding"]


def _find_words_of_stage(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """Let the first sentence with words of a stage that only a figure suggested prove it."""
    for sentence in sentences:
        found = cue(sentence.text, (fact.stage,)) if sentence.passage.field == "text" else None
        if found is not None:
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
            return


def _share_technology(facts: Sequence[Fact], sentences: Sequence[Sentence]) -> None:
    """Give a build without a technology the one of the article, else the lead's, else its name's."""
    named: dict[Technology, tuple[Sentence, int, int]] = {}
    by_air = {
        id(fact): any(_is_by_air(sentence) for sentence in sentences if _proves(fact, sentence))
        for fact in facts
    }
    several = len({fact.company for fact in facts}) > 1
    lacking = any(fact.technology is None for fact in facts)
    for sentence in sentences if lacking else ():
        if several and sentence.companies and sentence.passage.field == "text":
            # What one of several builders uses is not the others'.
            continue
        if (found := kind_in(sentence, "technology")) is not None:
            named.setdefault(cast(Technology, found[0]), (sentence, found[1], found[2]))
    lead = next(iter(named.items()), None)
    for fact in facts:
        if fact.technology is not None:
            continue
        if by_air[id(fact)]:
            _technology_of_towers(fact, sentences)
            continue
        if lead is not None and (len(facts) == 1 or len(named) == 1 or lead[1][0].number <= _LEAD_SENTENCES):
            sentence, start, end = lead[1]
            fact.technology = lead[0]
            fact.proofs["technology"] = sentence.proof("technology", start, end)
        elif not named:
            _technology_of_name(fact, sentences)


def _technology_of_towers(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """Towers that bring the internet to homes are fixed wireless."""
    if fact.passings is None or not any(_INTERNET.search(sentence.text) for sentence in sentences):
        return
    for sentence in sentences:
        match = pattern("towers").search(sentence.text)
        if match is not None and _proves(fact, sentence):
            fact.technology = "fixed wireless"
            fact.proofs["technology"] = sentence.proof("technology", match.start(), match.end())
            return


def _technology_of_name(fact: Fact, sentences: Sequence[Sentence]) -> None:
    """Acme Fiber builds fiber, where the article says nothing else."""
    for sentence in sentences:
        for mention in sentence.companies:
            match = pattern("technology", "fiber").search(mention.text)
            if match is not None and mention.target == fact.company:
                at = mention.start - sentence.span.start
                fact.technology = "fiber"
                fact.proofs["technology"] = sentence.proof("technology", at + match.start(), at + match.end())
                return


def _share_programme(facts: Sequence[Fact], sentences: Sequence[Sentence]) -> None:
    """Give awards without a programme the one that title, lead or the whole article names."""
    open_facts = [
        fact
        for fact in facts
        if fact.funding in (None, "other", "private", "state")
        and (fact.stage == "funded" or fact.grant is not None or len(facts) == 1)
    ]
    named: dict[str, tuple[Sentence, int, int]] = {}
    for sentence in sentences if open_facts else ():
        for name, start, end in _programmes_in(sentence):
            named.setdefault(name, (sentence, start, end))
    if not named:
        return
    labelled = [n for n, (s, _, _) in named.items() if _SOURCE.match(s.text)]
    of_lead = labelled or [
        n for n, (s, _, _) in named.items() if n != "state" and s.number <= _LEAD_SENTENCES
    ]
    first = of_lead[0] if len(of_lead) == 1 else next(iter(named))
    for fact in open_facts:
        sentence, start, end = named[first]
        if fact.funding == "state" and (first == "state" or sentence.number > _LEAD_SENTENCES):
            continue
        if len(facts) == 1 or len(named) == 1 or labelled or sentence.number <= _LEAD_SENTENCES:
            fact.funding = cast(Funding, first)
            fact.proofs["funding"] = sentence.proof("funding", start, end)


def _proves(fact: Fact, sentence: Sentence) -> bool:
    """Tell whether a slot of the build stands in a sentence."""
    return any(
        proof.field == sentence.passage.field and sentence.span.start <= proof.start < sentence.span.end
        for proof in fact.proofs.values()
    )


def _is_by_air(sentence: Sentence) -> bool:
    """Tell whether a sentence builds towers: fiber that the article names elsewhere is not this build's."""
    return pattern("towers").search(sentence.text) is not None


def _programmes_in(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """The programmes of a sentence that pay for builds: name and place of their words."""
    for name in keys("funding"):
        if name in ("other", "private"):
            return
        if not may_match(sentence.text, "funding", name):
            continue
        match = pattern("funding", name).search(sentence.text)
        if match and not is_denied(sentence.text, match.start()):
            yield name, match.start(), match.end()
