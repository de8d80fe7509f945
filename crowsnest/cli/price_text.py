"""The price book on a terminal: one table a company and segment, so that the two kinds never mix."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from briefs.cost import Cost, cost_over
from briefs.pricebook import BookPlan, band_label, band_of
from briefs.wording import market_label, monthly, segment_label, technology_label
from market.records import Offer, PlanMove, PlanPoint

_WIDTH = 140
"""Columns of a table that goes to a file or a pipe."""


def book_text(plans: Sequence[BookPlan], zone: tzinfo, history: bool) -> str:
    """Return the plans with their prices and pages; with `history`, each plan's former terms and changes."""
    console = _console()
    for (company, segment), group in groupby(plans, key=lambda plan: (plan.company_name, plan.segment)):
        title = f"{company}, {segment_label(segment)}"
        if history:
            console.print(Text(title, style="bold"))
            for plan in group:
                console.print(Text("\n".join(_history(plan, zone))))
        else:
            table = _table(
                title, "Plan", "Mbps", "Price a month", "AutoPay", "Since", "Seen", "Where it stands"
            )
            for plan in group:
                table.add_row(*_cells(plan, zone))
            console.print(table)
        console.print()
    console.print(f"{_count(len(plans), 'plan')}; a list price is what a page publishes, not a quote")
    return _shown(console)


def cost_text(plans: Sequence[BookPlan], months: int) -> str:
    """Return the plans of each segment by speed band, the cheapest over `months` first, with assumptions."""
    console = _console()
    known = [(plan, cost) for plan in plans if (cost := cost_over(plan.offer, months)) is not None]
    known.sort(key=lambda pair: (pair[0].segment, _band(pair[0].offer), pair[1].low_cents))
    notes: list[str] = []
    for (segment, band), group in groupby(known, key=lambda pair: (pair[0].segment, _band(pair[0].offer))):
        speed = band_label(band) if band >= 0 else "speed not stated"
        table = _table(
            f"{segment_label(segment)}, {speed}, over {months} months", "Company", "Plan", "In all"
        )
        table.add_column("A month", justify="right", no_wrap=True)
        table.add_column("Note", justify="right")
        for plan, cost in group:
            notes.append(
                f"[{len(notes) + 1}] {plan.company_name} {plan.plan_name}: {'; '.join(cost.assumptions)}"
            )
            table.add_row(plan.company_name, plan.plan_name, *_amounts(cost), Text(f"[{len(notes)}]"))
        console.print(table)
        console.print()
    for note in notes:
        console.print(Text(note))
    left = [plan for plan in plans if cost_over(plan.offer, months) is None]
    if left:
        names = "; ".join(f"{plan.company_name} {plan.plan_name}" for plan in left)
        console.print(Text(f"not computed, no whole price is published: {names}"))
    return _shown(console)


def _console() -> Console:
    terminal = sys.stdout.isatty()
    width = Console().width if terminal else _WIDTH
    return Console(file=io.StringIO(), width=width, force_terminal=terminal, highlight=False)


def _shown(console: Console) -> str:
    sink = console.file
    return sink.getvalue() if isinstance(sink, io.StringIO) else ""


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _cells(plan: BookPlan, zone: tzinfo) -> Iterator[Text]:
    offer, now = plan.offer, plan.points[-1]
    technology = technology_label(offer.technology)
    former = f" (was {', '.join(plan.former_names)})" if plan.former_names else ""
    yield Text(f"{plan.plan_name}{former}" + (f" · {technology}" if technology else ""))
    yield Text(_speed(offer))
    yield Text(price_words(now))
    yield Text(monthly(offer.autopay_cents) if offer.autopay_cents is not None else "")
    yield Text(_day(now.first_seen, zone))
    yield Text(_day(plan.last_seen, zone) + ("" if plan.standing == "listed" else f" {plan.standing}"))
    yield Text(f"{market_label(offer.market)} · {plan.url}")


def price_words(point: PlanPoint) -> str:
    """Return "$49.99 for 12 months, then $69.99" and the like."""
    regular = monthly(point.monthly_cents) if point.monthly_cents is not None else ""
    if point.promo_cents is not None:
        months = f" for {point.promo_months} months" if point.promo_months else " on promotion"
        then = f", then {regular}" if regular else ", regular price not published"
        return f"{monthly(point.promo_cents)}{months}{then}"
    if regular:
        return regular
    if point.autopay_cents is not None:
        return f"{monthly(point.autopay_cents)} with AutoPay only"
    return "on request" if point.quote_only else "none published"


def _history(plan: BookPlan, zone: tzinfo) -> Iterator[str]:
    name, speed, *_ = (cell.plain for cell in _cells(plan, zone))
    yield f"  {name}{f', {speed} Mbps' if speed else ''}: {plan.standing}, {plan.url}"
    for point in plan.points:
        span = f"{_day(point.first_seen, zone)} to {_day(point.last_seen, zone)}"
        yield f"    {span}  {price_words(point)} [capture {point.capture_id}]"
    for move in plan.moves:
        yield f"    {_day(move.seen_at, zone)}  {_move_words(move)}"


def _move_words(move: PlanMove) -> str:
    was = monthly(move.before_cents) if move.before_cents is not None else ""
    now = monthly(move.after_cents) if move.after_cents is not None else ""
    amounts = f" {was} to {now}" if was and now and was != now else f" {was or now}" if was or now else ""
    between = f"{move.before_capture or 'none'} to {move.after_capture or 'none'}"
    return f"{move.kind}, {move.what}{amounts} [captures {between}]"


def _amounts(cost: Cost) -> Iterable[Text]:
    for low, high in ((cost.low_cents, cost.high_cents), (cost.monthly_low, cost.monthly_high)):
        yield Text(monthly(low) if low == high else f"{monthly(low)} to {monthly(high)}")


def _band(offer: Offer) -> int:
    speed = offer.down_mbps_max or offer.down_mbps
    return -1 if speed is None else band_of(speed)


def _speed(offer: Offer) -> str:
    down, up = offer.down_mbps, offer.up_mbps
    if down is None:
        return ""
    return f"{down:g}" if up is None else f"{down:g}/{up:g}"


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
