"""What the demo prints at its end: what was collected, searches with hits, and where things lie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from briefs.meeting import write_sheet
from crowsnest.briefing import desk_of
from crowsnest.demo.calendar import RUN_TIMES, WEEKS
from crowsnest.demo.play import Outcome
from crowsnest.settings import load
from crowsnest.ship import Ship, board
from index.search import search
from market.clock import FixedClock

SEARCHES = ("fiber construction", "price OR promotion", "outage Spartanburg")
"""What the demo asks the index, as an AE would."""
SHEET_ACCOUNT = "meeks-printing"
_AFTER = FixedClock(RUN_TIMES[-1] + timedelta(hours=2))

Say = Callable[[str], None]


def show(outcome: Outcome, say: Say) -> None:
    """Print the end of the demo and write the meeting sheet."""
    settings = load(outcome.folder / "market.toml")
    with board(settings, clock=_AFTER, alone=False) as ship:
        say("")
        _collected(ship, say)
        for query in SEARCHES:
            _search(ship, query, say)
        sheet = write_sheet(desk_of(ship), SHEET_ACCOUNT, _AFTER.now(), outcome.folder / "sheet.html")
    brief = settings.data / "briefs" / f"{WEEKS[-1]}-{settings.subscriber[0].id}.html"
    say("")
    if not outcome.changed:
        say("Nothing has changed since the last time: every page answered that it is the same.")
    say(f"settings     {outcome.folder / 'market.toml'}")
    say(f"brief        {_short(brief)}  (the other weeks and readers lie beside it)")
    say(f"sheet        {sheet}  (account {SHEET_ACCOUNT})")
    if outcome.mails:
        say(f"mailbox      {outcome.mails[-1]}  ({len(outcome.mails)} mails came in by SMTP)")
    say(f"web app      crowsnest --settings {outcome.folder / 'market.toml'} serve")
    _issues(outcome, say)


def _collected(ship: Ship, say: Say) -> None:
    ledger = ship.ledger
    say("collected:")
    for source in ship.settings.sources:
        captures = len(ledger.captures(source_id=source.id))
        articles = sum(article.source_id == source.id for article in ledger.articles())
        offers = len(ledger.offers(source_id=source.id, current=True))
        what = ", ".join(
            f"{count} {word}" for count, word in ((articles, "articles"), (offers, "offers")) if count
        )
        say(f"  {source.id:26} {captures:4} captures  {what or 'nothing to read'}")


def _search(ship: Ship, query: str, say: Say) -> None:
    found = search(ship.engine, query, limit=3, zone=ship.settings.market.zone)
    say(f"search {query!r}: {found.total} hits")
    for hit in found.results:
        document = hit.document
        day = document.day if document.dated else "no date"
        say(f"  {document.kind:9} {day:10}  {document.title[:70]}  ({document.publisher})")


def _issues(outcome: Outcome, say: Say) -> None:
    count = len({(issue.code, issue.source_id) for _, report in outcome.reports for issue in report.issues})
    if outcome.unexpected or outcome.missing:
        say("issues       not those that the sample web is meant to cause:")
        for line in outcome.unexpected:
            say(f"  unexpected {line}")
        for line in outcome.missing:
            say(f"  missing    {line}")
    else:
        say(f"issues       {count} kinds, all of them meant (a blocked source, a broken feed ...)")


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def serve(outcome: Outcome, say: Say) -> None:
    """Serve the web app on the sample market until interrupted."""
    from crowsnest.web.serve import Served, run
    from index.ledger import Ledger

    settings = load(outcome.folder / "market.toml")
    ledger = Ledger(settings.ledger_url)
    try:
        run(settings, ledger, Served(settings.web.host, 0), show=say, clock=_AFTER)
    finally:
        ledger.close()
