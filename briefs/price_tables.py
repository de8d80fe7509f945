"""The price book as a table: for a screen, a spreadsheet or another program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, tzinfo

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from briefs.cost import cost_over, equipment_cents
from briefs.pricebook import BookPlan
from briefs.wording import market_label, technology_label
from market.services import service_names

Cell = str | int | float | date | None
_MONEY = '"$"#,##0.00'
_WIDEST = 48
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet."""


def plan_columns(compare: int | None = None) -> tuple[str, ...]:
    """Return the headers of `plan_rows`; those that end in "$" hold dollars."""
    basic = (
        "Company",
        "Plan",
        "Segment",
        "Bundled with",
        "Technology",
        "Down Mbps",
        "Up Mbps",
        "Regular $",
        "Promotion $",
        "Promotion months",
        "AutoPay $",
        "Equipment $",
        "Contract months",
        "Price on request",
        "Lowest of several",
        "Market",
        "Standing",
        "First seen",
        "Price since",
        "Last seen",
        "Former names",
        "Source",
        "Page",
        "Capture",
        "Corrected",
    )
    if compare is None:
        return basic
    return (
        *basic,
        f"{compare} months from $",
        f"{compare} months to $",
        "A month from $",
        "A month to $",
        "Assumptions",
    )


def plan_rows(plans: Sequence[BookPlan], zone: tzinfo, compare: int | None = None) -> list[list[Cell]]:
    """Return one row a plan; days are those of `zone`."""
    rows: list[list[Cell]] = []
    for plan in plans:
        offer, now = plan.offer, plan.points[-1]
        row: list[Cell] = [
            plan.company_name,
            plan.plan_name,
            plan.segment,
            service_names(plan.bundled_with),
            technology_label(offer.technology) or "unknown",
            offer.down_mbps,
            offer.up_mbps,
            _dollars(offer.monthly_cents),
            _dollars(offer.promo_cents),
            offer.promo_months,
            _dollars(offer.autopay_cents),
            _dollars(equipment_cents(offer)),
            offer.contract_months,
            "yes" if offer.quote_only else "",
            "yes" if offer.price_from else "",
            market_label(offer.market),
            plan.standing,
            plan.first_seen.astimezone(zone).date(),
            now.first_seen.astimezone(zone).date(),
            plan.last_seen.astimezone(zone).date(),
            "; ".join(plan.former_names),
            plan.source_id,
            plan.url,
            now.capture_id,
            "; ".join(one.words() for one in offer.corrections),
        ]
        if compare is not None:
            cost = cost_over(offer, compare)
            if cost is None:
                why = (
                    "no price is published"
                    if plan.price_cents is None
                    else "its regular price is not published"
                )
                row += [None, None, None, None, f"not computed: {why}"]
            else:
                cents = (cost.low_cents, cost.high_cents, cost.monthly_low, cost.monthly_high)
                row += [*map(_dollars, cents), "; ".join(cost.assumptions)]
        rows.append(row)
    return rows


def move_columns() -> tuple[str, ...]:
    """Return the headers of `move_rows`."""
    return (
        "Company",
        "Plan",
        "Segment",
        "Bundled with",
        "Change",
        "What",
        "Before $",
        "After $",
        "Unit",
        "Before",
        "After",
        "Seen",
        "Read before",
        "Capture before",
        "Capture after",
        "Capture that shows it",
        "Source",
        "Page",
    )


def move_rows(plans: Sequence[BookPlan], zone: tzinfo) -> list[list[Cell]]:
    """Return one row a change, the latest first."""
    moves = sorted(
        ((move, plan) for plan in plans for move in plan.moves),
        key=lambda pair: pair[0].seen_at,
        reverse=True,
    )
    return [
        [
            plan.company_name,
            plan.plan_name,
            plan.segment,
            service_names(plan.bundled_with),
            move.kind,
            move.what,
            _dollars(move.before_cents),
            _dollars(move.after_cents),
            move.unit,
            move.before_words,
            move.after_words,
            move.seen_at.astimezone(zone).date(),
            move.since.astimezone(zone).date() if move.since else None,
            move.before_capture,
            move.after_capture,
            move.seen_capture,
            plan.source_id,
            plan.url,
        ]
        for move, plan in moves
    ]


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return the table as RFC 4180 text; a page's words are never left to run as a spreadsheet's formula."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow([name.replace(" $", " (USD)") for name in columns])
    writer.writerows([["" if cell is None else _safe(cell) for cell in row] for row in rows])
    return sink.getvalue()


def as_xlsx(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]) -> bytes:
    """Return a workbook of (title, columns, rows): filters on, header frozen, money and days as such."""
    book = Workbook()
    book.remove(book.active)
    for title, columns, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append([name.removesuffix(" $") for name in columns])
        for row in rows:
            sheet.append([_safe(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
        for number, name in enumerate(columns, 1):
            letter = get_column_letter(number)
            longest = max(
                [len(name), *(len(str(row[number - 1])) for row in rows if row[number - 1] is not None)]
            )
            sheet.column_dimensions[letter].width = min(longest + 3, _WIDEST)
            if name.endswith("$"):
                for cell in sheet[letter][1:]:
                    cell.number_format = _MONEY
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _dollars(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
