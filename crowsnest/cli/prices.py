"""`prices`: every published price of the market by plan, its history, and what it comes to over the years."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import DONE, load_settings, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from briefs.pricebook import BookPlan


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("prices")(prices)


def prices(
    context: typer.Context,
    company: Annotated[
        list[str] | None, typer.Option(help="Id, name or brand, with what it owns; may be repeated.")
    ] = None,
    plan: Annotated[str, typer.Option(help="A part of the plan's name, present or former.")] = "",
    market: Annotated[
        str | None,
        typer.Option(help='A territory of the settings, "Greenville, SC", a county or a state.'),
    ] = None,
    segment: Annotated[str | None, typer.Option(help="residential, business, wholesale or unknown.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Plans seen from this day on: 2026-11-01, 2026-11, 30d, 4w.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Also former prices, withdrawn plans and each change.")
    ] = False,
    compare: Annotated[
        int | None,
        typer.Option(help="12, 24 or 36: what each plan costs over so many months, with fees."),
    ] = None,
    bundles: Annotated[
        bool,
        typer.Option(
            "--bundles",
            help="Only plans with TV, phone, mobile or the like in the price; no comparison has them else.",
        ),
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV (with --history: the changes).")] = False,
    as_xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write a workbook: plans and changes, with filters.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write here; prices.xlsx for --xlsx by default.")
    ] = None,
) -> None:
    """Show list prices by company and plan, each with the page it stands on.

    A price is what a page publishes, not what a customer pays. Residential and business stay apart, and so do
    internet plans and bundles with other services.

    Example: crowsnest prices --market "Greenville, SC" --segment business --compare 24
    """
    from briefs.cost import MONTHS
    from briefs.price_tables import as_csv as to_csv
    from briefs.price_tables import as_xlsx as to_xlsx
    from briefs.price_tables import move_columns, move_rows, plan_columns, plan_rows
    from crowsnest.asked import book_of
    from crowsnest.briefing import desk_of
    from crowsnest.ship import board
    from market.errors import UsageError

    if compare is not None and compare not in MONTHS:
        raise UsageError(
            "compare-unknown", f"--compare takes {', '.join(map(str, MONTHS))} months, not {compare}"
        )
    if sum((as_csv, as_xlsx, as_json)) > 1:
        raise UsageError("formats", "choose one of --csv, --xlsx and --json")
    settings = load_settings(context)
    zone = settings.market.zone
    with board(settings, alone=False) as ship:
        plans = book_of(
            desk_of(ship),
            settings,
            now=ship.clock.now(),
            companies=company or (),
            plan=plan,
            market=market,
            segment=segment,
            since=since,
            bundles=True if bundles else None,
            listed_only=not (history or since),
            history=compare is None or history or as_csv or as_xlsx or as_json,
        )
    left = 0
    if compare is not None and not bundles:
        left = sum(bool(each.bundled_with) for each in plans)
        plans = [each for each in plans if not each.bundled_with]
    if as_xlsx:
        path = out or Path("prices.xlsx")
        table = (plan_columns(compare), plan_rows(plans, zone, compare))
        _write(path, to_xlsx([("Plans", *table), ("Changes", move_columns(), move_rows(plans, zone))]))
        typer.echo(path)
    elif as_csv:
        table = (
            (move_columns(), move_rows(plans, zone))
            if history
            else (plan_columns(compare), plan_rows(plans, zone, compare))
        )
        _put(to_csv(*table), out)
    elif as_json:
        if out is None:
            print_json(_as_json(plans, compare, left))
        else:
            import json

            _put(json.dumps(_as_json(plans, compare, left), ensure_ascii=False) + "\n", out)
    else:
        _put(_text(plans, zone, history, compare), out)
    if left:
        typer.echo(_left_words(left), err=True)
    raise typer.Exit(DONE)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _put(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        _write(out, text.encode())
        typer.echo(out)


def _as_json(plans: Sequence[BookPlan], compare: int | None, left: int) -> dict[str, Any]:
    """Return the plans; those of a comparison with their cost, and how many bundles it leaves out."""
    from briefs.cost import cost_over

    values = [plan.model_dump(mode="json") for plan in plans]
    if compare is None:
        return {"plans": values}
    for value, plan in zip(values, plans, strict=True):
        cost = cost_over(plan.offer, compare)
        value["cost"] = None if cost is None else cost.model_dump(mode="json")
    return {"plans": values, "bundles_left_out": left}


def _left_words(left: int) -> str:
    are = "1 bundle with other services is" if left == 1 else f"{left} bundles with other services are"
    return f"{are} left out: no internet plan compares with one; --bundles shows them by themselves"


def _text(plans: Sequence[BookPlan], zone: tzinfo, history: bool, compare: int | None) -> str:
    from crowsnest.cli.price_text import book_text, cost_text

    if not plans:
        return "no published price fits; `crowsnest status` shows which sources were read\n"
    return cost_text(plans, compare) if compare else book_text(plans, zone, history)
