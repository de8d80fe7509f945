"""The price book: every published price of a market by plan, with its history and its pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from briefs.changes import price_of
from briefs.cost import price_rules
from briefs.desk import Desk
from briefs.reach import Reach
from market.ids import slug
from market.records import Offer, PlanMove, PlanPoint, PlanSeries, Source
from market.records.base import Record, UtcTime
from market.records.offer import Service
from market.records.plan import Standing
from market.records.source import Segment


class BookPlan(Record):
    """One plan of one source."""

    company: str
    company_name: str
    plan_name: str
    former_names: tuple[str, ...] = ()
    segment: Segment
    bundled_with: tuple[Service, ...] = ()
    """Services other than internet in the price; empty for an internet plan."""
    standing: Standing
    first_seen: UtcTime
    last_seen: UtcTime
    source_id: str
    publisher: str
    url: str
    offer: Offer
    """The terms it was last seen with; its evidence quotes the page."""
    points: tuple[PlanPoint, ...]
    """Oldest first."""
    moves: tuple[PlanMove, ...] = ()
    """Oldest first."""

    def entry_points(self, zone: tzinfo) -> tuple[tuple[str, int], ...]:
        """Return (ISO date in `zone`, cents) of what a new customer paid: each move, and the last look."""
        found: list[tuple[str, int]] = []
        for point in self.points:
            cents = point.entry_cents
            if cents is not None and (not found or found[-1][1] != cents):
                found.append((point.first_seen.astimezone(zone).date().isoformat(), cents))
        last = self.last_seen.astimezone(zone).date().isoformat()
        return (*found, (last, found[-1][1])) if found and found[-1][0] != last else tuple(found)

    @property
    def price_cents(self) -> int | None:
        """Its main price: regular, else with autopay, else promotional; cents a month."""
        return price_of(self.offer)[1]


def read_book(
    desk: Desk,
    *,
    companies: Collection[str] = (),
    plan: str = "",
    reach: Reach | None = None,
    segment: str | None = None,
    bundles: bool | None = None,
    seen_since: datetime | None = None,
    listed_only: bool = False,
    until: datetime | None = None,
    history: bool = True,
) -> list[BookPlan]:
    """Return the plans of all price sources that are asked for, by company, segment, speed and name.

    Of a company and segment the bundles stand behind the internet plans; with `bundles` there are only
    bundles, with False none. `plan` is a part of a name, present or former. With `reach`, a price that holds
    elsewhere is left out. `until` leaves out later looks. Without `history` points and moves are empty, which
    is much faster.
    """
    sources = {source.id: source for source in desk.sources if source.kind != "feed"}
    kept = desk.ledger.plans(
        sources,
        companies=companies,
        segment=segment,
        standings=("listed", "unseen") if listed_only and until is None else (),
        name=plan,
        seen_since=seen_since,
        history=history or until is not None,
    )
    asked = [plan for plan in kept if until is None or plan.first_seen < until]
    if until is not None:
        asked = as_of(desk, asked, until)
        asked = [plan for plan in asked if not listed_only or plan.standing != "withdrawn"]
    found = [
        _plan(plan, sources[plan.source_id], desk.lexicon.name(plan.offer.company))
        for plan in asked
        if bundles in (None, bool(plan.offer.bundled_with))
        and (reach is None or reach.market(plan.offer.market) != "elsewhere")
    ]
    return sorted(found, key=_order)


def as_of(desk: Desk, plans: Sequence[PlanSeries], until: datetime) -> list[PlanSeries]:
    """Return plans as they stood at a moment: later points and moves left out, the terms of then."""
    points = {plan.id: [point for point in plan.points if point.first_seen < until] for plan in plans}
    later = {plan.id for plan in plans if len(points[plan.id]) < len(plan.points)}
    offers = desk.ledger.offers_by_id(points[plan_id][-1].offer_id for plan_id in later)
    found = []
    for plan in plans:
        moves = [move for move in plan.moves if move.seen_at < until]
        offer = offers.get(points[plan.id][-1].offer_id, plan.offer) if plan.id in later else plan.offer
        came_and_went = [move.kind for move in moves if move.kind in ("withdrawn", "reappeared")]
        gone = bool(came_and_went) and came_and_went[-1] == "withdrawn"
        # What was seen again, or first missed, only later was listed then as far as anybody could tell.
        listed = plan.last_seen >= until or plan.standing == "withdrawn"
        standing: Standing = "withdrawn" if gone else "listed" if listed else plan.standing
        found.append(
            plan.model_copy(
                update={
                    "points": tuple(points[plan.id]),
                    "moves": tuple(moves),
                    "offer": offer,
                    "standing": standing,
                }
            )
        )
    return found


def book_group(plan: BookPlan) -> tuple[str, Segment, bool]:
    """Return what stands in one table: company, segment, and whether the plans are bundles."""
    return (plan.company_name, plan.segment, bool(plan.bundled_with))


def _order(plan: BookPlan) -> tuple[object, ...]:
    speed = plan.offer.down_mbps_max or plan.offer.down_mbps or 0.0
    return (plan.company_name.casefold(), *book_group(plan), speed, plan.plan_name.casefold(), plan.source_id)


def _plan(plan: PlanSeries, source: Source, company_name: str) -> BookPlan:
    offer = plan.offer
    return BookPlan(
        company=offer.company,
        company_name=company_name,
        plan_name=offer.plan_name,
        former_names=tuple(name for name in plan.names if name != offer.plan_name),
        segment=offer.segment,
        bundled_with=offer.bundled_with,
        standing=plan.standing,
        first_seen=plan.first_seen,
        last_seen=plan.last_seen,
        source_id=source.id,
        publisher=source.publisher,
        url=source.url,
        offer=offer,
        points=plan.points,
        moves=plan.moves,
    )


def band_of(down_mbps: float) -> int:
    """Return the number of the speed band (from 0) that a download speed falls into."""
    return sum(down_mbps > upper for upper in price_rules()["bands"]["upper_mbps"])


def band_label(band: int) -> str:
    """Return "301 to 600 Mbps"."""
    uppers = price_rules()["bands"]["upper_mbps"]
    if band == 0:
        return f"up to {uppers[0]} Mbps"
    if band == len(uppers):
        return f"above {uppers[-1]:,} Mbps"
    return f"{uppers[band - 1] + 1:,} to {uppers[band]:,} Mbps"


def is_dedicated(plan: BookPlan) -> bool:
    """Tell by its name whether a plan is a circuit of its own: a dedicated line, Ethernet, a wavelength."""
    words = f" {slug(plan.plan_name).replace('-', ' ')} "
    return any(f" {word} " in words for word in price_rules()["bands"]["dedicated_words"])
