"""`brief`: what a subscriber is told each week."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, load_settings, print_json
from crowsnest.cli.progress import bars

if TYPE_CHECKING:
    from market.records import Issue

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("brief")(brief)


def brief(
    context: typer.Context,
    subscriber: Annotated[str | None, typer.Option(help="A [[subscriber]] id; without it, all.")] = None,
    week: Annotated[str | None, typer.Option(help="ISO week; the last one that is over by default.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write .html and .txt files here.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it; nobody gets the same brief twice.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Make a finished week's brief anew.")] = False,
    as_json: Json = False,
) -> None:
    """Compose the weekly brief: print it, write it with --out, or mail it with --send.

    Example: crowsnest brief --subscriber dana --week 2026-W47 --out briefs
    """
    from briefs.deliver import deliver
    from briefs.render import render_brief
    from briefs.week import Week
    from briefs.weekly import Weekly
    from crowsnest.briefing import desk_of, mail_server, write
    from crowsnest.ship import board
    from market.errors import UsageError
    from market.ids import brief_id

    settings = load_settings(context)
    chosen = [each for each in settings.subscribers if subscriber in (None, each.id)]
    if not chosen:
        known = ", ".join(each.id for each in settings.subscribers) or "none is set up"
        raise UsageError("subscriber-unknown", f"no [[subscriber]] has the id {subscriber!r}; known: {known}")
    server = mail_server(settings) if send else None
    if send and server is None:
        raise UsageError("mail-missing", f"{settings.path}: --send needs a [mail] table with host and from")
    problems: list[Issue] = []
    with bars() as progress, board(settings, progress=progress, alone=False) as ship:
        zone = settings.market.zone
        now = ship.clock.now()
        span = Week.parse(week, zone) if week else Week.before(now, zone)
        if span.start > now:
            raise UsageError(
                "week-not-begun", f"week {span.id} has not begun; the last one is {Week.before(now, zone).id}"
            )
        weekly = Weekly(desk_of(ship), span)
        for number, each in enumerate(chosen, 1):
            run = brief_id(each.id, span.id)

            def note(issue: Issue, run: str = run) -> None:
                ship.ledger.issue(issue.model_copy(update={"run_id": run, "at": now}))

            composed = weekly.publish(each, now, note=note, again=again)
            if not composed.fresh and not again:
                day = composed.brief.generated_at.astimezone(zone).date()
                words = f"{composed.brief.week} is as it was made on {day}; --again makes it anew"
                typer.echo(f"crowsnest: the brief of {each.id} for {words}", err=True)
            rendered = render_brief(composed.brief, zone, settings.web.url or "")
            if out is not None:
                for path in write(out, composed.brief, rendered):
                    typer.echo(path, err=as_json)
            if server is not None:
                delivery, issue = deliver(
                    composed.brief,
                    rendered,
                    each.email,
                    server=server,
                    ledger=ship.ledger,
                    clock=ship.clock,
                )
                if issue is not None:
                    problems.append(issue)
                    note(issue)
                    typer.echo(f"crowsnest: {issue.message}", err=True)
                elif delivery is None:
                    typer.echo(f"{each.email}: has this brief already; nothing sent", err=True)
                else:
                    typer.echo(f"{each.email}: sent", err=True)
            if as_json:
                print_json(composed.brief)
            elif out is None and not send:
                typer.echo(rendered.text)
            progress("brief", number, len(chosen))
    raise typer.Exit(WITH_ERRORS if problems else DONE)
