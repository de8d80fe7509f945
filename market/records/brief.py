"""Brief: what one subscriber gets for one week, and its delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from market.records.base import Record, UtcTime
from market.records.claim import Claim

SectionId = Literal["prices", "rates", "builds", "news"]
SourceState = Literal["checked", "blocked", "stale", "failed", "disabled"]


class Section(Record):
    """One part of a brief."""

    id: SectionId
    title: str
    claims: tuple[Claim, ...] = ()
    empty: str = ""
    """What to say when there is no claim: an empty section says so."""
    left_out: int = 0
    """How many more claims held than the section shows."""


class SourceCheck(Record):
    """What happened with one source in the brief's week."""

    source_id: str
    publisher: str
    url: str
    state: SourceState
    last_good: UtcTime | None = None
    note: str = ""


class Coverage(Record):
    """The footer that says how far the brief can be trusted: which sources were seen."""

    sources: tuple[SourceCheck, ...] = ()
    articles_read: int = 0
    offers_read: int = 0
    refused: int = 0
    """Claims the gate refused."""


class Brief(Record):
    """One subscriber's week."""

    id: str
    subscriber_id: str
    subscriber_name: str
    market_name: str
    week: str
    """ISO week, "2026-W47"."""
    starts_on: str
    """ISO date of the first day it covers."""
    ends_on: str
    """ISO date of the last day it covers."""
    sections: tuple[Section, ...]
    coverage: Coverage
    generated_at: UtcTime

    def claims(self) -> Iterator[Claim]:
        """Give every claim it shows, section by section."""
        for section in self.sections:
            yield from section.claims


class Delivery(Record):
    """One brief to one recipient; claimed in the ledger before it is sent."""

    brief_id: str
    recipient: str
    message_id: str
    status: Literal["claimed", "sent", "failed"]
    attempts: int = 0
    sent_at: UtcTime | None = None
    error: str = ""
