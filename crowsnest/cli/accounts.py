"""`prep` and `accounts`: the clients whom AEs visit, and the sheet for a visit."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, load_settings, print_json

if TYPE_CHECKING:
    from market.records import Account

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("prep")(prep)
    accounts = typer.Typer(help="The accounts that `prep` knows.", no_args_is_help=True)
    accounts.command("import")(import_accounts)
    accounts.command("list")(list_accounts)
    app.add_typer(accounts, name="accounts")


def prep(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="An account's id or name.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Where to write it; ACCOUNT.html by default.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=730, help="How far to look back; 90 days.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the sheet's data; a page is then written with --out only.")
    ] = False,
) -> None:
    """Write the meeting sheet of one account as a page that prints on one or two sheets of paper.

    The ledger keeps what it says, so that `crowsnest verify` can check it later.

    Example: crowsnest prep "Raman Family Dental" --out raman.html
    """
    from briefs.meeting import prepare, write_sheet
    from crowsnest.briefing import desk_of
    from crowsnest.ship import board
    from market.errors import UsageError

    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            "sheet-format", f"{out}: the sheet is written as HTML; name a file that ends in .html"
        )
    settings = load_settings(context)
    options = [*(["--out", str(out)] if out else []), *(["--days", str(days)] if days else [])]
    command = shlex.join(["crowsnest", "prep", account, *options])
    with board(settings, alone=False) as ship:
        made = prepare(desk_of(ship), account, ship.clock.now(), days, command)
    if out is not None or not as_json:
        path = out or Path(f"{made.sheet.account.id}.html")
        write_sheet(made.sheet, path, settings.market.zone, settings.web.url or "")
        typer.echo(path, err=as_json)
    if as_json:
        print_json(made.sheet)
    for refusal in made.refused:
        typer.echo(f"crowsnest: left out of the sheet, {refusal.why}: {refusal.claim.text}", err=True)
    raise typer.Exit(WITH_ERRORS if made.refused else DONE)


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
    from briefs.wording import counted
    from crowsnest.ship import open_ledger
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
        taken = counted(len(read.accounts), "account", "accounts")
        typer.echo(f"{taken} taken in, {counted(len(read.issues), 'remark', 'remarks')}")
    raise typer.Exit(WITH_ERRORS if read.issues else DONE)


def list_accounts(context: typer.Context, as_json: Json = False) -> None:
    """List the accounts that have been taken in.

    Example: crowsnest accounts list --json
    """
    from crowsnest.ship import open_ledger

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
