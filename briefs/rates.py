"""Our own prices beside the rivals': the same segment, the same speed band, the same kind of price."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from briefs.changes import AUTOPAY, LIST
from briefs.desk import Desk
from briefs.pages import page_of
from briefs.price_words import name_slots, slot_evidence
from briefs.pricebook import BookPlan, band_label, band_of, is_dedicated
from briefs.reach import Reach
from briefs.rules import rules
from briefs.wording import market_label, monthly, segment_label
from market.ids import digest
from market.records import Beside, Claim, Holding, Offer

_SLOT = {LIST: "monthly_cents", AUTOPAY: "autopay_cents"}
_WITH = {LIST: "", AUTOPAY: " with AutoPay"}
_NEVER = datetime.min.replace(tzinfo=UTC)
_HOLDS: dict[Holding, int] = {"territory": 0, "national": 1, "unknown": 2}


@dataclass(frozen=True)
class Rate:
    """One plan's price of one kind."""

    plan: BookPlan
    cents: int
    what: str
    holds: Holding

    @property
    def rank(self) -> tuple[object, ...]:
        """The cheapest first; of equal prices the faster plan, then the one that surely holds here."""
        speed = self.plan.offer.down_mbps_max or self.plan.offer.down_mbps or 0.0
        return (self.cents, -speed, _HOLDS[self.holds], self.plan.plan_name)


def rate_claims(
    desk: Desk, plans: Iterable[BookPlan], reach: Reach, ours: Collection[str], rivals: Collection[str]
) -> list[Claim]:
    """Return one claim for each rival and speed band in which both sides publish a price of one kind.

    `plans` are those of the price book. The cheapest of each side stands for it. A bundle is left out, and so
    is a plan that is withdrawn or was long not seen, whose speed or segment is unknown, or whose price holds
    elsewhere. Business comes before residential.
    """
    book = list(plans)
    newest = max((plan.last_seen for plan in book), default=_NEVER)
    plans = [
        plan
        for plan in book
        if _stands(plan, newest)
        and not plan.bundled_with
        and plan.segment in ("business", "residential")
        and reach.market(plan.offer.market) != "elsewhere"
    ]
    own = [plan for plan in plans if plan.company in ours]
    found = []
    for rival in sorted({plan.company for plan in plans if plan.company in rivals}):
        theirs = [plan for plan in plans if plan.company == rival]
        found += [
            (_order(mine, other), _claim(desk, mine, other)) for mine, other in _pairs(own, theirs, reach)
        ]
    return [claim for _, claim in sorted(found, key=lambda pair: pair[0])]


def _stands(plan: BookPlan, newest: datetime) -> bool:
    if plan.standing == "unseen":
        return newest - plan.last_seen <= timedelta(days=rules().rates.unseen_days)
    return plan.standing == "listed"


_Cell = tuple[str, int, bool]
"""Segment, speed band, and whether the line is dedicated: what is set side by side."""


def _cell(plan: BookPlan) -> _Cell | None:
    speed = plan.offer.down_mbps_max or plan.offer.down_mbps
    return None if speed is None else (plan.segment, band_of(speed), is_dedicated(plan))


def _pairs(own: Sequence[BookPlan], theirs: Sequence[BookPlan], reach: Reach) -> Iterator[tuple[Rate, Rate]]:
    for cell in sorted({cell for plan in theirs if (cell := _cell(plan)) is not None}):
        for what in (LIST, AUTOPAY):
            mine, other = (_cheapest(plans, cell, what, reach) for plans in (own, theirs))
            if mine and other:
                yield mine, other
                break


def _cheapest(plans: Iterable[BookPlan], cell: _Cell, what: str, reach: Reach) -> Rate | None:
    rates = [
        Rate(plan, cents, what, reach.market(plan.offer.market))
        for plan in plans
        if _cell(plan) == cell
        and plan.offer.currency == "USD"
        and (cents := getattr(plan.offer, _SLOT[what])) is not None
    ]
    return min(rates, key=lambda rate: rate.rank, default=None)


def _order(mine: Rate, other: Rate) -> tuple[object, ...]:
    return (_cell(mine.plan) or (), other.plan.company_name, mine.plan.plan_name)


def _least(offer: Offer) -> str:
    return "from " if offer.price_from else ""


def _claim(desk: Desk, mine: Rate, other: Rate) -> Claim:
    ours, theirs = mine.plan.offer, other.plan.offer
    cell = _cell(mine.plan)
    band = band_label(cell[1] if cell else 0)
    condition = _WITH[mine.what]
    text = (
        f"{other.plan.company_name} {theirs.plan_name} is {_least(theirs)}{monthly(other.cents)} a month"
        f"{condition}; "
        f"our {ours.plan_name} is {_least(ours)}{monthly(mine.cents)}."
    )
    pages = []
    for rate in (other, mine):
        capture = desk.ledger.capture(rate.plan.offer.capture_id)
        if capture is not None:
            pages.append(page_of(capture, rate.plan.publisher))
    slot = _SLOT[mine.what]
    return Claim(
        text=text,
        kind="rate",
        company=theirs.company,
        record_ids=(theirs.id, ours.id),
        key="rate:" + digest(theirs.id, ours.id),
        detail=f"{segment_label(theirs.segment)} · {band} · {market_label(theirs.market)}",
        evidence=tuple(
            item
            for offer in (theirs, ours)
            for item in slot_evidence(
                offer, *name_slots(offer), "down_mbps", "down_mbps_max", "segment", "price_from", slot
            )
        ),
        citations=tuple(pages),
        beside=Beside(
            band=band,
            segment=theirs.segment,
            what=mine.what,
            own_plan=ours.plan_name,
            own_cents=mine.cents,
            rival_plan=theirs.plan_name,
            rival_cents=other.cents,
        ),
    )
