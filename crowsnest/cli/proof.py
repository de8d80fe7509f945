"""`verify`: the proof of what was said to readers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, load_settings, print_json

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("verify")(verify)


def verify(
    context: typer.Context,
    subscriber: Annotated[
        str | None, typer.Option(help="Only this subscriber's briefs; no meeting sheets.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every claim of the stored briefs and meeting sheets against the archive, byte by byte.

    Each number must stand in a quote, each quote where it was read from in the archived page, and each
    archived page must still have the hash that it was captured with. Exits 1 and names the first claim that
    does not hold, with its capture and archive file.

    Example: crowsnest verify --subscriber dana
    """
    from crowsnest.proof import verify as verify_all
    from crowsnest.ship import board

    settings = load_settings(context)
    with board(settings, alone=False) as ship:
        sheets = ship.ledger.sheets() if subscriber is None else []
        verdict = verify_all(ship, ship.ledger.briefs(subscriber), sheets)
    broken = verdict.broken
    if as_json:
        print_json({**verdict.counts(), "broken": broken and asdict(broken) | {"claim": broken.claim.text}})
    else:
        typer.echo(verdict.words())
    if broken is not None:
        typer.echo(f"crowsnest: {broken}", err=True)
    raise typer.Exit(DONE if broken is None else WITH_ERRORS)
