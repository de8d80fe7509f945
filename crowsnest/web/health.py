"""How the sources and the engine are doing, as the pages show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from crowsnest.web.deps import WebContext
from market.errors import UnavailableError
from market.records import Source

ORDER = ("blocked", "failed", "stale", "never", "checked", "disabled")
"""States in the order of how much they need attention."""


@dataclass(frozen=True)
class SourceRow:
    """One source's line on the status page."""

    source: Source
    state: str
    last_good: datetime | None
    last_check: datetime | None
    last_status: int | None
    note: str


def source_rows(context: WebContext) -> list[SourceRow]:
    """Return the settings' sources with their states, those in trouble first."""
    from crowsnest.status import state_of

    now = context.clock.now()
    rows = []
    for source in context.settings.sources:
        seen = context.ledger.source_state(source.id)
        state = state_of(source, seen, now)
        note = ""
        if state == "disabled":
            note = source.terms.note
        elif state != "checked" and seen.last_issue:
            note = seen.last_issue.message
        rows.append(SourceRow(source, state, seen.last_good, seen.last_check, seen.last_status, note))
    return sorted(rows, key=lambda row: ORDER.index(row.state))


def tally(rows: list[SourceRow]) -> list[tuple[str, int]]:
    """Return how many sources are in each state, in the order of ORDER."""
    counted = Counter(row.state for row in rows)
    return [(state, counted[state]) for state in ORDER if counted[state]]


def degraded(context: WebContext) -> str:
    """Return why the search engine is away, "" when it answers."""
    try:
        context.engine().count()
    except UnavailableError as error:
        return error.message
    return ""
