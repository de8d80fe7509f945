"""The brief stage: which briefs are due, composing them, and sending or writing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crowsnest.settings import DAYS, Settings
from market.records import Subscriber

if TYPE_CHECKING:
    from briefs.desk import Desk
    from crowsnest.ship import Ship


def desk_of(ship: Ship) -> Desk:
    """Return the desk that briefs and sheets are written at."""
    from briefs.desk import Desk

    settings = ship.settings
    return Desk(
        ledger=ship.ledger,
        lexicon=ship.lexicon,
        gazetteer=ship.gazetteer,
        market_name=settings.market.name,
        zone=settings.market.zone,
        own_company=settings.market.own_company,
        sources=settings.sources,
        territories=settings.territories,
        companies=tuple(entry.id for entry in settings.competitor if entry.id != settings.market.own_company),
    )


def last_due(subscriber: Subscriber, settings: Settings, now: datetime) -> datetime:
    """Return the latest moment at or before `now` at which the subscriber's brief is due."""
    local = now.astimezone(settings.market.zone)
    hour, minute = map(int, subscriber.time.split(":"))
    days_ago = (local.weekday() - DAYS.index(subscriber.day)) % 7
    due = (local - timedelta(days=days_ago)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=7)
