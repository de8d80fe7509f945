"""A plan page read into Offers: JSON-LD offers and plan cards, one price and one speed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crawlers.readers.asides import is_aside, lead_lines
from crawlers.readers.cardreader import CardReader, ReadCard, Step
from crawlers.readers.cards import MAX_CARDS, Card, Sheet
from crawlers.readers.choices import choices
from crawlers.readers.distinct import distinct
from crawlers.readers.draft import UnclearError
from crawlers.readers.frame import Frame
from crawlers.readers.jsonoffers import json_offers
from crawlers.readers.labelpage import LabelPage, Region, label_regions
from crawlers.readers.merged import narrowed, with_state, with_structured
from crawlers.readers.namedrates import NamedRates
from crawlers.readers.notes import Notes, is_note
from crawlers.readers.page import Page, Trouble
from crawlers.readers.sheet import PLAN_ROLES
from crawlers.readers.stateoffers import state_offers
from crawlers.readers.tokens import MAX_TOKENS
from crawlers.readers.unpriced import unpriced
from crawlers.readers.visible import css_path
from market.records import Capture, CssPath, Offer, Source
from market.records.evidence import Locator

VERSION = 6
"""Raised whenever a plan page can be read differently."""
READER = "offers"
MAX_UNREAD = 20
"""Issues of a page for parts whose amounts could not be read."""
MAX_SHOWN = 4
"""Plans that a slider or a chooser shows at most at a time."""
MAX_BUNDLES = 40
"""Bundles that the issue of a page lists."""


@dataclass
class PlanPage:
    """What a page gave."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    """Why each slot of the offers read from cards has its value."""


def read_offers(capture: Capture, body: bytes, source: Source, now: datetime) -> PlanPage:
    """Read one plan page; `now` is not used, since an offer is observed when its page was captured."""
    page = Page(body)
    result = PlanPage(troubles=list(page.troubles))
    if page.tree is None:
        result.troubles.append(_nothing("The answer holds no HTML"))
        return result
    frame = Frame(page, capture, source)
    sheet = Sheet(page.tree)
    frame.hear(sheet.flat.text, lead_lines(sheet))
    result.counts["cards"] = len(sheet.cards)
    result.counts["prices"] = len(sheet.prices)
    if sheet.cut:
        full = len(sheet.cards) >= MAX_CARDS
        seen = f"lists more than {MAX_CARDS} plans; the rest" if full else (
            f"shows more than {MAX_TOKENS:,} amounts or speeds, as no page of plans does; it"
        )  # fmt: skip
        result.troubles.append(
            Trouble("offers-cut", f"The page {seen} was not read. Split the source, or point it elsewhere.")
        )
    regions = label_regions(sheet.flat)
    labels = [LabelPage(sheet.flat, region).offer(frame.shared, READER, VERSION) for region in regions]
    told = list(json_offers(page, frame.shared, READER, VERSION))
    floors, only_floors = _cards(sheet, frame, regions, result, told)
    result.offers = list(_without_banners(result.offers, floors))
    if not result.offers:
        # "Internet from $35" advertises the plans below it, and is what the page publishes where none are.
        result.offers = only_floors
    result.offers = list(_without_choices(result.offers))
    if frame.both:
        result.offers = _homes_and_businesses(result.offers)
    result.offers.extend(offer for offer in labels if offer is not None)
    result.offers = with_structured(result.offers, told)
    if len(result.offers) <= MAX_SHOWN:
        # What a page keeps for its scripts counts where it shows no plan itself, or a few of several.
        kept, large = state_offers(page, frame, READER, VERSION)
        if result.offers:
            result.offers = with_state(result.offers, kept)
        else:
            result.offers = [offer for _, offer in kept]
            result.troubles.extend(large)
    result.offers = list(distinct(result.offers))
    result.counts["offers"] = len(result.offers)
    if not result.offers and all(trouble.level == "info" for trouble in result.troubles):
        why = unpriced(sheet)
        if why is not None:
            result.troubles.append(why)
            return result
        seen = ""
        if result.counts["bundles"]:
            seen = f"; it sells {result.counts['bundles']} bundles with TV or phone"
        elif sheet.prices or sheet.speeds:
            seen = f"; it shows {len(sheet.prices)} amounts and {len(sheet.speeds)} speeds"
        result.troubles.append(_nothing(f"The page holds no plan with a price{seen}"))
    return result


def _cards(
    sheet: Sheet, frame: Frame, regions: Sequence[Region], result: PlanPage, told: Sequence[Offer]
) -> tuple[set[str], list[Offer]]:
    """Read the cards into `result`; return the ids of offers that say "from" of all their prices, and the
    offers that do so without a speed.
    """
    floors: set[str] = set()
    beside: set[str] = set()
    only: list[Offer] = []
    bundles: list[dict[str, Any]] = []
    notes, rates = Notes(sheet), NamedRates(sheet)
    for whole in _alone(sheet):
        if is_note(whole, sheet):
            continue
        if any(region.start <= whole.prices[0].start < region.end for region in regions if whole.prices):
            continue
        for card in choices(notes.attach(whole), sheet):
            reader = CardReader(card, sheet, frame, (READER, VERSION), rates)
            try:
                one = narrowed(card, reader.name, told) if told else None
                if one is not None:
                    reader = CardReader(one, sheet, frame, (READER, VERSION), rates)
                read = reader.read(told)
            except UnclearError as unclear:
                result.troubles.append(_unclear(card, sheet, str(unclear)))
                continue
            if not isinstance(read, ReadCard):
                result.counts["bundles" if read == "bundle" else "other_products"] += 1
                if read == "bundle":
                    bundles.append(_shown(card, sheet) | {"name": reader.name})
                continue
            own = [price for price in card.prices if price.role in PLAN_ROLES]
            floor = bool(own) and all(price.least for price in own)
            if not card.speeds and any(price.least for price in own) and len({p.cents for p in own}) == 1:
                only.append(read.offer)
            else:
                result.offers.append(read.offer)
            if floor:
                floors.add(read.offer.id)
            if is_aside(card, sheet, reader.name):
                beside.add(read.offer.id)
            result.steps.extend(read.steps)
    if any(offer.id not in beside for offer in result.offers):
        # Beside plans of its own, a page tells of those of others, and of what its own cost once.
        result.counts["asides"] = len(beside)
        result.offers = [offer for offer in result.offers if offer.id not in beside]
    for span in sheet.unread[:MAX_UNREAD]:
        unread = Card((span,), tuple(sheet.prices_of(span)), (), ())
        result.troubles.append(_unclear(unread, sheet, "no amount in it is plainly the price of a month"))
    if bundles:
        result.troubles.append(
            Trouble(
                "bundles-kept",
                f"Bundles with TV or phone in their price: {len(bundles)}. They are kept here, "
                "since they are no internet plans.",
                "info",
                {"bundles": bundles[:MAX_BUNDLES]},
            )
        )
    return floors, only


def _alone(sheet: Sheet) -> list[Card]:
    """Return the cards; on a page of one plan, the contract it speaks of elsewhere is that plan's."""
    if len(sheet.cards) != 1 or any(term.kind == "contract" for term in sheet.cards[0].terms):
        return sheet.cards
    terms = tuple(term for term in sheet.terms if term.kind == "contract")
    return [replace(sheet.cards[0], terms=sheet.cards[0].terms + terms)]


def _without_banners(offers: list[Offer], floors: set[str]) -> Iterator[Offer]:
    """Leave out a banner that names the least price of the page's plans beside the speed of another one.

    `floors` are the ids of offers whose card says "from" or "starting at" of all its prices.
    """
    for offer in offers:
        floor = offer.monthly_cents or offer.autopay_cents
        # One that tells a promotion's price is a plan of its own, whatever its neighbours cost.
        if (
            offer.id in floors
            and offer.promo_cents is None
            and floor
            and any(
                other.id not in floors
                and other.down_mbps != offer.down_mbps
                and floor in (other.monthly_cents, other.promo_cents, other.autopay_cents)
                for other in offers
            )
        ):
            continue
        yield offer


def _without_choices(offers: list[Offer]) -> Iterator[Offer]:
    """Leave out the entries of a form's list that name plans which the page shows beside it."""
    chosen = {offer.id for offer in offers if any(_in_list(each.where) for each in offer.evidence)}
    shown = {(o.down_mbps, o.promo_cents or o.monthly_cents) for o in offers if o.id not in chosen}
    for offer in offers:
        if offer.id not in chosen or (offer.down_mbps, offer.monthly_cents) not in shown:
            yield offer


def _in_list(where: Locator) -> bool:
    return isinstance(where, CssPath) and " > option:" in where.path


def _homes_and_businesses(offers: list[Offer]) -> list[Offer]:
    """On a page for both, the plans beside those that say "business" are for homes."""
    if not any(offer.segment == "business" for offer in offers):
        return offers
    return [
        offer.model_copy(update={"segment": "residential"})
        if offer.segment == "unknown" and not offer.quote_only
        else offer
        for offer in offers
    ]


def _nothing(why: str) -> Trouble:
    return Trouble(
        "offers-empty", f"{why}. Point the source at a page whose plans and prices are in the HTML."
    )


def _unclear(card: Card, sheet: Sheet, why: str) -> Trouble:
    shown = _shown(card, sheet)
    return Trouble(
        "offer-unclear",
        f"A plan was not read: {why}. Open the page and compare; it begins {shown['text'][:60]!r}.",
        data=shown,
    )


def _shown(card: Card, sheet: Sheet) -> dict[str, Any]:
    """Return what a card shows, as an issue keeps it: its words, its element, its amounts in cents."""
    low, high = card.spans[0][0], card.spans[-1][1]
    text = " ".join(sheet.words_of(span) for span in card.spans)[:300]
    element = sheet.flat.element_of(low, max(low, high))
    return {"text": text, "css": css_path(element), "prices": [price.cents for price in card.prices]}
