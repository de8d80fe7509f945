"""`init`, `check`, `territory` and `companies`: the analyst's file and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crowsnest.cli.context import WITH_ERRORS, load_settings, print_json
from crowsnest.cli.progress import bars

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("init")(init)
    app.command("check")(check)
    app.command("territory")(territory)
    app.command("companies")(companies)


def init(folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path()) -> None:
    """Write a commented market.toml into DIR (default: here); an existing one is left alone.

    Example: crowsnest init upstate && cd upstate && crowsnest check
    """
    from importlib.resources import files

    from market.errors import UsageError

    target = folder / "market.toml"
    if target.exists():
        raise UsageError("settings-exist", f"{target} exists already and is left as it is")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(files("crowsnest").joinpath("market_template.toml").read_text("utf-8"), "utf-8")
    except OSError as error:
        raise UsageError("settings-not-written", f"cannot write {target}: {error.strerror}") from error
    typer.echo(f"wrote {target}; name sources and readers in it, then: crowsnest --settings {target} check")


def check(
    context: typer.Context,
    live: Annotated[bool, typer.Option("--live", help="Fetch each source once; keep nothing.")] = False,
    catalog: Annotated[bool, typer.Option("--catalog", help="List the shipped sources and exit.")] = False,
    as_json: Json = False,
) -> None:
    """Check the settings; with --live also fetch one page of each source and say what it would yield.

    Example: crowsnest check --live
    """
    from crowsnest.checking import catalog_lines, check_live, check_settings

    if catalog:
        for entry in catalog_lines():
            print_json(entry) if as_json else typer.echo(
                f"{entry['id']:32} {'enabled ' if entry['enabled'] else 'DISABLED'} {entry['url']}"
                + (f"\n{'':32} {entry['note']}" if entry["note"] else "")
            )
        return
    settings = load_settings(context)
    found = check_settings(settings)
    if live:
        with bars() as progress:
            found["live"] = check_live(settings, progress)
    if as_json:
        print_json(found)
    else:
        typer.echo(found["text"])
        for line in found.get("live", []):
            typer.echo(f"  {line['source']:28} {line['answer']}")
    bad = found["misunderstood"] or [line for line in found.get("live", []) if not line["ok"]]
    raise typer.Exit(WITH_ERRORS if bad else 0)


def territory(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """Print what a territory covers, county by county, and what was not understood.

    Example: crowsnest territory upstate
    """
    from crowsnest.checking import cover_of

    settings = load_settings(context)
    found = cover_of(settings, name)
    if as_json:
        print_json(found)
    else:
        typer.echo(f"{found['name']}: {len(found['counties'])} counties")
        for county in found["counties"]:
            typer.echo(f"  {county['fips']}  {county['name']}, {county['state']}")
        for words in found["misunderstood"]:
            typer.echo(f"  not understood: {words}")
    raise typer.Exit(WITH_ERRORS if found["misunderstood"] else 0)


def companies(context: typer.Context, as_json: Json = False) -> None:
    """List the companies known, with their owner today: the ids that market.toml may use.

    Example: crowsnest companies | grep -i metronet
    """
    from crowsnest.checking import company_lines

    root = context.find_root().obj
    settings = load_settings(context) if root.settings.exists() else None
    for entry in company_lines(settings):
        if as_json:
            print_json(entry)
        else:
            owner = f"  (owned by {entry['owner']})" if entry["owner"] else ""
            typer.echo(f"{entry['id']:24} {entry['name']}{owner}")
