"""`search`, `index` and `reindex`: ask the index, and keep it level with the ledger."""

from __future__ import annotations

import re
import sys
import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import (
    DONE,
    WITH_ERRORS,
    lexicon,
    load_settings,
    open_engine,
    print_json,
)
from crowsnest.cli.progress import bars

if TYPE_CHECKING:
    from index.highlight import Snippet
    from index.port import Facet
    from index.search import Result, Results
    from market.places.gazetteer import Gazetteer

FACETS: tuple[Facet, ...] = ("kind", "company", "topic", "state", "county", "month")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Since = Annotated[str | None, typer.Option(help="From this day on: 2026-11-01, 2026-11, 30d, 4w.")]
Until = Annotated[str | None, typer.Option(help="Up to and including this day.")]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", help="Id, name or brand, with its owner and what it owns; may be repeated."),
]
Places = Annotated[
    list[str] | None, typer.Option("--place", help='"Greenville, SC", a county or a state; may be repeated.')
]
Territories = Annotated[
    list[str] | None, typer.Option("--territory", help="A territory of the settings; may be repeated.")
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="article, offer or expansion; may be repeated.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="pricing, expansion, outage ...; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("search")(search)
    app.command("index")(index)
    app.command("reindex")(reindex)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help='Words, "phrases", field:value, AND, OR, NOT; "*" for all.')],
    since: Since = None,
    until: Until = None,
    company: Companies = None,
    place: Places = None,
    territory: Territories = None,
    kind: Kinds = None,
    topic: Topics = None,
    sort: Annotated[str, typer.Option(help="relevance, newest or price.")] = "relevance",
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Hits to show.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="Hits to pass over first.")] = 0,
    as_json: Json = False,
) -> None:
    """Search articles, offers and build facts; every hit names its captured page.

    Example: crowsnest search '"fiber build" OR price:<60' --place "Greenville, SC" --since 30d
    """
    from crowsnest.asked import filters, order_of
    from index.search import search as ask
    from market.clock import SystemClock
    from market.places.gazetteer import Gazetteer

    settings = load_settings(context)
    gazetteer = Gazetteer.load()
    asked = filters(
        settings,
        lexicon(settings),
        gazetteer,
        now=SystemClock().now(),
        since=since,
        until=until,
        companies=company or (),
        places=place or (),
        territories=territory or (),
        kinds=kind or (),
        topics=topic or (),
    )
    order = order_of(sort)
    zone = settings.market.zone
    engine = open_engine(settings)
    try:
        found = ask(
            engine, query, filters=asked, facets=FACETS, sort=order, offset=offset, limit=limit, zone=zone
        )
    finally:
        engine.close()
    if as_json:
        print_json(found)
    else:
        typer.echo(_text(found, offset, gazetteer))


def index(context: typer.Context, as_json: Json = False) -> None:
    """Bring the search index up to the ledger; an index that is missing or of another version is rebuilt.

    Example: crowsnest index
    """
    _fill(context, anew=False, as_json=as_json)


def reindex(context: typer.Context, as_json: Json = False) -> None:
    """Build the search index anew from the ledger and put it in the old one's place.

    Example: crowsnest reindex
    """
    _fill(context, anew=True, as_json=as_json)


def _fill(context: typer.Context, *, anew: bool, as_json: bool) -> None:
    from crowsnest.correcting import apply_corrections
    from crowsnest.correction_names import Names
    from crowsnest.ship import open_ledger
    from index.sync import rebuild, sync
    from market.clock import SystemClock
    from market.places.gazetteer import Gazetteer

    settings = load_settings(context)
    ledger, engine = open_ledger(settings), open_engine(settings)
    try:
        apply_corrections(settings, ledger, Names(lexicon(settings), Gazetteer.load()))
        with bars() as progress:
            counts = (rebuild if anew else sync)(
                ledger,
                engine,
                lexicon=lexicon(settings),
                zone=settings.market.zone,
                progress=progress,
                at=SystemClock().now(),
            )
        total = engine.count()
    finally:
        engine.close()
        ledger.close()
    if as_json:
        print_json(counts | {"total": total})
    else:
        words = ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "nothing new"
        typer.echo(f"index: {words}; {total} documents in all")
    raise typer.Exit(WITH_ERRORS if counts["refused"] else DONE)


def _text(found: Results, offset: int, gazetteer: Gazetteer) -> str:
    shown = len(found.results)
    if not found.total:
        return "no hits"
    blocks = [_hit(result) for result in found.results]
    span = f"{offset + 1} to {offset + shown} of " if shown else ""
    blocks.append(f"{span}{found.total} hit{'s' if found.total != 1 else ''}")
    lines = [
        f"  {name:8} "
        + "; ".join(f"{_named(name, value, gazetteer)} ({number})" for value, number in values[:8])
        for name, values in found.facets.items()
        if values
    ]
    return "\n\n".join(blocks) + "\n" + "\n".join(lines)


def _named(facet: str, value: str, gazetteer: Gazetteer) -> str:
    """Return a facet's value as read by people: a county's name for its FIPS code."""
    county = gazetteer.county(value) if facet == "county" else None
    return f"{county.name}, {county.state}" if county else value


def _hit(result: Result) -> str:
    document = result.document
    when = document.day if document.dated else f"{document.day} (fetched)"
    head = " · ".join(part for part in (when, document.kind, document.publisher) if part)
    title = _marked(result.title) or document.url
    body = textwrap.fill(_marked(result.snippet), 100, initial_indent="  ", subsequent_indent="  ")
    where = f"  {document.url} [capture {document.capture_id}]"
    corrected = [f"  {_clean(words)}" for words in document.corrections]
    return "\n".join(part for part in (head, f"  {title}", body, *corrected, where) if part.strip())


def _marked(snippet: Snippet) -> str:
    """Return a passage with its answers in bold on a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        return _clean(snippet.text)
    parts, last = [], 0
    for start, end in snippet.marks:
        parts += [_clean(snippet.text[last:start]), typer.style(_clean(snippet.text[start:end]), bold=True)]
        last = end
    return "".join(parts) + _clean(snippet.text[last:])


def _clean(text: str) -> str:
    # A page's text must not steer the terminal that shows it.
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)
