"""What the demo prints at its end: what was collected, searches with hits, and where things lie."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from textwrap import fill
from typing import Any

from briefs.lines import line_of
from briefs.meeting import prepare, write_sheet
from briefs.verify import Verdict
from briefs.view import view
from briefs.wording import counted, day_words
from crowsnest.briefing import desk_of
from crowsnest.demo.calendar import RUN_TIMES, WEEKS
from crowsnest.demo.play import Outcome
from crowsnest.proof import verify
from crowsnest.settings import load
from crowsnest.ship import Ship, board, open_ledger
from index.search import search
from market.clock import FixedClock, SystemClock
from market.ids import brief_id
from market.records import Brief

SEARCHES = (
    '"fiber ring" Greenville',
    "company:copperfinch (topic:outage OR topic:layoffs)",
    "kind:expansion company:tarnhollow",
)
"""What the demo asks the index, as an AE would: a phrase beside a word, topics, a kind of record."""
SHEET_ACCOUNT = "meeks-printing"
_AFTER = FixedClock(RUN_TIMES[-1] + timedelta(hours=2))
_WIDTH = 96

Say = Callable[[str], None]


@dataclass(frozen=True)
class Shown:
    """What lies where at the demo's end, and whether every claim holds."""

    settings: Path
    brief: Path
    """The first reader's latest brief."""
    sheet: Path
    mailbox: Path
    verdict: Verdict


def show(outcome: Outcome, say: Say) -> Shown:
    """Print the end of the demo, write the meeting sheet and check every claim."""
    path = outcome.folder / "market.toml"
    settings = load(path)
    reader = settings.subscribers[0]
    page = outcome.folder / "sheet.html"
    with board(settings, clock=_AFTER, alone=False) as ship:
        brief = ship.ledger.brief(brief_id(reader.id, WEEKS[-1]))
        _collected(ship, brief, say)
        say("\nThree searches")
        for query in SEARCHES:
            _search(ship, query, say)
        if brief is not None:
            _brief(brief, ship, say)
        sheet = prepare(desk_of(ship), SHEET_ACCOUNT, _AFTER.now(), command="crowsnest demo").sheet
        write_sheet(sheet, page, settings.market.zone)
        verdict = verify(ship, ship.ledger.briefs(), ship.ledger.sheets())
    command = f"{_program()} --settings {_short(path)}"
    html = settings.data / "briefs" / f"{WEEKS[-1]}-{reader.id}.html"
    say("\nLook at them")
    say(f"  brief      {_short(html)}  (the other weeks and readers beside it)")
    say(f"  sheet      {_short(page)}  (before a visit to {sheet.account.name})")
    say(f"  mailbox    {_short(outcome.folder / 'mailbox')}  ({_mails(outcome)})")
    say(f"  settings   {_short(path)}")
    # By the machine's calendar a market of sample weeks would be stale or yet to come.
    say(f"  web app    {_program()} demo --dir {_short(outcome.folder)} --serve")
    say(f"  or ask     {command} search outage")
    proof = verdict.words() if verdict.broken is None else str(verdict.broken)
    say("\n" + _hung("Verified     ", proof))
    _issues(outcome, say)
    if not outcome.changed:
        say("Unchanged    every page answered that it is the same: nothing was read, tagged or mailed anew")
    say(f"Took         {(SystemClock().now() - outcome.started_at).total_seconds():.0f} s")
    return Shown(path, html, page, outcome.folder / "mailbox", verdict)


def as_json(outcome: Outcome, shown: Shown) -> dict[str, Any]:
    """Return the demo's report as JSON values: each week's run, unexpected issues, and the proof."""
    broken = shown.verdict.broken
    return {
        "weeks": [
            {"week": week, "report": report.model_dump(mode="json")} for week, report in outcome.reports
        ],
        "changed": outcome.changed,
        "issues": {"unexpected": outcome.unexpected, "missing": outcome.missing},
        "verified": {**shown.verdict.counts(), "broken": str(broken) if broken else None},
        "settings": str(shown.settings),
        "brief": str(shown.brief),
        "sheet": str(shown.sheet),
        "mailbox": str(shown.mailbox),
    }


def _collected(ship: Ship, brief: Brief | None, say: Say) -> None:
    ledger = ship.ledger
    notes = {check.source_id: check.note for check in brief.coverage.sources} if brief else {}
    articles = Counter(article.source_id for article in ledger.articles())
    offers = Counter(offer.source_id for offer in ledger.offers(current=True))
    say(f"\nCollected: {sum(articles.values())} articles, {sum(offers.values())} list prices")
    for source in ship.settings.sources:
        what = ", ".join(
            counted(count, one, many)
            for count, one, many in (
                (articles[source.id], "article", "articles"),
                (offers[source.id], "list price", "list prices"),
            )
            if count
        )
        say(f"  {source.publisher[:46]:46}  {what or 'nothing: ' + notes.get(source.id, '')}")


def _search(ship: Ship, query: str, say: Say) -> None:
    found = search(ship.engine, query, limit=3, zone=ship.settings.market.zone)
    say(f"  {query}  {'.' * max(2, 60 - len(query))}  {counted(found.total, 'hit', 'hits')}")
    for hit in found.results:
        document = hit.document
        day = day_words(date.fromisoformat(document.day)) if document.dated else "no date"
        say(_cut(f"    {day:13} {document.title} ({document.publisher})"))


def _brief(brief: Brief, ship: Ship, say: Say) -> None:
    shown = view(brief, ship.settings.market.zone)
    say(f"\nThe Monday brief of {shown.reader}: {shown.title.lower()}, {shown.period}")
    for section in brief.sections:
        for claim in section.claims[:2]:
            line = line_of(claim, ship.settings.market.zone, "")
            label = claim.tags[0].capitalize() if claim.kind == "build" and claim.tags else line.label
            say(_hung(f"  {label:20} ", line.headline or line.text))
        if len(section.claims) > 2:
            say(_hung(f"  {'':20} ", f"and {len(section.claims) - 2} more under {section.title}"))


def _hung(label: str, text: str) -> str:
    """Return a text beside its label, broken into lines that stand below each other."""
    return fill(text, _WIDTH, initial_indent=label, subsequent_indent=" " * len(label))


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 4].rstrip() + " ..."


def _mails(outcome: Outcome) -> str:
    kept = len(list((outcome.folder / "mailbox").glob("*.eml")))
    new = len(outcome.mails)
    return f"{counted(kept, 'mail', 'mails')} by SMTP, {new} of them now" if new < kept else f"{kept} by SMTP"


def _issues(outcome: Outcome, say: Say) -> None:
    count = len({(issue.code, issue.source_id) for _, report in outcome.reports for issue in report.issues})
    if not (outcome.unexpected or outcome.missing):
        say(f"Issues       {count} kinds, exactly those that the sample web is meant to cause")
        return
    say("Issues       not those that the sample web is meant to cause:")
    for line in outcome.unexpected:
        say(f"  unexpected {line}")
    for line in outcome.missing:
        say(f"  missing    {line}")


def _program() -> str:
    """Return how this program was called, so that the printed commands work from the same prompt."""
    called = Path(sys.argv[0])
    if called.name != "crowsnest":
        return "crowsnest"
    return _short(called.absolute()) if called.parent != Path() else "crowsnest"


def _short(path: Path) -> str:
    """Return a path as typed from here, where it lies below."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def serve(outcome: Outcome, say: Say) -> None:
    """Serve the web app on the sample market until interrupted."""
    from crowsnest.web.serve import Served, run

    settings = load(outcome.folder / "market.toml")
    ledger = open_ledger(settings)
    try:
        run(settings, ledger, Served(settings.web.host, 0), show=say, clock=_AFTER)
    finally:
        ledger.close()
