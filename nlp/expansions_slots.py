"""What a sentence adds to the slots of a build, and what only the article as a whole settles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from market.records.expansion import Funding
from nlp.document import Document
from nlp.expansions_sentences import Sentence
from nlp.facts import Fact
from nlp.figures import Figure
from nlp.patterns import keys, may_match, pattern, plain
from nlp.speeds import speeds
from nlp.stages import PROGRESS, Cue
from nlp.targets import Target, announced_today, targets


def fill(
    fact: Fact,
    sentence: Sentence,
    counted: Sequence[Figure],
    document: Document,
    found: Cue | None,
    is_event: bool,
) -> None:
    """Add what a sentence states to the slots that are still empty; a later stage replaces an earlier one."""
    fact.last_sentence = sentence.number
    if is_event and found is not None:
        if "stage" not in fact.proofs or (
            PROGRESS[found.stage] > PROGRESS[fact.stage] and sentence.passage.field == "text"
        ):
            fact.stage = found.stage
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
        if "places" not in fact.proofs or fact.proofs["places"].field == "title":
            fact.proofs["places"] = sentence.proof("places", found.start, found.end)
            fact.proofs["company"] = sentence.proof("company", found.start, found.end)
    elif (
        found is not None
        and found.stage in ("construction", "cancelled", "permitted")
        and (PROGRESS[found.stage] > PROGRESS[fact.stage] and fact.stage != "live")
    ):
        fact.stage = found.stage
        fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
    for figure in counted:
        _fill_figure(fact, sentence, figure)
    for target in targets(sentence.text, document.published_at):
        _fill_target(fact, sentence, target)
    if document.published_at and fact.announced_on is None and announced_today(sentence.text):
        fact.announced_on = document.published_at.date().isoformat()
        fact.proofs["announced_on"] = sentence.proof("announced_on", 0, min(80, len(sentence.text)))
    _fill_kind(fact, sentence, "technology")
    _fill_kind(fact, sentence, "funding")
    _fill_speeds(fact, sentence)


def _fill_speeds(fact: Fact, sentence: Sentence) -> None:
    if fact.down_mbps is not None or (promised := speeds(sentence.text)) is None:
        return
    for slot, value in (("down_mbps", promised.down_mbps), ("up_mbps", promised.up_mbps)):
        if value is not None:
            setattr(fact, slot, value)
            fact.proofs[slot] = sentence.proof(slot, promised.start, promised.end)


def _fill_figure(fact: Fact, sentence: Sentence, figure: Figure) -> None:
    cents = int(figure.value * 100)
    proof_slot = ""
    if figure.kind == "passings" and fact.passings is None:
        fact.passings, proof_slot = int(figure.value), "passings"
    elif figure.kind == "miles" and fact.route_miles is None:
        fact.route_miles, proof_slot = float(figure.value), "route_miles"
    elif figure.kind == "grant" and fact.grant is None:
        fact.grant, proof_slot = cents, "grant_cents"
    elif figure.kind == "match" and fact.match is None:
        fact.match, proof_slot = cents, "match_cents"
    elif figure.kind == "match" and fact.match_sentence == sentence.number:
        # "adds $2 million, and the county pledged $400,000": one sentence's parts are one match.
        fact.match = (fact.match or 0) + cents
    elif (
        figure.kind in ("investment", "total")
        and (fact.investment is None or figure.kind == "total")
        and cents > (fact.grant or 0)
    ):
        fact.investment, proof_slot = cents, "investment_cents"
    if figure.kind == "match" and proof_slot:
        fact.match_sentence = sentence.number
    if proof_slot:
        fact.proofs[proof_slot] = sentence.proof(proof_slot, figure.start, figure.end)


def _fill_target(fact: Fact, sentence: Sentence, target: Target) -> None:
    if fact.target_on is None or (target.is_end and not fact.target_is_end):
        fact.target_on, fact.target_is_end = target.value, target.is_end
        fact.proofs["target_on"] = sentence.proof("target_on", target.start, target.end)


def _fill_kind(fact: Fact, sentence: Sentence, slot: str) -> None:
    """Technology or funding: the first entry of the table whose words the sentence holds, names left out."""
    if getattr(fact, slot) is not None:
        return
    text = sentence.text
    for mention in sentence.companies:
        start, end = mention.start - sentence.span.start, mention.end - sentence.span.start
        text = text[:start] + " " * (end - start) + text[end:]
    lowered = plain(text)
    for name in keys(slot):
        if slot == "funding" and not may_match(lowered, slot, name):
            continue
        match = pattern(slot, name).search(text)
        if match and slot == "technology" and pattern("replaced", slot).search(text[: match.start()]):
            continue
        if match and not (slot == "funding" and name != "private" and _is_denied(text, match.start())):
            setattr(fact, slot, name)
            fact.proofs[slot] = sentence.proof(slot, match.start(), match.end())
            return


def complete(
    facts: list[Fact], sentences: Sequence[Sentence], document: Document, title: Sentence | None
) -> None:
    """Fill what only the article as a whole says of its one build, and settle money and stage."""
    for fact in facts:
        if len(facts) == 1:
            by_air = any(_is_by_air(sentence) for sentence in sentences if _proves(fact, sentence))
            for sentence in sentences:
                if not by_air:
                    _fill_kind(fact, sentence, "technology")
                if fact.funding in (None, "other", "private"):
                    _better_funding(fact, sentence)
        if fact.stage == "funded" and fact.grant is None and fact.investment is not None:
            # What is awarded is not the company's own money, whatever the sentence calls it.
            fact.grant = fact.investment
            fact.proofs["grant_cents"] = fact.proofs["investment_cents"]
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


def _proves(fact: Fact, sentence: Sentence) -> bool:
    """Tell whether a slot of the build stands in a sentence."""
    return any(
        proof.field == sentence.passage.field and sentence.span.start <= proof.start < sentence.span.end
        for proof in fact.proofs.values()
    )


def _is_by_air(sentence: Sentence) -> bool:
    """Tell whether a sentence builds towers: fiber that the article names elsewhere is not this build's."""
    return pattern("towers").search(sentence.text) is not None


def _is_denied(text: str, start: int) -> bool:
    return pattern("negated", "funding").search(text[max(0, start - 40) : start]) is not None


def _better_funding(fact: Fact, sentence: Sentence) -> None:
    lowered = plain(sentence.text)
    for name in keys("funding"):
        if name in ("other", "private"):
            return
        if not may_match(lowered, "funding", name):
            continue
        match = pattern("funding", name).search(sentence.text)
        if match and not _is_denied(sentence.text, match.start()):
            fact.funding = cast(Funding, name)
            fact.proofs["funding"] = sentence.proof("funding", match.start(), match.end())
            return
