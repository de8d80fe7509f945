"""A plan page read into Offers: JSON-LD offers and plan cards, one price and one speed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crawlers.readers.cards import MAX_CARDS, Card, Sheet
from crawlers.readers.draft import Draft, UnclearError
from crawlers.readers.frame import Frame
from crawlers.readers.jsonoffers import json_offers
from crawlers.readers.labelpage import LabelPage, label_regions
from crawlers.readers.page import Page, Trouble
from crawlers.readers.planname import Product, plan_name, product
from crawlers.readers.planprice import price_slots
from crawlers.readers.planspeed import speed_slots
from crawlers.readers.planterms import contract_slots, data_slots, fee_slots
from crawlers.readers.stateoffers import state_offers
from crawlers.readers.visible import css_path, visible_text
from market.ids import offer_id, slug
from market.records import Capture, CssPath, Evidence, Offer, Source

VERSION = 3
"""Raised whenever a plan page can be read differently."""
READER = "offers"


@dataclass
class PlanPage:
    """What a page gave."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def read_offers(capture: Capture, body: bytes, source: Source, now: datetime) -> PlanPage:
    """Read one plan page; `now` is not used, since an offer is observed when its page was captured."""
    page = Page(body)
    result = PlanPage(troubles=list(page.troubles))
    if page.tree is None:
        result.troubles.append(_nothing("The answer holds no HTML"))
        return result
    frame = Frame(page, capture, source)
    sheet = Sheet(page.tree)
    result.counts["cards"] = len(sheet.cards)
    result.counts["prices"] = len(sheet.prices)
    if sheet.cut:
        result.troubles.append(
            Trouble(
                "offers-cut",
                f"The page lists more than {MAX_CARDS} plans; the rest was not read. Split the source.",
            )
        )
    regions = label_regions(sheet.flat)
    labels = [LabelPage(sheet.flat, region).offer(frame.shared, READER, VERSION) for region in regions]
    floors: set[str] = set()
    for card in _alone(sheet):
        if any(region.start <= card.prices[0].start < region.end for region in regions if card.prices):
            continue
        try:
            offer = CardReader(card, sheet, frame).offer()
        except UnclearError as unclear:
            result.troubles.append(_unclear(card, sheet, str(unclear)))
            continue
        if isinstance(offer, Offer):
            result.offers.append(offer)
            if card.prices and all(price.least for price in card.prices):
                floors.add(offer.id)
        else:
            result.counts["bundles" if offer == "bundle" else "other_products"] += 1
    result.offers = list(_without_banners(result.offers, floors))
    if frame.both:
        result.offers = _homes_and_businesses(result.offers)
    result.offers.extend(offer for offer in labels if offer is not None)
    for offer in json_offers(page, frame.shared, READER, VERSION):
        if not _told(offer, result.offers):
            result.offers.append(offer)
    if not result.offers and not result.troubles:
        # What a page keeps for its scripts counts only where it shows no plan itself.
        result.offers.extend(state_offers(page, frame.shared, READER, VERSION))
    result.offers = list(_distinct(result.offers))
    result.counts["offers"] = len(result.offers)
    if not result.offers and not result.troubles:
        seen = ""
        if result.counts["bundles"]:
            seen = f"; it sells {result.counts['bundles']} bundles with TV or phone"
        elif sheet.prices or sheet.speeds:
            seen = f"; it shows {len(sheet.prices)} amounts and {len(sheet.speeds)} speeds"
        result.troubles.append(_nothing(f"The page holds no plan with a price{seen}"))
    return result


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
    low, high = card.spans[0]
    shown = " ".join(sheet.flat.text[low:high].split())[:300]
    element = sheet.flat.element_of(low, high)
    return Trouble(
        "offer-unclear",
        f"A plan was not read: {why}. Open the page and compare; it begins {shown[:60]!r}.",
        data={"text": shown, "css": css_path(element), "prices": [price.cents for price in card.prices]},
    )


def _told(offer: Offer, others: Iterable[Offer]) -> bool:
    """Say whether a card already gave this JSON-LD offer: the same price, and no other speed."""
    for other in others:
        amounts = {other.monthly_cents, other.promo_cents, other.autopay_cents}
        if offer.monthly_cents in amounts and offer.down_mbps in (None, other.down_mbps):
            return True
    return False


def _distinct(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Leave out a plan shown twice (tabs, sticky bars) and give plans of one name keys of their own."""
    seen: set[tuple[Any, ...]] = set()
    keys: Counter[str] = Counter()
    for offer in offers:
        facts = (
            offer.plan_key, offer.monthly_cents, offer.promo_cents, offer.promo_months, offer.autopay_cents,
            offer.down_mbps, offer.up_mbps, offer.contract_months, offer.quote_only,
        )  # fmt: skip
        if facts in seen:
            continue
        seen.add(facts)
        keys[offer.plan_key] += 1
        if keys[offer.plan_key] > 1 and offer.down_mbps is not None:
            # Same name, another plan: the speed parts them as a reader would.
            key = f"{offer.plan_key}-{offer.down_mbps:g}".replace(".", "-")
            keys[key] += 1
            offer = offer.model_copy(update={"plan_key": key if keys[key] == 1 else f"{key}-{keys[key]}"})
        elif keys[offer.plan_key] > 1:
            offer = offer.model_copy(update={"plan_key": f"{offer.plan_key}-{keys[offer.plan_key]}"})
        yield offer


class CardReader:
    """Reads one card into an Offer."""

    def __init__(self, card: Card, sheet: Sheet, frame: Frame) -> None:
        self._draft = Draft(card, sheet)
        self._frame = frame

    def offer(self) -> Offer | Product:
        """Return the offer; for a card that is no internet plan, what it sells. Raises UnclearError."""
        draft, frame = self._draft, self._frame
        name = plan_name(draft)
        kind = product(draft, name)
        if (
            kind == "unknown"
            and name
            and frame.internet
            and any(price.role == "main" and price.monthly for price in draft.card.prices)
        ):
            raise UnclearError("nothing in it says that it is an internet plan")
        if kind != "internet":
            return kind
        values: dict[str, Any] = dict(frame.shared)
        values.update(speed_slots(draft))
        values.update(price_slots(draft, self._currency()))
        values.update(contract_slots(draft))
        values.update(data_slots(draft))
        values.update(fee_slots(draft))
        down = values.get("down_mbps")
        plan = name or (f"{down:g} Mbps" if down else "")
        if not plan:
            raise UnclearError("it has neither a name nor a speed")
        own = Frame.segments(f"{name} {draft.card.option}", "in_name")
        if len(own) == 1:
            values["segment"] = own[0]
        technology = frame.technology(name, draft.text)
        plan_key = slug(f"{plan} {draft.card.option}") or "plan"
        where = css_path(draft.flat.element_of(*draft.card.spans[0]))
        ident = offer_id(values["capture_id"], f"{where}#{draft.card.spans[0][0]}", plan_key, technology)
        return Offer(
            id=ident,
            plan_key=plan_key,
            plan_name=plan,
            technology=technology,
            evidence=tuple(self._evidence(ident)),
            **values,
        )

    def _currency(self) -> str:
        codes = {price.currency for price in self._draft.sheet.prices if price.currency}
        return str(codes.pop()) if len(codes) == 1 else self._frame.currency

    def _evidence(self, record: str) -> Iterator[Evidence]:
        for slot, (start, end) in self._draft.marks.items():
            element = self._draft.flat.element_of(start, end)
            yield Evidence(
                capture_id=self._frame.shared["capture_id"],
                record_id=record,
                slot=slot,
                quote=visible_text(element),
                where=CssPath(path=css_path(element)),
                reader=READER,
                reader_version=VERSION,
            )
