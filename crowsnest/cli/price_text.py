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
from briefs.pricebook import BookPlan, band_label, band_of, book_group
from briefs.wording import (
    market_label,
    mbps,
    monthly,
    move_words,
    price_terms,
    segment_label,
    technology_label,
)
from market.records import Offer, PlanMove
from market.records.offer import Service
from market.services import bundle_words

_WIDTH = 140
"""Columns of a table that goes to a file or a pipe."""


def book_text(plans: Sequence[BookPlan], zone: tzinfo, history: bool) -> str:
    """Return the plans with their prices and pages; with `history`, each plan's former terms and changes."""
    console = _console()
    for (company, segment, bundles), group in groupby(plans, key=book_group):
        title = f"{company}, {segment_label(segment)}" + (", bundles" if bundles else "")
        console.print(Text(title, style="bold"))
        if history:
            for plan in group:
                console.print(Text("\n".join(_history(plan, zone))))
        else:
            table = _table("Plan", "Mbps", "Price a month", "AutoPay", "Since", "Seen", "Where it stands")
            for plan in group:
                table.add_row(*_cells(plan, zone))
            console.print(table)
        console.print()
    number = sum(bool(plan.bundled_with) for plan in plans)
    of_them = f", {number} of them {'a bundle' if number == 1 else 'bundles'}" if number else ""
    total = f"{_count(len(plans), 'plan')}{of_them}"
    console.print(f"{total}; a list price is what a page publishes, not a quote")
    return _shown(console)


def cost_text(plans: Sequence[BookPlan], months: int) -> str:
    """Return the plans of each segment by speed band, the cheapest over `months` first, with assumptions.

    A table holds internet plans, or bundles of the same services: the two are never set side by side.
    """
    console = _console()
    known = [(plan, cost) for plan in plans if (cost := cost_over(plan.offer, months)) is not None]
    known.sort(key=lambda pair: (_cost_group(pair[0]), pair[1].low_cents))
    notes: list[str] = []
    for (segment, services, band), group in groupby(known, key=lambda pair: _cost_group(pair[0])):
        kind = ", ".join(filter(None, (segment_label(segment), bundle_words(services))))
        speed = band_label(band) if band >= 0 else "speed not stated"
        console.print(Text(f"{kind}, {speed}, over {months} months", style="bold"))
        table = _table("Company", "Plan", "In all")
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


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _cells(plan: BookPlan, zone: tzinfo) -> Iterator[Text]:
    offer, now = plan.offer, plan.points[-1]
    technology = technology_label(offer.technology)
    former = f" (was {', '.join(plan.former_names)})" if plan.former_names else ""
    yield Text(
        " · ".join(filter(None, (plan.plan_name + former, bundle_words(plan.bundled_with), technology)))
    )
    yield Text(_speed(offer))
    yield Text(price_terms(now))
    yield Text(monthly(offer.autopay_cents) if offer.autopay_cents is not None else "")
    yield Text(_day(now.first_seen, zone))
    yield Text(_day(plan.last_seen, zone) + ("" if plan.standing == "listed" else f" {plan.standing}"))
    corrected = [" ".join(one.words().split()) for one in offer.corrections]
    yield Text("\n".join([f"{market_label(offer.market)} · {plan.url}", *corrected]))


def _history(plan: BookPlan, zone: tzinfo) -> Iterator[str]:
    name, speed, *_ = (cell.plain for cell in _cells(plan, zone))
    yield f"  {name}{f', {speed} Mbps' if speed else ''}: {plan.standing}, {plan.url}"
    yield from (f"    {' '.join(one.words().split())}" for one in plan.offer.corrections)
    for point in plan.points:
        span = f"{_day(point.first_seen, zone)} to {_day(point.last_seen, zone)}"
        yield f"    {span}  {price_terms(point)} [capture {point.capture_id}]"
    for move in plan.moves:
        yield f"    {_day(move.seen_at, zone)}  {move_words(move)} {_captures(move)}"


def _captures(move: PlanMove) -> str:
    return f"[captures {move.before_capture or 'none'} to {move.after_capture or 'none'}]"


def _amounts(cost: Cost) -> Iterable[Text]:
    for low, high in ((cost.low_cents, cost.high_cents), (cost.monthly_low, cost.monthly_high)):
        yield Text(monthly(low) if low == high else f"{monthly(low)} to {monthly(high)}")


def _cost_group(plan: BookPlan) -> tuple[str, tuple[Service, ...], int]:
    speed = plan.offer.down_mbps_max or plan.offer.down_mbps
    return (plan.segment, plan.bundled_with, -1 if speed is None else band_of(speed))


def _speed(offer: Offer) -> str:
    speeds = (mbps(offer.down_mbps, offer.down_mbps_max), mbps(offer.up_mbps, offer.up_mbps_max))
    return "/".join(speed for speed in speeds if speed) if speeds[0] else ""


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
