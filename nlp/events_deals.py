"""Acquisitions, contracts and grants: who, with whom, for how much."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, pairwise

from market.records import Mention
from market.units import TERM, term_months
from nlp.document import Span
from nlp.events_scene import Event, Scene, data, pattern
from nlp.providers_signs import award_span
from nlp.regions import PlaceMention

_TERM = re.compile(rf"\b{TERM}\b", re.IGNORECASE)
_PRICE = 40
"""Characters from a company that is bought to its price."""
_NEAR = 70
"""Characters between a company and what it does."""


def acquisitions(scene: Scene) -> list[Event]:
    """Return who buys whom, from a sentence that says so of the present and without a doubt."""
    event = _acquisition(scene)
    return [] if event is None else [event, *_coordinated(scene, event)]


def _coordinated(scene: Scene, event: Event) -> list[Event]:
    """Return the purchase of the second of "bought Acme and Beta"; a price would be that of both."""
    if "amount_cents" in event.slots or "other" not in event.proofs:
        return []
    behind = re.compile(r"\s+and\s+").match(scene.text, event.proofs["other"].end, scene.span.end)
    second = scene.named_at(behind.end(), 0) if behind else None
    if second is None or event.company in (second.target, ""):
        return []
    other = Event("acquisition", event.company, event.company_name, event.start)
    other.proofs["company"] = event.proofs["company"]
    other.put("other", scene.text[second.start : second.end], second.start, second.end)
    if second.target is not None:
        other.put("other_company", second.target, second.start, second.end)
    other.put("stage", event.slots["stage"], event.proofs["stage"].start, event.proofs["stage"].end)
    return [other]


def _acquisition(scene: Scene) -> Event | None:
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
    return _sold(scene) or _united(scene)


def _sold(scene: Scene) -> Event | None:
    """Return the sale of "Acme has agreed to sell its Ohio lines to Beta"."""
    for match in pattern("acquisition", "sells").finditer(scene.text, scene.span.start, scene.span.end):
        buyer = scene.named_at(match.end())
        if buyer is None or buyer.target is None or scene.company_before(match.start()) is buyer:
            continue
        event = Event("acquisition", buyer.target, buyer.text, scene.span.start)
        event.proofs["company"] = Span(buyer.start, buyer.end)
        sold = next((m for m in scene.companies if m.start == match.start("what")), None)
        event.put("other", scene.text[slice(*match.span("what"))].removesuffix(" there"), *match.span("what"))
        if sold is not None and sold.end == match.end("what") and sold.target is not None:
            event.put("other_company", sold.target, sold.start, sold.end)
        _stage_and_price(scene, event, match, "verb", buyer.end)
        return event
    return None


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
    if done := pattern("acquisition", "now_done").match(scene.text, end, scene.span.end):
        event.put("stage", "completed", target.start, done.end())
    _stage_and_price(scene, event, match, _verb_of(match), end)
    return event


def _verb_of(match: re.Match[str]) -> str:
    """Return the group that tells how far a deal is."""
    return next(name for name in ("verb", "noun", "union") if match.groupdict().get(name))


def _stage_and_price(scene: Scene, event: Event, match: re.Match[str], verb: str, end: int) -> None:
    """Fill how far a purchase is, by its verb, and what it costs; `end` is where the named thing ends."""
    # "completed its merger with": how far it is stands before the noun.
    words = (
        match[verb]
        if verb == "verb"
        else scene.text[max(scene.span.start, match.start(verb) - 30) : match.end(verb)]
    )
    pending = pattern("acquisition", "pending").search(words)
    done = pattern("acquisition", "done").search(words)
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


def priced(scene: Scene, event: Event) -> None:
    """Fill the price of an acquisition from a later sentence of its article that gives one amount."""
    amounts = [item for item in scene.money() if item[0] >= 100_000_00]
    words = scene.words
    said = pattern("acquisition", "price").search(words) and not pattern("acquisition", "not_price").search(
        words
    )
    if said and len(amounts) == 1:
        event.put("amount_cents", amounts[0][0], amounts[0][1].start, amounts[0][1].end)


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
    event = _picked(scene) or _picked_by(scene) or _won(scene)
    if event is None:
        return None
    _worth(scene, event)
    return event


def _worth(scene: Scene, event: Event) -> None:
    amounts = scene.money()
    if len(amounts) == 1 and amounts[0][0] >= 1_000_00:
        event.put("amount_cents", amounts[0][0], amounts[0][1].start, amounts[0][1].end)
    term = _TERM.search(scene.text, scene.span.start, scene.span.end)
    if term is not None:
        event.put("term_months", term_months(term["figure"], term["unit"]), *term.span())


def add_to_contract(scene: Scene, event: Event) -> None:
    """Fill value and term of a contract from a later sentence that speaks of it."""
    if pattern("contract", "kept").search(scene.words):
        _worth(scene, event)


def _picked(scene: Scene) -> Event | None:
    found = (
        pattern("contract", name).finditer(scene.text, scene.span.start, scene.span.end)
        for name in ("gives", "picks")
    )
    for match in chain.from_iterable(found):
        provider = scene.named_at(match.end())
        customer = _customer(scene, match.start())
        if provider is None or provider.target is None or customer is None:
            continue
        event = Event("contract", provider.target, provider.text, scene.span.start)
        event.proofs["company"] = Span(provider.start, provider.end)
        event.put("other", scene.text[customer.start : customer.end], customer.start, customer.end)
        return event
    return None


def _picked_by(scene: Scene) -> Event | None:
    """Return the contract of "Acme was chosen by the city of Greer to connect its schools"."""
    for match in pattern("contract", "picked_by").finditer(scene.text, scene.span.start, scene.span.end):
        provider, customer = scene.company_before(match.start()), _body_at(scene, match.end())
        if provider is None or match.start() - provider.end > 2 or customer is None:
            continue
        event = Event("contract", provider.target or "", provider.text, scene.span.start)
        event.proofs["company"] = Span(provider.start, provider.end)
        event.put("other", scene.text[customer.start : customer.end], customer.start, customer.end)
        return event
    return None


def _body_at(scene: Scene, position: int) -> Span | None:
    """Return the public body or organisation of no market that is named at a position."""
    if (body := _customers().match(scene.text, position, scene.span.end)) is not None:
        return Span(*body.span())
    named = scene.named_at(position)
    return Span(named.start, named.end) if named is not None and named.target is None else None


def _customer(scene: Scene, before: int) -> Span | None:
    """Return who picks a provider at a position: an organisation or public body that stands before it."""
    last = next((m for m in reversed(scene.companies) if m.end <= before), None)
    if last is not None and last.target is None and before - last.end <= 2:
        return Span(last.start, last.end)
    bodies = [
        Span(*match.span())
        for match in _customers().finditer(scene.text, scene.span.start, before)
        if before - match.end() <= _NEAR and ";" not in scene.text[match.end() : before]
    ]
    if bodies and (last is None or last.target is None or last.end <= bodies[-1].start):
        return bodies[-1]
    return None


@cache
def _customers() -> re.Pattern[str]:
    # Names of bodies are told by their capitals.
    return re.compile(data()["contract"]["customer"])


def _won(scene: Scene) -> Event | None:
    for match in pattern("contract", "wins").finditer(scene.text, scene.span.start, scene.span.end):
        provider = scene.company_before(match.start())
        if provider is None or match.start() - provider.end > _NEAR:
            continue
        event = Event("contract", provider.target or "", provider.text, scene.span.start)
        event.proofs["company"] = Span(provider.start, provider.end)
        whose = pattern("contract", "whose").match(scene.text, match.end(), scene.span.end)
        customer = _body_at(scene, whose.end()) if whose else None
        if customer is not None:
            event.put("other", scene.text[customer.start : customer.end], customer.start, customer.end)
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
        span = (
            award_span(scene.text, mention.start, mention.end)
            or _given(scene, mention)
            or _gets(scene, mention)
            or _goes_to(scene, mention)
        )
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
        places = [
            place
            for place in scene.local()
            # A town between the recipient and its money is where the recipient is.
            if start <= place.start < following
            and (not mention.end <= place.start < span.start or _is_county(place))
        ]
        if places:
            event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)
    return found


def _is_county(mention: PlaceMention) -> bool:
    return mention.place is not None and mention.place.kind == "county"


def _given(scene: Scene, mention: Mention) -> Span | None:
    """Return where the amount of "awarded Acme a grant of $4 million" stands."""
    if not pattern("grant", "given_before").search(scene.text[scene.span.start : mention.start]):
        return None
    match = pattern("grant", "given_behind").match(scene.text, mention.end, scene.span.end)
    return next((span for _, span in scene.money() if span.start == match.end()), None) if match else None


def _gets(scene: Scene, mention: Mention) -> Span | None:
    """Return where the amount of "Acme has been picked for a grant of $4 million" stands."""
    match = pattern("grant", "gets").match(scene.text, mention.end, scene.span.end)
    if match is None or any(m.target and mention.end < m.start < match.end() for m in scene.companies):
        return None
    return next((span for _, span in scene.money() if span.start == match.end()), None)


def _goes_to(scene: Scene, mention: Mention) -> Span | None:
    """Return where the amount of "A second award, $4.1 million, goes to Acme" stands."""
    last = next((span for _, span in reversed(scene.money()) if span.end <= mention.start), None)
    if last is None or pattern("grant", "goes").match(scene.text[last.end : mention.start]) is None:
        return None
    own = pattern("grant", "own").search(scene.text, scene.span.start, last.start)
    return None if own else last


def add_to_grant(scene: Scene, event: Event) -> None:
    """Fill where a grant's money goes from a later sentence without another amount or company."""
    if scene.money() or not pattern("grant", "spent_on").search(scene.words):
        return
    places = scene.local()
    if not places or not pattern("grant", "ground").search(scene.text[scene.span.start : places[0].start]):
        return
    if all(m.target in (None, event.company) for m in scene.companies):
        event.put("places", tuple(m.place.id for m in places if m.place), places[0].start, places[-1].end)


def programme_in(text: str, start: int, end: int) -> tuple[str, Span] | None:
    """Return the one programme that a stretch of a text names, or None."""
    found: dict[str, Span] = {}
    for words, name in data()["programmes"].items():
        if match := re.compile(words, re.IGNORECASE).search(text, start, end):
            found.setdefault(name, Span(*match.span()))
    return next(iter(found.items())) if len(found) == 1 else None
