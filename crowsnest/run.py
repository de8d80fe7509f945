"""The stages as plain functions over the ledger; each can be repeated and changes nothing the second time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from crowsnest.corrections import read_corrections
from crowsnest.ship import Ship
from market.errors import UnavailableError
from market.ids import run_id
from market.records import Issue, RunReport, Source

TAG_BATCH = 200


class Run:
    """One run over one market: its id, its counts and its stages in order."""

    def __init__(self, ship: Ship, name: str = "run") -> None:
        self.ship = ship
        self.started: datetime = ship.clock.now()
        self.id = run_id(self.started.isoformat(), name + secrets.token_hex(4))
        self.counts: dict[str, dict[str, int]] = {}
        ship.ledger.start_run(self.id, self.started)

    def issue(self, issue: Issue) -> None:
        """Record an issue of this run."""
        self.ship.ledger.issue(issue.model_copy(update={"run_id": self.id, "at": self.ship.clock.now()}))

    def recover(self) -> None:
        """Mend files that an earlier run left torn, and take in the captures its ledger lacks."""
        from crawlers.recovered import ingest_recovered
        from crowsnest.due import crawl_options

        ledger = self.ship.ledger
        counts = ingest_recovered(
            self.ship.settings.archive,
            run_id=self.id,
            now=self.ship.clock,
            sink=ledger,
            validators=ledger,
            known_offsets=ledger.known_offsets,
            options=crawl_options(self.ship.settings),
        )
        if counts:
            self.counts["recover"] = counts

    def collect(self, only: Sequence[str] = ()) -> None:
        """Fetch what is due (or the named sources, due or not) into the archive and the ledger."""
        from crawlers.collect import collect
        from crowsnest.due import crawl_options, due_sources

        ship = self.ship
        sources = due_sources(ship, only)
        counts = {"sources": len(sources)}
        if sources:
            counts |= collect(
                sources,
                archive_dir=ship.settings.archive,
                run_id=self.id,
                now=ship.clock,
                sink=ship.ledger,
                validators=ship.ledger,
                frontier=ship.ledger,
                options=crawl_options(ship.settings),
                progress=ship.progress,
            )
        self.counts["collect"] = counts

    def read(self) -> None:
        """Read captures that no reader of the present version has read, in the pool."""
        from crawlers.readers import VERSIONS

        ship = self.ship
        known = {source.id: source for source in ship.settings.sources}
        captures = [(capture, _source(capture.source_id, known)) for capture in ship.ledger.unread(VERSIONS)]
        counts = {"captures": len(captures), "records": 0, "issues": 0}
        if captures:
            now = ship.clock.now()
            for number, result in enumerate(ship.pool.read(captures, now, VERSIONS), start=1):
                issues = [issue.model_copy(update={"run_id": self.id}) for issue in result.issues]
                if any(issue.stage == "archive" for issue in issues):
                    # It stays unread, and is read once its file is back.
                    for issue in issues:
                        self.issue(issue)
                else:
                    ship.ledger.record_reading(result.reading, result.records, issues)
                counts["records"] += len(result.records)
                counts["issues"] += len(issues)
                ship.progress("reading", number, len(captures))
        self.counts["read"] = counts | {"plans": self._follow()}

    def _follow(self) -> int:
        """Bring the price ledger up to what was read; return how many plans came, changed or went on."""
        from briefs.follow import follow_plans

        ship = self.ship
        followed = follow_plans(ship.ledger, ship.settings.sources, ship.progress)
        for issue in followed.corrections:
            self.issue(issue)
        return followed.plans

    def tag(self) -> None:
        """Tag articles that the present tagger has not seen; the analyst's corrections stand above it."""
        from crowsnest.correcting import apply_corrections, correction_issues
        from crowsnest.tagging import tag_all

        ship = self.ship
        applied = apply_corrections(ship.settings, ship.ledger, ship.names)
        counts = tag_all(ship, TAG_BATCH, self.id, applied.corrector)
        if corrected := len(applied.changed) + len(applied.plans):
            counts["corrected"] = corrected
        # Asked again, for what was tagged just now may be what a correction waits for.
        for issue in correction_issues(apply_corrections(ship.settings, ship.ledger, ship.names)):
            self.issue(issue)
        self.counts["tag"] = counts

    def index(self) -> None:
        """Bring the search engine up to the ledger; when it is away, say so and go on."""
        from index.sync import sync

        ship = self.ship
        try:
            self.counts["index"] = sync(
                ship.ledger,
                ship.engine,
                lexicon=ship.lexicon,
                gazetteer=ship.gazetteer,
                zone=ship.settings.market.zone,
                progress=ship.progress,
                run_id=self.id,
                at=ship.clock.now(),
            )
        except UnavailableError as error:
            self.counts["index"] = {"documents": 0}
            self.issue(Issue(stage="index", code=error.code, level="error", message=error.message))

    def brief(self) -> None:
        """Compose the briefs that are due, and send them when the settings have a mail server."""
        from crowsnest.briefing import due_briefs

        self.counts["brief"] = due_briefs(self)

    def finish(self) -> RunReport:
        """Close the run and return what it did."""
        ledger = self.ship.ledger
        report = RunReport(
            run_id=self.id,
            started_at=self.started,
            finished_at=self.ship.clock.now(),
            counts=self.counts,
            issues=tuple(ledger.issues(run_id=self.id)),
        )
        ledger.finish_run(report)
        return report


def run(ship: Ship, only: Sequence[str] = ()) -> RunReport:
    """Do everything that is due, in order, and return the report."""
    # A mistake in the file of corrections is told before anything is asked for.
    read_corrections(ship.settings, ship.names)
    this = Run(ship)
    this.recover()
    this.collect(only)
    this.read()
    this.tag()
    this.index()
    this.brief()
    return this.finish()


def _source(source_id: str, known: dict[str, Source]) -> Source:
    """Return the source, or a bare one for captures of a source that has left the settings."""
    return known.get(source_id) or Source(id=source_id, kind="page", url="", enabled=False)
