"""What is due: which sources to ask now, and how to behave as a guest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawlers.politeness import CrawlOptions
from crowsnest.settings import Settings
from crowsnest.settings_errors import nearest
from crowsnest.ship import Ship
from market.errors import UsageError
from market.records import Source


def crawl_options(settings: Settings) -> CrawlOptions:
    """Return the [crawl] table as the crawlers take it."""
    crawl = settings.crawl
    return CrawlOptions(
        contact=crawl.contact, max_bytes=crawl.max_bytes, timeout=crawl.timeout, attempts=crawl.attempts
    )


def due_sources(ship: Ship, only: Sequence[str] = ()) -> list[Source]:
    """Return the sources to ask now: the named ones, due or not, else every one whose time has come.

    A source with pages still to fetch is due as well. Raises UsageError for an unknown or disabled name.
    """
    sources = ship.settings.sources
    usable = [source for source in sources if source.enabled and source.terms.allowed]
    if only:
        return [_named(name, sources) for name in dict.fromkeys(only)]
    now = ship.clock.now()
    due = []
    for source in usable:
        last = _last_check(ship, source.id, now)
        if last is None or now - last >= source.every or ship.ledger.pending(source.id):
            due.append(source)
    return due


def _last_check(ship: Ship, source_id: str, now: datetime) -> datetime | None:
    last = ship.ledger.source_state(source_id).last_check
    if last is None or last <= now:
        return last
    # What was done under a clock that ran ahead says nothing of when the source is due.
    moments = [capture.fetched_at for capture in ship.ledger.captures(source_id)]
    moments += [issue.at for issue in ship.ledger.issues(source_id=source_id) if issue.at]
    return max((moment for moment in moments if moment <= now), default=None)


def _named(name: str, sources: Sequence[Source]) -> Source:
    for source in sources:
        if source.id == name:
            if source.enabled and source.terms.allowed:
                return source
            reason = source.terms.note or "enabled = false"
            raise UsageError("source-disabled", f'source "{name}" is disabled: {reason}')
    hint = nearest(name, [source.id for source in sources])
    raise UsageError("source-unknown", f'no source "{name}" in the settings; {hint}')
