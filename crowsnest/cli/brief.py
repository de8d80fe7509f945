"""`brief`, `prep`, `accounts` and `verify`: what is said to readers, and the proof of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, load_settings, print_json
from crowsnest.cli.progress import bars

if TYPE_CHECKING:
    from crowsnest.settings import Settings
    from market.records import Account, Brief, Issue

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("brief")(brief)
    app.command("prep")(prep)
    app.command("verify")(verify)
    accounts = typer.Typer(help="The accounts that `prep` knows.", no_args_is_help=True)
    accounts.command("import")(import_accounts)
    accounts.command("list")(list_accounts)
    app.add_typer(accounts, name="accounts")


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
            composed = weekly.publish(each, now, again=again)
            for refusal in composed.refused:
                ship.ledger.issue(refusal.issue().model_copy(update={"run_id": composed.brief.id, "at": now}))
            if not composed.fresh and not again:
                day = composed.brief.generated_at.astimezone(zone).date()
                words = f"{composed.brief.week} is as it was made on {day}; --again makes it anew"
                typer.echo(f"crowsnest: the brief of {each.id} for {words}", err=True)
            rendered = render_brief(composed.brief, zone)
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
                    ship.ledger.issue(issue.model_copy(update={"run_id": composed.brief.id}))
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


def prep(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="An account's id or name.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where to write it; ACCOUNT.html by default.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=730, help="How far to look back; 90 days.")] = None,
) -> None:
    """Write the meeting sheet of one account as a page that prints on one or two sheets of paper.

    Example: crowsnest prep "Raman Family Dental" --out raman.html
    """
    from briefs.accounts import find_account
    from briefs.meeting import meeting_sheet
    from briefs.render import render_sheet
    from crowsnest.briefing import desk_of
    from crowsnest.ship import board
    from market.errors import UsageError

    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            "sheet-format", f"{out}: the sheet is written as HTML; name a file that ends in .html"
        )
    settings = load_settings(context)
    with board(settings, alone=False) as ship:
        found = find_account(ship.ledger.accounts(), account)
        sheet = meeting_sheet(desk_of(ship), found, ship.clock.now(), days)
        path = out or Path(f"{found.id}.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_sheet(sheet, settings.market.zone), encoding="utf-8")
    typer.echo(path)
    for refusal in sheet.refused:
        typer.echo(f"crowsnest: left out of the sheet, {refusal.why}: {refusal.claim.text}", err=True)
    raise typer.Exit(WITH_ERRORS if sheet.refused else DONE)


def import_accounts(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="One account a line, with a header.")],
    replace: Annotated[bool, typer.Option("--replace", help="Forget accounts that the file lacks.")] = False,
    as_json: Json = False,
) -> None:
    """Take in accounts from a CSV file. Headers are matched by meaning: name, city, state, zip, provider...

    Example: crowsnest accounts import accounts.csv
    """
    from briefs.accounts import read_accounts
    from crowsnest.cli.context import open_ledger
    from market.errors import UsageError
    from market.places.gazetteer import Gazetteer

    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError("accounts-unreadable", f"{file}: cannot be read: {error.strerror}") from error
    read = read_accounts(data, str(file), Gazetteer.load())
    ledger = open_ledger(load_settings(context))
    try:
        ledger.save_accounts(read.accounts, replace=replace)
    finally:
        ledger.close()
    if as_json:
        print_json(
            {"accounts": len(read.accounts), "issues": [i.model_dump(mode="json") for i in read.issues]}
        )
    else:
        for issue in read.issues:
            typer.echo(f"crowsnest: {issue.message}", err=True)
        typer.echo(f"{len(read.accounts)} accounts taken in, {len(read.issues)} remarks")
    raise typer.Exit(WITH_ERRORS if read.issues else DONE)


def list_accounts(context: typer.Context, as_json: Json = False) -> None:
    """List the accounts that have been taken in.

    Example: crowsnest accounts list --json
    """
    from crowsnest.cli.context import open_ledger

    ledger = open_ledger(load_settings(context))
    try:
        accounts = ledger.accounts()
    finally:
        ledger.close()
    if not accounts:
        typer.echo("crowsnest: no accounts yet; take some in: crowsnest accounts import FILE.csv", err=True)
    for account in accounts:
        if as_json:
            print_json(account)
        else:
            typer.echo(f"{account.id}  {account.name}  {_place(account)}")


def _place(account: Account) -> str:
    return ", ".join(part for part in (account.city, account.state) if part)


def verify(
    context: typer.Context,
    subscriber: Annotated[str | None, typer.Option(help="Only this subscriber's briefs.")] = None,
    as_json: Json = False,
) -> None:
    """Check every claim of the stored briefs against the archive, byte by byte.

    Each number must stand in a quote, each quote where it was read from in the archived page, and each
    archived page must still have the hash that it was captured with. Exits 1 and names the first claim that
    does not hold, with its capture and archive file.

    Example: crowsnest verify --subscriber dana
    """
    from crowsnest.proof import verify_briefs
    from crowsnest.ship import board

    settings: Settings = load_settings(context)
    with board(settings, alone=False) as ship:
        briefs: list[Brief] = ship.ledger.briefs(subscriber)
        verdict = verify_briefs(ship, briefs)
    broken = verdict.broken
    if as_json:
        print_json({**verdict.counts(), "broken": broken and asdict(broken) | {"claim": broken.claim.text}})
    else:
        typer.echo(verdict.words())
    if broken is not None:
        typer.echo(f"crowsnest: {broken}", err=True)
    raise typer.Exit(DONE if broken is None else WITH_ERRORS)
