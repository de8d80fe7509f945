"""`builds`: who builds where, each build with its history."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import DONE, load_settings, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from market.places.gazetteer import Gazetteer
    from market.records import Build, Telling


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("builds")(builds)


def builds(
    context: typer.Context,
    company: Annotated[
        list[str] | None, typer.Option(help="Id, name or brand, with what it owns; may be repeated.")
    ] = None,
    territory: Annotated[
        str | None, typer.Option(help='A territory of the settings, "Greenville, SC", a county or a state.')
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(help="announced, funded, permitted, construction, live or cancelled; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Told of from this day on: 2026-11-01, 2026-11, 30d, 4w.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one row a telling.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    as_geojson: Annotated[
        bool, typer.Option("--geojson", help="Print GeoJSON (RFC 7946): a point for each place of a build.")
    ] = False,
) -> None:
    """List network builds with their history; the same build told again is one, and contradictions are shown.

    Example: crowsnest builds --territory upstate --stage construction --since 90d
    """
    from briefs.buildbook import read_builds
    from briefs.telling import PROGRESS
    from crowsnest.asked import day_of, owned_by, reach_of
    from crowsnest.briefing import desk_of
    from crowsnest.ship import board
    from market.errors import UsageError

    for name in stage or ():
        if name not in PROGRESS:
            raise UsageError("stage-unknown", f"{name!r} is no stage; use one of {', '.join(PROGRESS)}")
    if sum((as_csv, as_json, as_geojson)) > 1:
        raise UsageError("formats", "choose one of --csv, --json and --geojson")
    settings = load_settings(context)
    zone = settings.market.zone
    with board(settings, alone=False) as ship:
        desk, now = desk_of(ship), ship.clock.now()
        found = read_builds(
            desk,
            companies=owned_by(company or (), desk.lexicon, now.date()),
            reach=None if territory is None else reach_of(territory, settings, desk.gazetteer),
            stages=stage or (),
            since=None if since is None else day_of(since, zone, now)[0],
        )
        if as_geojson:
            sys.stdout.write(json.dumps(geojson(found, desk.gazetteer), ensure_ascii=False) + "\n")
        elif as_json:
            print_json({"builds": [build.model_dump(mode="json") for build in found]})
        elif as_csv:
            sys.stdout.write(_csv(found, zone))
        else:
            sys.stdout.write(_text(found, zone))
    raise typer.Exit(DONE)


def geojson(found: Iterable[Build], gazetteer: Gazetteer) -> dict[str, Any]:
    """Return the builds as a FeatureCollection; coordinates are the places' points, longitude first."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {
                "build": build.id,
                "company": build.company_name,
                "place": place.name,
                "state": place.state,
                "stage": build.stage,
                "first_told": build.first_told.isoformat(),
                "last_told": build.last_told.isoformat(),
                "part_of": build.part_of,
                "url": build.history[-1].url,
            }
            | {slot: values[0] for slot, values in build.figures.items()}
            | {f"{slot}_told": list(values) for slot, values in build.figures.items() if len(values) > 1}
            | ({"corrected": list(words)} if (words := corrected_of(build)) else {}),
        }
        for build in found
        for place_id in build.places
        if (place := gazetteer.place(place_id)) is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def corrected_of(build: Build) -> tuple[str, ...]:
    """Return what the analyst corrected of a build's tellings, each once."""
    return tuple(dict.fromkeys(words for told in build.history for words in told.corrections))


def _csv(found: Sequence[Build], zone: tzinfo) -> str:
    from briefs.buildbook import FIGURES
    from briefs.price_tables import as_csv
    from briefs.progress import told_day

    columns = (
        "Build",
        "Company",
        "Places",
        "Stage now",
        "Told",
        "Stage told",
        *FIGURES,
        "Publisher",
        "Page",
        "Corrected",
    )
    rows = [
        [
            build.id,
            build.company_name,
            "; ".join(build.place_names),
            build.stage,
            told_day(told, zone),
            told.fact.stage,
            *(getattr(told.fact, slot) for slot in FIGURES),
            told.publisher,
            told.url,
            "; ".join(told.corrections),
        ]
        for build in found
        for told in build.history
    ]
    return as_csv(columns, rows)


def _text(found: Sequence[Build], zone: tzinfo) -> str:
    if not found:
        return "no build fits; `crowsnest status` shows which sources were read\n"
    blocks = []
    names = {build.id: _name(build) for build in found}
    for build in found:
        lines = [f"{names[build.id]} ({build.stage})"]
        for slot, values in build.figures.items():
            shown = " or ".join(_value(slot, value) for value in values)
            lines.append(f"  {slot.removesuffix('_cents').replace('_', ' ')}: {shown}")
            if len(values) > 1:
                lines += [f"    {line}" for value in values for line in _teller(build, slot, value)]
        if build.part_of in names:
            lines.append(f"  part of: {names[build.part_of]}")
        lines += [f"  {line}" for told in build.history for line in _told(told, zone)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + f"\n\n{len(found)} build{'s' if len(found) != 1 else ''}\n"


def _name(build: Build) -> str:
    return f"{build.company_name}: {'; '.join(build.place_names) or 'place unknown'}"


def _teller(build: Build, slot: str, value: str) -> Iterable[str]:
    """Yield the latest words for one of several values of a slot."""
    for told in reversed(build.history):
        if str(getattr(told.fact, slot)) != value:
            continue
        proof = next((item for item in told.fact.evidence if item.slot == slot), None)
        quote = f'"{" ".join(proof.quote.split())}" ' if proof is not None else ""
        yield f"{_value(slot, value)}: {quote}{told.publisher} [capture {told.capture_id}]"
        return


def _told(told: Telling, zone: tzinfo) -> Iterable[str]:
    from briefs.progress import told_day

    day = told_day(told, zone).isoformat()
    yield f"{day}{'' if told.dated else ' (captured)'}  {told.fact.stage}: {told.publisher}, {told.url}"
    proof = next((item for item in told.fact.evidence if item.slot == "stage"), None)
    if proof is not None:
        yield f'    "{" ".join(proof.quote.split())}" [capture {told.capture_id}]'
    yield from (f"    {' '.join(words.split())}" for words in told.corrections)


def _value(slot: str, value: str) -> str:
    if slot.endswith("_cents"):
        return f"${int(value) / 100:,.0f}"
    return f"{int(value):,}" if slot == "passings" else value.removesuffix(".0")
