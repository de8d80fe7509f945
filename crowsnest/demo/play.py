"""The demo: three sample weeks through the real pipeline, then what they yielded."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crowsnest.demo.calendar import RUN_TIMES, WEEKS
from crowsnest.demo.mailbox import Mailbox
from crowsnest.demo.server import SampleWeb
from crowsnest.demo.settings import ACCOUNTS, EXPECTED_ISSUES, market_toml
from crowsnest.run import run
from crowsnest.settings import load
from crowsnest.ship import Progress, Ship, board
from market.clock import FixedClock, SystemClock
from market.records import RunReport

_GREETING = """\
An invented market in two states: thirteen sample sites, served on this machine. Nothing leaves it.
Crowsnest now lives through three weeks of it, each with its Monday run.
"""
STATE = "demo.json"
"""Remembers the sample web's port: a page's address is its identity, so a second run needs the same one."""


@dataclass
class Outcome:
    """What the demo's weeks yielded."""

    folder: Path
    started_at: datetime = field(default_factory=SystemClock().now)
    """By the machine's clock; all else goes by sample time."""
    reports: list[tuple[int, RunReport]] = field(default_factory=list)
    """(sample week, report); week 0 is the pass over the unchanged web."""
    unexpected: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    mails: tuple[Path, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was new to this run."""
        return any(
            report.counts.get("read", {}).get("captures") or report.counts.get("tag", {}).get("articles")
            for _, report in self.reports
        )


@contextmanager
def sample_market(folder: Path, search_url: str | None = None) -> Iterator[tuple[SampleWeb, Mailbox, Path]]:
    """Serve the sample web and the mailbox, and write the market.toml that knows their ports."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / STATE
    port = json.loads(state.read_text("utf-8"))["port"] if state.exists() else None
    with SampleWeb(port=port) as web, Mailbox(folder / "mailbox") as mailbox:
        state.write_text(json.dumps({"port": web.port}), encoding="utf-8")
        text = market_toml(web, mail_port=mailbox.port)
        if search_url:
            text += f'\n[search]\nurl = "{search_url}"\n'
        settings = folder / "market.toml"
        settings.write_text(text, encoding="utf-8")
        yield web, mailbox, settings


def play(
    folder: Path, *, progress: Progress, say: Callable[[str], None], search_url: str | None = None
) -> Outcome:
    """Run the sample weeks that this folder has not finished yet, then once more over the unchanged web."""
    outcome = Outcome(folder)
    say(_GREETING)
    with sample_market(folder, search_url) as (web, mailbox, path):
        settings = load(path)
        for week, moment in enumerate(RUN_TIMES, start=1):
            with board(settings, clock=FixedClock(moment), progress=progress) as ship:
                if _finished(ship, week):
                    say(f"  week {week}  {WEEKS[week - 1]}   done before")
                    continue
                web.set_week(week)
                if week == 1:
                    _accounts(ship)
                report = run(ship)
            outcome.reports.append((week, report))
            say(f"  week {week}  {WEEKS[week - 1]}   {_words(report)}")
        if not outcome.reports:
            web.set_week(len(RUN_TIMES))
            # An hour later: nothing is due by itself, so every source is named.
            clock = FixedClock(RUN_TIMES[-1] + timedelta(hours=1))
            with board(settings, clock=clock, progress=progress) as ship:
                names = [source.id for source in settings.sources]
                outcome.reports.append((0, run(ship, names)))
            say(f"  once more over the unchanged web: {_words(outcome.reports[-1][1])}")
        outcome.mails = mailbox.kept
    _compare(outcome)
    return outcome


def _finished(ship: Ship, week: int) -> bool:
    start = RUN_TIMES[week - 1]
    return any(report.started_at == start and report.finished_at for report in ship.ledger.run_reports())


def _accounts(ship: Ship) -> None:
    from briefs.accounts import read_accounts

    ship.ledger.save_accounts(read_accounts(ACCOUNTS.read_bytes(), ACCOUNTS.name, ship.gazetteer).accounts)


def _words(report: RunReport) -> str:
    def count(stage: str, name: str) -> int:
        return report.counts.get(stage, {}).get(name, 0)

    return (
        f"{count('collect', 'requests')} requests, {count('read', 'captures')} pages read, "
        f"{count('tag', 'articles')} articles tagged, {count('tag', 'expansions')} build facts, "
        f"{count('brief', 'sent')} briefs mailed"
    )


def _compare(outcome: Outcome) -> None:
    """Hold the recorded issues against the list of those that the sample web is meant to cause."""
    expected = tomllib.loads(EXPECTED_ISSUES.read_text("utf-8"))["issue"]
    for week, report in outcome.reports:
        found = {
            (issue.stage, issue.code, issue.source_id) for issue in report.issues if issue.level != "info"
        }
        wanted = {
            (entry["stage"], entry["code"], entry["source"])
            for entry in expected
            if (entry.get("again", False) if week == 0 else week in entry["weeks"])
        }
        label = f"week {week}" if week else "second pass"
        outcome.unexpected += [f"{label}: {' '.join(map(str, issue))}" for issue in sorted(found - wanted)]
        outcome.missing += [f"{label}: {' '.join(map(str, issue))}" for issue in sorted(wanted - found)]
