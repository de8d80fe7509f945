"""A plan page read into Offers: JSON-LD offers and plan cards, one price and one speed each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.readers.asides import lead_lines
from crawlers.readers.cards import MAX_CARDS, Sheet
from crawlers.readers.distinct import distinct
from crawlers.readers.frame import Frame
from crawlers.readers.jsonoffers import json_offers
from crawlers.readers.labelpage import LabelPage
from crawlers.readers.labelwords import label_regions
from crawlers.readers.merged import with_state, with_structured
from crawlers.readers.page import Page, Trouble
from crawlers.readers.plancards import read_cards
from crawlers.readers.sharedproofs import SharedProofs
from crawlers.readers.stateoffers import state_offers
from crawlers.readers.tokens import MAX_TOKENS
from crawlers.readers.told import Proofs, Step
from crawlers.readers.unpriced import unpriced
from market.records import Capture, CssPath, Offer, Source
from market.records.evidence import Locator

VERSION = 8
"""Raised whenever a plan page can be read differently."""
READER = "offers"
MAX_SHOWN = 4
"""Plans that a slider or a chooser shows at most at a time."""


@dataclass
class PlanPage:
    """What a page gave."""

    offers: list[Offer] = field(default_factory=list)
    """Internet plans, and behind them the bundles."""
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    """Why slots have their values: all of those read from cards, and what holds for the page."""

    @property
    def plans(self) -> list[Offer]:
        """The internet plans alone."""
        return [offer for offer in self.offers if not offer.bundled_with]


def read_page(page: Page, capture: Capture, source: Source) -> PlanPage:
    """Read one plan page; an offer is observed when its page was captured."""
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
    proofs = Proofs(sheet, capture.id, READER, VERSION)
    told = list(json_offers(page, frame.shared, READER, VERSION))
    cards = read_cards(sheet, frame, regions, [each for each in told if not each.bundled_with], proofs)
    result.troubles.extend(cards.troubles)
    result.counts += cards.counts
    # "Internet from $35" advertises the plans below it, and is what the page publishes where none are.
    plans = list(_without_banners(cards.plans.own(), cards.plans.floors)) or cards.plans.only
    plans = list(_without_choices(plans))
    bundles = list(_without_banners(cards.bundles.own(), cards.bundles.floors)) or cards.bundles.only
    if frame.both:
        plans = _homes_and_businesses(plans)
    plans.extend(offer for offer in labels if offer is not None)
    plans = with_structured(plans, [each for each in told if not each.bundled_with])
    bundles = with_structured(bundles, [each for each in told if each.bundled_with])
    if len(plans) <= MAX_SHOWN:
        # What a page keeps for its scripts counts where it shows no plan itself, or a few of several.
        kept, large = state_offers(page, frame, proofs)
        if plans:
            plans = with_state(plans, [each for each in kept if not each[1].bundled_with])
        else:
            plans = [offer for _, offer in kept if not offer.bundled_with]
            bundles = bundles or [offer for _, offer in kept if offer.bundled_with]
            result.troubles.extend(large)
    shared = SharedProofs(frame, proofs)
    result.offers = [shared.prove(offer) for offer in (*distinct(plans), *distinct(bundles))]
    result.steps = proofs.steps
    result.counts["bundles"] = len(result.offers) - len(result.plans)
    result.counts["offers"] = len(result.offers)
    if not result.offers and all(trouble.level == "info" for trouble in result.troubles):
        why = unpriced(sheet)
        if why is not None:
            result.troubles.append(why)
            return result
        seen = ""
        if sheet.prices or sheet.speeds:
            seen = f"; it shows {len(sheet.prices)} amounts and {len(sheet.speeds)} speeds"
        result.troubles.append(_nothing(f"The page holds no plan with a price{seen}"))
    return result


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
