"""Acquisitions, contracts and grants: who, with whom, for how much."""

from __future__ import annotations

import re
from itertools import pairwise

from market.records import Mention
from market.units import TERM, term_months
from nlp.document import Span
from nlp.events_scene import Event, Scene, data, pattern
from nlp.providers_signs import award_span

_TERM = re.compile(rf"\b{TERM}\b", re.IGNORECASE)
_PRICE = 40
"""Characters from a company that is bought to its price."""
_NEAR = 70
"""Characters between a company and what it does."""


def acquisition(scene: Scene) -> Event | None:
    """Return who buys whom, from a sentence that says so of the present and without a doubt."""
    words = scene.words
    if pattern("acquisition", "maybe").search(words) or pattern("acquisition", "history").search(words):
        return None
    for name, buyer_first in (("buys", True), ("bought", False), ("merges", True)):
        for match in pattern("acquisition", name).finditer(scene.text, scene.span.start, scene.span.end):
            first, second = scene.company_before(match.start()), scene.named_at(match.end())
            if first is None or second is None or match.start() - first.end > _NEAR:
                continue
            buyer, target = (first, second) if buyer_first else (second, first)
            if buyer.target is None or buyer.target == target.target:
                continue
            return _acquired(scene, match, buyer, target)
    return _united(scene)


def _united(scene: Scene) -> Event | None:
    """Return the merger of "Acme and Beta completed their merger"; the first named counts as the buyer."""
    for first, second in pairwise(scene.companies):
        if first.target is None or first.target == second.target:
            continue
        if scene.text[first.end : second.start].strip() != "and":
            continue
        match = pattern("acquisition", "pair").match(scene.text, second.end, scene.span.end)
        if match is not None:
            return _acquired(scene, match, first, second)
    return None


def _acquired(scene: Scene, match: re.Match[str], buyer: Mention, target: Mention) -> Event:
    event = Event("acquisition", buyer.target or "", buyer.text, scene.span.start)
    event.proofs["company"] = Span(buyer.start, buyer.end)
    part = pattern("acquisition", "part").match(scene.text, target.end, scene.span.end)
    end = part.end() if part else target.end
    event.put("other", scene.text[target.start : end], target.start, end)
    if target.target is not None:
        event.put("other_company", target.target, target.start, target.end)
    verb = "verb" if match.groupdict().get("verb") else "noun"
    pending = pattern("acquisition", "pending").search(match[verb])
    done = pattern("acquisition", "done").search(match[verb])
    stage = "completed" if done and not pending else "agreed"
    event.put("stage", stage, match.start(verb), match.end(verb))
    amounts = [item for item in scene.money() if item[0] >= 100_000_00]
    if len(amounts) > 1:
        # Of several, the one that the target costs stands right behind it.
        amounts = [item for item in amounts if 0 <= item[1].start - end <= _PRICE][:1]
    if len(amounts) == 1:
        cents, span = amounts[0]
        if pattern("acquisition", "amount").search(
            scene.text[max(scene.span.start, span.start - 40) : span.end + 30]
        ):
            event.put("amount_cents", cents, span.start, span.end)
    return event


def closing(scene: Scene, event: Event) -> None:
    """Fill when an acquisition is to close, where a sentence of its article says so."""
    match = pattern("acquisition", "close").search(scene.text, scene.span.start, scene.span.end)
    if match is not None and (when := scene.date_near(match.start())):
        event.put("on", when[0], when[1].start, when[1].end)


def contract(scene: Scene) -> Event | None:
    """Return who won which customer's contract."""
    words = scene.words
    if not pattern("contract", "word").search(words) or pattern("contract", "not_ours").search(words):
        return None
    event = _picked(scene) or _won(scene)
    if event is None:
        return None
    amounts = scene.money()
    if len(amounts) == 1 and amounts[0][0] >= 1_000_00:
        event.put("amount_cents", amounts[0][0], amounts[0][1].start, amounts[0][1].end)
    term = _TERM.search(scene.text, scene.span.start, scene.span.end)
    if term is not None:
        event.put("term_months", term_months(term["figure"], term["unit"]), *term.span())
    return event


def _picked(scene: Scene) -> Event | None:
    for match in pattern("contract", "picks").finditer(scene.text, scene.span.start, scene.span.end):
        provider = scene.named_at(match.end())
        customer = next((m for m in reversed(scene.companies) if m.end <= match.start()), None)
        if provider is None or provider.target is None or customer is None or customer.target is not None:
            continue
        if match.start() - customer.end > 2:
            continue
        event = Event("contract", provider.target, provider.text, scene.span.start)
        event.proofs["company"] = Span(provider.start, provider.end)
        event.put("other", customer.text, customer.start, customer.end)
        return event
    return None


def _won(scene: Scene) -> Event | None:
    for match in pattern("contract", "wins").finditer(scene.text, scene.span.start, scene.span.end):
        provider = scene.company_before(match.start())
        if provider is None or match.start() - provider.end > _NEAR:
            continue
        event = Event("contract", provider.target or "", provider.text, scene.span.start)
        event.proofs["company"] = Span(provider.start, provider.end)
        whose = pattern("contract", "whose").match(scene.text, match.end(), scene.span.end)
        customer = scene.named_at(whose.end()) if whose else None
        if customer is not None and customer.target is None:
            event.put("other", customer.text, customer.start, customer.end)
        return event
    return None


def grants(scene: Scene, programme: tuple[str, Span] | None, of_awards: bool) -> list[Event]:
    """Return whom a sentence awards money, each with its amount.

    `programme` is the article's own; `of_awards` tells that its lead speaks of awards. In a list of them a
    bare "Acme: $2 million" may be what Acme pays, so that places or homes served must stand beside it.
    """
    if pattern("grant", "not_ours").search(scene.words):
        return []
    served = bool(scene.local()) or pattern("grant", "served").search(scene.words) is not None
    if not pattern("grant", "sign").search(scene.words) and not (of_awards and served):
        return []
    found: list[Event] = []
    for mention in scene.companies:
        if mention.target is None or any(event.company == mention.target for event in found):
            continue
        span = award_span(scene.text, mention.start, mention.end) or _given(scene, mention)
        if span is None or span.end > scene.span.end or span.start < scene.span.start:
            continue
        amount = next((item for item in scene.money() if item[1].start == span.start), None)
        if amount is None or amount[0] < 1_000_00:
            continue
        event = Event("grant", mention.target, mention.text, mention.start)
        event.proofs["company"] = Span(mention.start, mention.end)
        event.put("amount_cents", amount[0], amount[1].start, amount[1].end)
        named = programme_in(scene.text, scene.span.start, scene.span.end) or programme
        if named is not None:
            event.put("programme", named[0], named[1].start, named[1].end)
        found.append(event)
        following = next(
            (m.start for m in scene.companies if m.target and m.start > span.end), scene.span.end
        )
        several = len({m.target for m in scene.companies if m.target}) > 1
        start = mention.end if several else scene.span.start
        places = [place for place in scene.local() if start <= place.start < following]
        if places:
            event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    return found


def _given(scene: Scene, mention: Mention) -> Span | None:
    """Return where the amount of "awarded Acme a grant of $4 million" stands."""
    if not pattern("grant", "given_before").search(scene.text[scene.span.start : mention.start]):
        return None
    match = pattern("grant", "given_behind").match(scene.text, mention.end, scene.span.end)
    return next((span for _, span in scene.money() if span.start == match.end()), None) if match else None


def programme_in(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """Return the one programme that a stretch of a text names, or None."""
    found: dict[str, Span] = {}
    for words, name in data()["programmes"].items():
        if match := re.compile(words, re.IGNORECASE).search(text, start, end):
            found.setdefault(name, Span(*match.span()))
    return next(iter(found.items())) if len(found) == 1 else None
