"""`diff`: what changed on one page."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import load_settings, print_json

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crowsnest.differences import Difference, FieldChange
    from market.records import Offer

_WIDTH = 100


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("diff")(diff)


def diff(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The page, as `crowsnest search` prints it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show what changed on a page between its two last captures that differ.

    Of an article its title and paragraphs are compared, of a price page or label file the plans as read.
    Captures that differ only in what is not read, such as menus, count as one.

    Example: crowsnest diff https://www.acmefiber.example/business/plans
    """
    from crowsnest.differences import difference
    from crowsnest.ship import open_ledger

    settings = load_settings(context)
    ledger = open_ledger(settings)
    try:
        found = difference(ledger, url)
    finally:
        ledger.close()
    if as_json:
        print_json(found)
    else:
        typer.echo(diff_text(found, settings.market.zone))


def diff_text(found: Difference, zone: ZoneInfo) -> str:
    """Return a difference as lines that begin with "-" for what went and "+" for what came."""
    from crowsnest.web.format import moment

    looks = f"{found.looks} captures, the last" if found.looks > 1 else "captured"
    lines = [found.url, f"  {looks} {moment(found.last_seen, zone)}"]
    if found.before is None:
        return "\n".join([*lines, "  nothing that is read from it has changed since its first capture"])
    for name, look in (("before", found.before), ("since", found.after)):
        lines.append(f"  {name:6} {moment(look.fetched_at, zone)} (capture {look.capture_id})")
    if found.title:
        lines += ["title", _folded("- ", found.title[0]), _folded("+ ", found.title[1])]
    if found.text:
        lines += ["text", *(_folded(f"{change.op} ", change.text) for change in found.text)]
    lines += [f"- {_plan(offer)}" for offer in found.removed]
    lines += [f"+ {_plan(offer)}" for offer in found.added]
    for plan in found.changed:
        lines += [f"  {plan.offer.plan_name}", *(f"    {_field(change)}" for change in plan.changes)]
    return "\n".join(lines)


def _folded(sign: str, text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=sign, subsequent_indent="  ") if text else sign.rstrip()


def _plan(offer: Offer) -> str:
    from crowsnest.web.format import markets, price, speeds
    from market.services import plan_label

    return " · ".join((plan_label(offer), price(offer), speeds(offer), markets(offer)))


def _field(change: FieldChange) -> str:
    from crowsnest.web.format import words

    return (
        f"{words(change.field)}: {_value(change.field, change.before)} → {_value(change.field, change.after)}"
    )


def _value(field: str, value: Any) -> str:
    from crowsnest.web.format import money, speed

    if value in (None, "", []):
        return "none"
    if field.endswith("_cents"):
        return money(value)
    if "_mbps" in field:
        return speed(value)
    if isinstance(value, list):
        return ", ".join(_fee(item) if isinstance(item, dict) else str(item) for item in value)
    return str(value)


def _fee(fee: dict[str, Any]) -> str:
    from crowsnest.web.format import money

    return f"{fee['name']} {fee['raw'] or money(fee['cents'])}".strip()
