"""`correct`: the analyst's word on places and companies of articles, builds and plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from crowsnest.cli.context import DONE, lexicon, load_settings, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from crowsnest.correcting import Applied
    from crowsnest.correction_names import Names
    from crowsnest.settings import Settings
    from index.ledger import Ledger
    from market.records import Correction


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("correct")(correct)


def correct(
    context: typer.Context,
    record: Annotated[
        str | None,
        typer.Argument(
            metavar="RECORD",
            help="URL or id of an article, id of a build, plan or offer, or a price page's URL.",
        ),
    ] = None,
    build: Annotated[
        str | None,
        typer.Option("--build", metavar="COMPANY", help="Only what the article tells of its builds."),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="NAME", help='A plan of a price page; "*": all of them.'),
    ] = None,
    reject: Annotated[
        tuple[str, str] | None,
        typer.Option("--reject", metavar="KIND NAME", help="This place or company is not in it."),
    ] = None,
    add: Annotated[
        tuple[str, str] | None,
        typer.Option("--add", metavar="KIND NAME", help="This place or company is in it."),
    ] = None,
    replace: Annotated[
        tuple[str, str] | None,
        typer.Option("--replace", metavar="OLD NEW", help="What was taken for OLD is NEW."),
    ] = None,
    role: Annotated[
        tuple[str, str] | None,
        typer.Option("--role", metavar="NAME ROLE", help="It is about it, or only mentioned."),
    ] = None,
    as_role: Annotated[
        str | None,
        typer.Option("--as", help="about or mentioned: the role of what --add or --replace puts in."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="place or company, where --replace or --role could mean either.")
    ] = None,
    author: Annotated[str, typer.Option(help="Who says so; needed.")] = "",
    reason: Annotated[str, typer.Option(help="Why; needed, and shown with the record.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the corrections, of RECORD or all.")] = False,
    undo: Annotated[
        str | None, typer.Option(metavar="ID", help="Take a correction back (--list shows ids).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Correct a place, a company or a role: of an article, of a build, or of a published plan.

    KIND is place or company, ROLE is about or mentioned; a build and a plan have no role. Of a build that
    several articles tell, each is corrected. The correction is added to corrections.toml beside the settings,
    with author, reason and time, and stands above what was read and will be; the search follows with the
    next `crowsnest index` or `run`, briefs and sheets when they are next written.

    Example: crowsnest correct https://paper.example/fiber --replace "Columbus, OH" "Columbus, GA"
    --author "N. N." --reason "The paper is Georgia's"
    """
    from crowsnest.briefing import market_desk
    from crowsnest.correcting import apply_corrections
    from crowsnest.correction_entry import entry_for
    from crowsnest.correction_names import Names
    from crowsnest.correction_subjects import subjects_of
    from crowsnest.corrections import append
    from crowsnest.ship import open_ledger
    from market.errors import UsageError
    from market.places.gazetteer import Gazetteer

    asked = {"--reject": reject, "--add": add, "--replace": replace, "--role": role}
    given = [name for name, value in asked.items() if value is not None]
    if len(given) + bool(undo) + listed != 1:
        raise UsageError(
            "correction-unclear", "give one of --reject, --add, --replace, --role, --undo and --list"
        )
    settings = load_settings(context)
    names = Names(lexicon(settings), Gazetteer.load())
    made: list[dict[str, str | None]] = []
    ledger = open_ledger(settings)
    try:
        if not listed and not (author.strip() and reason.strip()):
            raise UsageError("correction-unsigned", "a correction needs --author and --reason")
        if undo:
            _check_undo(settings, names, undo)
            append(
                settings,
                names,
                "undo",
                {"correction": undo, "author": author, "reason": reason, "at": _now()},
            )
        elif not listed:
            desk = market_desk(settings, ledger, names.lexicon, names.gazetteer)
            subjects = subjects_of(desk, names, record, build=build, plan=plan)
            made = [entry_for(names, each, asked, as_role=as_role, kind=kind) for each in subjects]
            signed: dict[str, str | datetime | None] = {"author": author, "reason": reason, "at": _now()}
            for entry in made:
                append(settings, names, "correction", {**entry, **signed})
        applied = apply_corrections(settings, ledger, names)
        shown = _listed(ledger, applied, record) if listed else _shown(applied, undo, len(made))
    finally:
        ledger.close()
    if as_json:
        found = {
            "corrections": [one.model_dump(mode="json") for one in shown],
            "changed": list(applied.changed),
            "plans": list(applied.plans),
            "waiting": [one.id for one in applied.waiting],
            "idle": [one.id for one in applied.idle],
            "overruled": {stands.id: before.id for before, stands in applied.disagreeing},
        }
        print_json(found)
    else:
        typer.echo(_text(shown, applied, settings.market.zone))
    raise typer.Exit(DONE)


def _now() -> datetime:
    from market.clock import SystemClock

    return SystemClock().now().replace(microsecond=0)


def _check_undo(settings: Settings, names: Names, wanted: str) -> None:
    from crowsnest.corrections import read_corrections
    from market.errors import UsageError

    known = {one.id: one for one in read_corrections(settings, names)}
    if wanted not in known:
        raise UsageError(
            "correction-unknown",
            f'there is no correction "{wanted}"; `crowsnest correct --list` shows their ids',
        )
    if known[wanted].undone is not None:
        raise UsageError("correction-undone", f'the correction "{wanted}" has been taken back already')


def _listed(ledger: Ledger, applied: Applied, record: str | None) -> list[Correction]:
    from crowsnest.correcting import find_article

    if not record:
        return list(applied.corrections)
    article = find_article(ledger, record)
    record_id = article.id if article else record
    return [one for one in applied.corrections if record_id in (one.record_id, one.record)]


def _shown(applied: Applied, undo: str | None, made: int) -> list[Correction]:
    """Return the corrections that were just made, or the one taken back."""
    if undo:
        return [one for one in applied.corrections if one.id == undo]
    return list(applied.corrections[-made:])


def _text(shown: Sequence[Correction], applied: Applied, zone: tzinfo) -> str:
    waiting, idle = ({one.id for one in ones} for ones in (applied.waiting, applied.idle))
    overruled = {stands.id: before for before, stands in applied.disagreeing}
    lines = []
    for one in shown:
        when = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}" if one.at else "undated"
        lines.append(f"{one.id}  {when}  {_clean(one.words())}\n  {_clean(one.record)}")
        if one.undone is not None:
            lines.append(f"  taken back by {_clean(one.undone.author)}: {_clean(one.undone.reason)}")
        elif one.id in waiting:
            lines.append(f"  waits: the ledger has no such {'plan' if one.scope == 'plan' else 'article'}")
        elif one.id in idle:
            lines.append("  changes nothing: the record says no such thing")
        if one.id in overruled and one.undone is None:
            before = overruled[one.id]
            lines.append(f"  stands above {before.id}: {_clean(before.words())}")
    counts = [
        f"{len(ids)} {noun}{'s' if len(ids) > 1 else ''}"
        for ids, noun in ((applied.changed, "article"), (applied.plans, "plan"))
        if ids
    ]
    if counts:
        lines.append(
            f"{' and '.join(counts)} changed; the search follows with `crowsnest index` or the next run"
        )
    return "\n".join(lines) or "no corrections"


def _clean(text: str) -> str:
    # What an address or a file holds must not steer the terminal that shows it.
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)
