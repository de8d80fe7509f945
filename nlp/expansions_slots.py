"""What a sentence adds to the slots of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from nlp.document import Document
from nlp.expansions_sentences import Sentence
from nlp.facts import Fact
from nlp.figures import Figure, Kind
from nlp.patterns import keys, pattern
from nlp.speeds import speeds
from nlp.stages import PROGRESS, Cue, tells_of_network
from nlp.stems import may_match
from nlp.targets import Target, announced_today, targets

_NEAR = 70


def fill(
    fact: Fact,
    sentence: Sentence,
    counted: Sequence[Figure],
    document: Document,
    found: Cue | None,
    is_event: bool,
) -> None:
    """Add what a sentence states to the slots that are still empty; a later stage replaces an earlier one."""
    dates = _dates_of(fact, sentence, targets(sentence.text, document.published_at))
    if is_event or counted or dates or found is not None:
        fact.last_sentence = sentence.number
    if is_event and found is not None:
        if "stage" not in fact.proofs or (
            PROGRESS[found.stage] > PROGRESS[fact.stage] and sentence.passage.field == "text"
        ):
            fact.stage, fact.stage_inferred = found.stage, found.is_inferred
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
        elif fact.stage_inferred and found.stage == fact.stage and not found.is_inferred:
            fact.stage_inferred = False
            fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
        if "places" not in fact.proofs or fact.proofs["places"].field == "title":
            fact.proofs["places"] = sentence.proof("places", found.start, found.end)
            fact.proofs["company"] = sentence.proof("company", found.start, found.end)
    elif (
        found is not None
        and (
            found.stage == "permitted"
            or (
                found.stage == "construction"
                and not pattern("discourse", "weak_construction").match(sentence.text, found.start)
            )
            or (found.stage == "cancelled" and tells_of_network(sentence.text))
        )
        and (PROGRESS[found.stage] > PROGRESS[fact.stage] and fact.stage != "live")
    ):
        fact.stage = found.stage
        fact.proofs["stage"] = sentence.proof("stage", found.start, found.end)
    for figure in counted:
        fill_figure(fact, sentence, figure)
    for target in dates:
        _fill_target(fact, sentence, target)
    if is_event and found is not None:
        _fill_amount(fact, sentence, counted, found)
    if document.published_at and fact.announced_on is None and announced_today(sentence.text):
        fact.announced_on = document.published_at.date().isoformat()
        fact.proofs["announced_on"] = sentence.proof("announced_on", 0, min(80, len(sentence.text)))
    _fill_kind(fact, sentence, "technology")
    _fill_kind(fact, sentence, "funding")
    _fill_speeds(fact, sentence)


def _dates_of(fact: Fact, sentence: Sentence, dates: Sequence[Target]) -> Sequence[Target]:
    """The dates of a build in a sentence that gives places dates of their own.

    "Easley should be done by June and Greer and Inman by the end of 2026": a date is of the places before it.
    """
    own = {place.id for place in fact.places}
    starts = [(hit.start - sentence.span.start, hit.place.id) for hit in sentence.places if not hit.body]
    if len(dates) < 2 or not own & {place for _, place in starts}:
        return dates
    kept, last = [], 0
    for target in dates:
        named = {place for start, place in starts if last <= start < target.start}
        if not named or named & own:
            kept.append(target)
        last = target.end
    return kept


def _fill_speeds(fact: Fact, sentence: Sentence) -> None:
    if fact.down_mbps is not None or (promised := speeds(sentence.text)) is None:
        return
    for slot, value in (("down_mbps", promised.down_mbps), ("up_mbps", promised.up_mbps)):
        if value is not None:
            setattr(fact, slot, value)
            fact.proofs[slot] = sentence.proof(slot, promised.start, promised.end)


def fill_figure(fact: Fact, sentence: Sentence, figure: Figure) -> None:
    """Put a figure into its slot, if that is empty or the figure tells the whole."""
    cents = int(figure.value * 100)
    proof_slot = ""
    if figure.kind == "passings" and (fact.passings is None or _is_whole(fact, sentence, figure)):
        fact.passings, proof_slot = int(figure.value), "passings"
    elif figure.kind == "miles" and fact.route_miles is None:
        fact.route_miles, proof_slot = float(figure.value), "route_miles"
    elif figure.kind == "grant" and fact.grant is None:
        fact.grant, proof_slot, fact.grant_sentence = cents, "grant_cents", sentence.number
    elif figure.kind == "match" and fact.match is None:
        fact.match, proof_slot = cents, "match_cents"
    elif figure.kind == "match" and fact.match_sentence == sentence.number:
        # "adds $2 million, and the county pledged $400,000": one sentence's parts are one match.
        fact.match = (fact.match or 0) + cents
    elif (
        figure.kind in ("investment", "total")
        and (fact.investment is None or (figure.kind == "total" and cents > fact.investment))
        and cents > (fact.grant or 0)
    ):
        fact.investment, proof_slot = cents, "investment_cents"
    if figure.kind == "match" and proof_slot:
        fact.match_sentence = sentence.number
    if proof_slot:
        fact.proofs[proof_slot] = sentence.proof(proof_slot, figure.start, figure.end)


def _is_whole(fact: Fact, sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a larger figure is the whole of the build: "will ultimately cover 52,000 homes"."""
    if fact.passings is None or figure.value <= fact.passings:
        return False
    before = sentence.text[max(0, figure.start - _NEAR) : figure.start].split(",")[-1]
    return pattern("passings", "whole").search(before) is not None


def _fill_amount(fact: Fact, sentence: Sentence, counted: Sequence[Figure], found: Cue) -> None:
    """Take an amount without a telling word: an award's where money is awarded, else the build's price."""
    plain_amounts = [figure for figure in counted if figure.kind == "amount"]
    if not plain_amounts or fact.investment is not None or fact.grant is not None:
        return
    figure = plain_amounts[0]
    kind: Kind = "grant" if found.stage == "funded" else "investment"
    fill_figure(fact, sentence, replace(figure, kind=kind))


def _fill_target(fact: Fact, sentence: Sentence, target: Target) -> None:
    """Take a date: the end of work goes before its beginning, the end of all before that of a part."""
    rank = 0 if target.is_span else 1 if not target.is_end else 3 if target.is_last else 2
    later = (
        fact.target_on is not None
        and rank == fact.target_rank
        and rank >= 2
        and (target.value > fact.target_on and sentence.number == fact.target_sentence)
    )
    if fact.target_on is None or rank > fact.target_rank or later:
        fact.target_on, fact.target_rank, fact.target_sentence = target.value, rank, sentence.number
        fact.proofs["target_on"] = sentence.proof("target_on", target.start, target.end)


def _fill_kind(fact: Fact, sentence: Sentence, slot: Literal["technology", "funding"]) -> None:
    """Technology or funding: the first entry of the table whose words the sentence holds, names left out."""
    if getattr(fact, slot) is None and (found := kind_in(sentence, slot)) is not None:
        setattr(fact, slot, found[0])
        fact.proofs[slot] = sentence.proof(slot, found[1], found[2])


def kind_in(sentence: Sentence, slot: Literal["technology", "funding"]) -> tuple[str, int, int] | None:
    """Return the technology or source of money that a sentence names, with the span of its words."""
    text = sentence.text
    for mention in sentence.companies:
        start, end = mention.start - sentence.span.start, mention.end - sentence.span.start
        text = text[:start] + " " * (end - start) + text[end:]
    for name in keys(slot):
        if not may_match(text, slot, name):
            continue
        if name == "other" and pattern("lenders", "near").search(text):
            # A bank's loan is the builder's own money.
            continue
        match = pattern(slot, name).search(text)
        if match and slot == "technology" and pattern("replaced", slot).search(text[: match.start()]):
            continue
        if match and not (slot == "funding" and name != "private" and is_denied(text, match.start())):
            return name, match.start(), match.end()
    return None


def is_denied(text: str, start: int) -> bool:
    """Tell whether words before a programme deny it: "no state grant"."""
    return pattern("negated", "funding").search(text[max(0, start - 40) : start]) is not None
