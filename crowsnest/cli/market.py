"""`init`, `check`, `territory` and `companies`: the analyst's file and what it means."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import WITH_ERRORS, load_settings, print_json
from crowsnest.cli.progress import bars

if TYPE_CHECKING:
    from crowsnest.settings import Settings

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
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID")],
    place: Annotated[
        list[str] | None,
        typer.Option(
            "--place", help='Say how "Greenville, SC" stands to it: in, near or out; may be repeated.'
        ),
    ] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write its map to this file.")] = None,
    as_json: Json = False,
) -> None:
    """Print what a territory covers, county by county, on a small map, and what was not understood.

    Exits 1 when an area of the settings is not understood; the nearest names that would be are listed.

    Example: crowsnest territory upstate --place "Asheville, NC" --svg upstate.svg
    """
    from crowsnest.covering import cover_of
    from crowsnest.territory_map import svg_map

    found = cover_of(load_settings(context, territories=False), name, place or ())
    if svg is not None:
        _write(svg, svg_map(found))
    if as_json:
        print_json({key: value for key, value in found.items() if key != "out"})
    else:
        typer.echo(_territory_text(found))
    raise typer.Exit(WITH_ERRORS if found["misunderstood"] else 0)


def _territory_text(found: dict[str, Any]) -> str:
    """Return a territory as lines: name, map, counties, places asked for, what was not understood."""
    from crowsnest.territory_map import ASCII, UNICODE, keys, text_map

    can_draw = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    signs = UNICODE if can_draw else ASCII
    counties = found["counties"]
    lines = [f"{found['name']}: {len(counties)} {'county' if len(counties) == 1 else 'counties'}"]
    if drawn := text_map(found, signs):
        lines += [drawn, f"{signs['in']} covered   {signs['near']} near   {signs['out']} other counties"]
    named = keys(counties)
    lines += [
        f"{named.get(county['fips'], ' ')}  {county['fips']}  {county['name']}, {county['state']}"
        for county in counties
    ]
    names = {county["fips"]: f"{county['name']}, {county['state']}" for county in counties}
    for place in found["places"]:
        where = names.get(place["county"] or "", "")
        told = {
            "in": f"in {where}" if where else "in",
            "near": f"near: {_apart(place['km'])} {where}" if where else "near: a part of it is covered",
            "out": f"out: {place['km']:.0f} km from {where}" if where else "out",
        }
        lines.append(f"{place['asked']}: {told[place['relation']]}")
    lines += [f"note: {words}" for words in found["notes"]]
    return "\n".join([*lines, *(f"not understood: {words}" for words in found["misunderstood"])])


def _apart(km: float) -> str:
    """Return "12 km from"; what is nearer than a kilometre lies beside it, for distances are rough."""
    return f"{km:.0f} km from" if km >= 1 else "beside"


def _write(path: Path, text: str) -> None:
    from market.errors import UsageError

    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError("file-not-written", f"cannot write {path}: {error.strerror}") from error


def companies(
    context: typer.Context,
    unknown: Annotated[
        bool,
        typer.Option(
            "--unknown",
            help="Instead: organisations that articles name and the lexicon lacks, frequent first.",
        ),
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Of --unknown: in articles from this day on: 2026-11-01, 30d, 4w.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Of --unknown: how many to show.")] = 20,
    operators: Annotated[
        bool, typer.Option("--operators", help="Of --unknown: only those named as a network operator.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the companies known, with their owner today: the ids that market.toml may use.

    With --unknown, list what the lexicon lacks as [[competitor]] tables, ready to paste into market.toml;
    names under ignore_companies in [market] stay out.

    Example: crowsnest companies --unknown --since 90d --operators >> market.toml
    """
    from market.errors import UsageError

    root = context.find_root().obj
    if unknown:
        _unknown(load_settings(context), since, limit, operators, as_json)
        return
    if since is not None or operators:
        raise UsageError("option-unused", "--since and --operators go with --unknown")
    from crowsnest.checking import company_lines

    settings = load_settings(context) if root.settings.exists() else None
    for entry in company_lines(settings):
        if as_json:
            print_json(entry)
        else:
            owner = f"  (owned by {entry['owner']})" if entry["owner"] else ""
            typer.echo(f"{entry['id']:24} {entry['name']}{owner}")


def _unknown(settings: Settings, since: str | None, limit: int, operators: bool, as_json: bool) -> None:
    from crowsnest.asked import day_of
    from crowsnest.ship import open_ledger
    from crowsnest.unknown import as_tables, unknown_companies
    from market.clock import SystemClock

    first = day_of(since, settings.market.zone, SystemClock().now())[0] if since else None
    ledger = open_ledger(settings)
    try:
        found = unknown_companies(settings, ledger, since=first, limit=limit, operators_only=operators)
    finally:
        ledger.close()
    if as_json:
        for entry in found:
            print_json(entry)
    else:
        typer.echo(as_tables(found) or "# no organisation is named that the lexicon lacks")
