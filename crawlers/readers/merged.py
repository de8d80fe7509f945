"""What a page's cards show and what it tells machines, put together; what a reader sees counts first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawlers.readers.cards import Card
from crawlers.readers.visible import words
from market.ids import slug
from market.records import Offer

_FILLED = (
    "down_mbps",
    "down_mbps_max",
    "up_mbps",
    "up_mbps_max",
    "contract_months",
    "data_cap_gb",
    "unlimited_data",
)
"""Slots that one showing of a plan may leave to the other."""


def same_name(one: str, two: str) -> bool:
    """Say whether two names mean one plan: "Basalt Home 300" and "Home 300 Internet", but not "Home 500"."""
    common = words()["names"]
    first, second = ({*slug(name).split("-")} - {*common["generic"], ""} for name in (one, two))
    figures = [
        {word for word in each if word[0].isdigit() or word in common["units"]} for each in (first, second)
    ]
    if all(figures) and figures[0] != figures[1]:
        return False
    first, second = first - figures[0], second - figures[1]
    return (first <= second or second <= first) if first and second else figures[0] == figures[1] != set()


def is_told(name: str, cents: Iterable[int], told: Iterable[Offer]) -> bool:
    """Say whether JSON-LD tells of an internet plan of this name at one of these prices."""
    amounts = set(cents)
    return any(offer.monthly_cents in amounts and same_name(offer.plan_name, name) for offer in told)


def narrowed(card: Card, name: str, told: Iterable[Offer]) -> Card | None:
    """Return a card of several prices with the one that JSON-LD names; None where it names none."""
    amounts = {offer.monthly_cents for offer in told if same_name(offer.plan_name, name)}
    own = [price for price in card.prices if price.cents in amounts and price.role in ("main", "promo")]
    if len({price.cents for price in own}) != 1:
        return None
    kept = tuple(price for price in card.prices if price in own or price.role not in ("main", "promo"))
    return replace(card, prices=kept) if len(kept) < len(card.prices) else None


def with_structured(shown: Sequence[Offer], told: Sequence[Offer]) -> list[Offer]:
    """Return the offers that cards show, completed by those of JSON-LD, and those that no card shows.

    What contradicts a card (its plan at another price) is left out, and so is all that no card shows where
    the cards are as many as the offers of the JSON-LD.
    """
    found = list(shown)
    cards = [at for at, offer in enumerate(found) if not offer.quote_only]
    for offer in told:
        agreeing = [at for at in cards if _agrees(offer, found[at])]
        named = [at for at in agreeing if _same_plan(offer, found[at])]
        if named or agreeing:
            at = (named or agreeing)[0]
            # Of a plan by another name, the price may be the same by chance.
            if named or offer.down_mbps == found[at].down_mbps:
                found[at] = filled(found[at], offer)
        elif len(cards) < len(told) and not any(_same_plan(offer, found[at]) for at in cards):
            found.append(offer)
    return found


def _same_plan(one: Offer, two: Offer) -> bool:
    return same_name(one.plan_name, two.plan_name)


def _agrees(offer: Offer, other: Offer) -> bool:
    """Say whether a card shows a structured offer: its price, and no other speed."""
    amounts = {other.monthly_cents, other.promo_cents, other.autopay_cents}
    speeds = (offer.down_mbps, other.down_mbps)
    return offer.monthly_cents in amounts and (None in speeds or speeds[0] == speeds[1])


def with_state(shown: Sequence[Offer], kept: Iterable[tuple[str, Offer]]) -> list[Offer]:
    """Return the offers that cards show and those that stand beside all of them in one list of the page's
    state: a slider or a chooser shows one plan at a time. `kept` holds each with its list.
    """
    lists: dict[str, list[Offer]] = {}
    for place, offer in kept:
        lists.setdefault(place, []).append(offer)
    for offers in lists.values():
        pairs = [next((each for each in offers if _is_shown(each, card)), None) for card in shown]
        if len(offers) <= len(shown) or None in pairs or not shown:
            continue
        partners = {each.id: card for each, card in zip(pairs, shown, strict=True) if each is not None}
        return [
            filled(partners[each.id], each) if each.id in partners else each for each in offers
        ]  # fmt: skip
    return list(shown)


def _is_shown(kept: Offer, card: Offer) -> bool:
    amounts = {kept.monthly_cents, kept.promo_cents, kept.autopay_cents} - {None}
    price = card.promo_cents or card.autopay_cents or card.monthly_cents
    alike = same_name(kept.plan_name, card.plan_name)
    return price in amounts and (alike or (card.down_mbps is not None and kept.down_mbps == card.down_mbps))


def filled(offer: Offer, other: Offer) -> Offer:
    """Return the offer with the slots that it leaves open and another showing of its plan does not."""
    names = [slot for slot in _FILLED if getattr(offer, slot) is None and getattr(other, slot) is not None]
    if offer.down_mbps is not None:
        names = [slot for slot in names if slot != "down_mbps_max"]
    if offer.up_mbps is not None:
        names = [slot for slot in names if slot != "up_mbps_max"]
    if offer.unlimited_data or offer.data_cap_gb is not None:
        names = [slot for slot in names if slot not in ("data_cap_gb", "unlimited_data")]
    changes = {slot: getattr(other, slot) for slot in names}
    if offer.monthly_cents is None and offer.promo_cents == other.promo_cents is not None:
        changes["monthly_cents"] = other.monthly_cents
    if offer.promo_months is None and offer.promo_cents == other.promo_cents is not None:
        changes["promo_months"] = other.promo_months
    for slot in ("segment", "technology"):
        if getattr(offer, slot) == "unknown":
            changes[slot] = getattr(other, slot)
    proof = tuple(
        each.model_copy(update={"record_id": offer.id}) for each in other.evidence if each.slot in changes
    )
    return offer.model_copy(update={**changes, "evidence": (*offer.evidence, *proof)})
