"""How the sources and the engine are doing, as the pages show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from briefs.coverage import source_checks
from briefs.desk import Desk
from briefs.week import Week
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
    """Return the settings' sources with their states by the briefs' rules, those in trouble first."""
    settings, now = context.settings, context.clock.now()
    desk = Desk(
        ledger=context.ledger,
        lexicon=context.lexicon,
        gazetteer=context.gazetteer,
        market_name=settings.market.name,
        zone=settings.market.zone,
        own_company=settings.market.own_company,
        sources=settings.sources,
    )
    rows = []
    for source, check in zip(
        settings.sources, source_checks(desk, Week.of(now, settings.market.zone)), strict=True
    ):
        seen = context.ledger.source_state(source.id)
        never = check.state == "stale" and seen.last_check is None
        trouble = check.state not in ("checked", "disabled") and seen.last_issue
        rows.append(
            SourceRow(
                source,
                "never" if never else check.state,
                check.last_good,
                seen.last_check,
                seen.last_status,
                trouble.message if trouble else "" if never else check.note,
            )
        )
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
