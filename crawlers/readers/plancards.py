"""The cards of a page read one by one: internet plans, bundles with internet, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crawlers.readers.asides import is_aside
from crawlers.readers.cardreader import CardReader
from crawlers.readers.cards import Card, Sheet
from crawlers.readers.choices import choices
from crawlers.readers.draft import UnclearError
from crawlers.readers.frame import Frame
from crawlers.readers.labelwords import Region
from crawlers.readers.merged import narrowed
from crawlers.readers.namedrates import NamedRates
from crawlers.readers.notes import Notes, is_note
from crawlers.readers.page import Trouble
from crawlers.readers.sheet import PLAN_ROLES
from crawlers.readers.told import Proofs
from crawlers.readers.visible import css_path
from market.records import Offer

MAX_UNREAD = 20
"""Issues of a page for parts whose amounts could not be read."""


@dataclass
class Kept:
    """Offers of one kind: those read, and what decides later which of them are the page's."""

    offers: list[Offer] = field(default_factory=list)
    only: list[Offer] = field(default_factory=list)
    """Those that say "from" of their price, without a speed: they advertise the others."""
    floors: set[str] = field(default_factory=set)
    """Ids of those whose card says "from" of all its prices."""
    beside: set[str] = field(default_factory=set)
    """Ids of those in a part that tells of others, or of the past."""

    def own(self) -> list[Offer]:
        """Return the page's own offers: beside them, it tells of those of others and of what its own cost."""
        own = [offer for offer in self.offers if offer.id not in self.beside]
        return own or self.offers


@dataclass
class PlanCards:
    """What a page's cards gave."""

    plans: Kept = field(default_factory=Kept)
    bundles: Kept = field(default_factory=Kept)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, reader: CardReader, offer: Offer, card: Card, sheet: Sheet) -> None:
        """Take in what one card gave."""
        kept = self.bundles if reader.is_bundle else self.plans
        own = [price for price in card.prices if price.role in PLAN_ROLES]
        if not card.speeds and any(price.least for price in own) and len({p.cents for p in own}) == 1:
            kept.only.append(offer)
        else:
            kept.offers.append(offer)
        if own and all(price.least for price in own):
            kept.floors.add(offer.id)
        if is_aside(card, sheet, reader.name):
            kept.beside.add(offer.id)


def read_cards(
    sheet: Sheet, frame: Frame, regions: Sequence[Region], told: Sequence[Offer], proofs: Proofs
) -> PlanCards:
    """Read the cards of a page outside of its labels (`regions`); `told` are the offers of its JSON-LD."""
    found = PlanCards()
    notes, rates = Notes(sheet), NamedRates(sheet)
    for whole in _alone(sheet):
        if is_note(whole, sheet):
            continue
        if any(region.start <= whole.prices[0].start < region.end for region in regions if whole.prices):
            continue
        for card in choices(notes.attach(whole), sheet):
            reader = CardReader(card, sheet, frame, proofs, rates)
            try:
                one = narrowed(card, reader.name, told) if told else None
                if one is not None:
                    reader = CardReader(one, sheet, frame, proofs, rates)
                read = reader.read(told)
            except UnclearError as unclear:
                found.troubles.append(
                    _unclear(card, sheet, str(unclear), name=reader.name, bundle=reader.is_bundle)
                )
                continue
            if isinstance(read, Offer):
                found.add(reader, read, card, sheet)
            else:
                found.counts["other_products"] += 1
    if found.plans.own() != found.plans.offers:
        found.counts["asides"] = len(found.plans.beside)
    for span in sheet.bare[:MAX_UNREAD]:
        card = Card((span,), tuple(sheet.prices_of(span)), tuple(sheet.speeds_of(span)), (), how="element")
        reader = CardReader(card, sheet, frame, proofs, rates)
        if any(region.start <= span[0] < region.end for region in regions) or is_note(card, sheet):
            continue
        if reader.sells in ("internet", "bundle"):
            why = "it states a speed and no price that can be read"
            found.troubles.append(_unclear(card, sheet, why, name=reader.name))
    for span in sheet.unread[:MAX_UNREAD]:
        unread = Card((span,), tuple(sheet.prices_of(span)), (), ())
        found.troubles.append(_unclear(unread, sheet, "no amount in it is plainly the price of a month"))
    return found


def _alone(sheet: Sheet) -> list[Card]:
    """Return the cards; on a page of one plan, the contract it speaks of elsewhere is that plan's."""
    if len(sheet.cards) != 1 or any(term.kind == "contract" for term in sheet.cards[0].terms):
        return sheet.cards
    terms = tuple(term for term in sheet.terms if term.kind == "contract")
    return [replace(sheet.cards[0], terms=sheet.cards[0].terms + terms)]


def _unclear(card: Card, sheet: Sheet, why: str, *, name: str = "", bundle: bool = False) -> Trouble:
    shown = _shown(card, sheet) | ({"name": name} if name else {})
    what = f"{name!r} was" if name else "was"
    what = f"{what} not read: {why}. Open the page and compare; it begins {shown['text'][:60]!r}."
    if bundle:
        return Trouble("bundle-unclear", f"A bundle {what}", "info", shown)
    return Trouble("offer-unclear", f"A plan {what}", data=shown)


def _shown(card: Card, sheet: Sheet) -> dict[str, Any]:
    """Return what a card shows, as an issue keeps it: its words, its element, its amounts in cents."""
    low, high = card.spans[0][0], card.spans[-1][1]
    text = " ".join(sheet.words_of(span) for span in card.spans)[:300]
    element = sheet.flat.element_of(low, max(low, high))
    return {"text": text, "css": css_path(element), "prices": [price.cents for price in card.prices]}
