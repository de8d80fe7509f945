"""The prices page: list prices by company and segment, with their history, our own beside the rivals'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from briefs.charts import HEIGHT, WIDTH, chart_png, chart_words
from briefs.cost import MONTHS, Cost, cost_over
from briefs.lines import Line, line_of
from briefs.pricebook import BookPlan, book_group, read_book
from briefs.rates import rate_claims
from briefs.reach import Reach
from crowsnest.asked import SEGMENTS, book_of, reach_of
from crowsnest.briefing import market_desk
from crowsnest.web.deps import WebContext
from crowsnest.web.format import chart_url
from crowsnest.web.view import View
from market.errors import UsageError

_MOST_POINTS = 60
"""Of one chart: a price that moved more often is shown by its latest moves."""


@dataclass(frozen=True)
class PlanRow:
    """One plan as the page shows it."""

    plan: BookPlan
    chart: str
    """The address of its chart; "" when its price never moved."""
    words: str
    """The chart in words."""
    cost: Cost | None


@dataclass(frozen=True)
class Asked:
    """What the reader chose; "" is everything."""

    company: str = ""
    segment: str = ""
    market: str = ""
    plan: str = ""
    months: str = ""
    history: str = ""


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/prices` and `/prices/chart.png`."""

    @app.get("/prices")
    def prices(request: Request) -> Response:
        given = request.query_params
        asked = Asked(**{name: given.get(name, "") for name in Asked.__dataclass_fields__})
        months = int(asked.months) if asked.months in map(str, MONTHS) else None
        desk = market_desk(context.settings, context.ledger, context.lexicon, context.gazetteer)
        now = context.clock.now()
        plans: list[BookPlan] = []
        beside: list[Line] = []
        error, status = "", 200
        try:
            reach = (
                reach_of(asked.market, context.settings, context.gazetteer)
                if asked.market
                else Reach([], context.gazetteer)
            )
            plans = book_of(
                desk,
                context.settings,
                now=now,
                companies=[asked.company] if asked.company else (),
                plan=asked.plan,
                market=asked.market or None,
                segment=asked.segment or None,
                listed_only=not asked.history,
            )
            follows = desk.follows(None, now.date())
            # Beside ours stand all of a place's plans, also where the reader asks for a company's only.
            book = plans
            if asked.company or asked.plan:
                book = read_book(desk, segment=asked.segment or None, listed_only=True, history=False)
            claims = rate_claims(desk, book, reach, follows.ours, follows.rivals)
            shown = {plan.company for plan in plans}
            zone = context.settings.market.zone
            beside = [line_of(claim, zone, "/") for claim in claims if claim.company in shown]
        except UsageError as wrong:
            error, status = wrong.message, 400
        return view.page(
            "prices.html",
            status=status,
            here="prices",
            asked=asked,
            error=error,
            months=months,
            all_months=MONTHS,
            chart_size=(WIDTH, HEIGHT),
            segments=SEGMENTS,
            companies=_companies(context),
            territories=context.settings.territories,
            groups=[
                (*group, [_row(plan, months, view) for plan in found])
                for group, found in groupby(plans, key=book_group)
            ],
            beside=beside,
        )

    @app.get("/prices/chart.png")
    def chart(request: Request) -> Response:
        days, cents = request.query_params.getlist("on"), request.query_params.getlist("cents")
        try:
            points = [(date.fromisoformat(day), int(amount)) for day, amount in zip(days, cents, strict=True)]
        except ValueError as error:
            raise HTTPException(404, "There is no such chart.") from error
        if not 1 < len(points) <= _MOST_POINTS or not all(0 <= amount < 10**9 for _, amount in points):
            raise HTTPException(404, "There is no such chart.")
        drawn = chart_png(tuple((day.isoformat(), amount) for day, amount in sorted(points)))
        return Response(drawn, media_type="image/png", headers={"Cache-Control": "max-age=86400"})


def _companies(context: WebContext) -> Sequence[tuple[str, str]]:
    ids = {source.company for source in context.settings.sources if source.company and source.kind != "feed"}
    return sorted(((identity, context.lexicon.name(identity)) for identity in ids), key=lambda pair: pair[1])


def _row(plan: BookPlan, months: int | None, view: View) -> PlanRow:
    points = plan.entry_points(view.zone)[-_MOST_POINTS:]
    moved = len({cents for _, cents in points}) > 1
    return PlanRow(
        plan=plan,
        chart=chart_url(points) if moved else "",
        words=chart_words(points),
        cost=cost_over(plan.offer, months) if months else None,
    )
