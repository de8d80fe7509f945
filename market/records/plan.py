"""Plan: one published plan through time, as the price ledger follows it from look to look."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime
from market.records.claim import MoveKind
from market.records.offer import Offer

Standing = Literal["listed", "unseen", "withdrawn"]
"""`unseen`: no later look could tell whether the plan is still there."""


class PlanPoint(Record):
    """A stretch of time in which a plan's terms stood still."""

    first_seen: UtcTime
    last_seen: UtcTime
    """When a look last showed these terms."""
    offer_id: str
    """The observation that first showed them."""
    capture_id: str
    """The capture that holds that observation."""
    plan_name: str
    monthly_cents: int | None = None
    promo_cents: int | None = None
    promo_months: int | None = None
    autopay_cents: int | None = None
    quote_only: bool = False
    price_from: bool = False
    """Its page gave the price as the lowest of several."""

    @property
    def entry_cents(self) -> int | None:
        """What a new customer pays a month: on promotion, else the regular price, else that with AutoPay."""
        for cents in (self.promo_cents, self.monthly_cents, self.autopay_cents):
            if cents is not None:
                return cents
        return None


class PlanMove(Record):
    """One change of one plan, with both observations and both captures."""

    kind: MoveKind
    what: str
    """"list price", "price with autopay", "promotional price", the fee's name as the source writes it, or the
    terms: "download speed", "contract"."""
    before_cents: int | None = None
    after_cents: int | None = None
    before_words: str = ""
    """Of terms that are no money: "500 Mbps", "24 months"; "" for all else."""
    after_words: str = ""
    unit: str = "a month"
    """"a month", or "one time" for fees paid once."""
    before_offer: str | None = None
    after_offer: str | None = None
    before_capture: str | None = None
    after_capture: str | None = None
    seen_capture: str
    """The look that shows the change: for a withdrawn plan the page that lacks it."""
    seen_at: UtcTime
    since: UtcTime | None = None
    """When its source had been read before: the change happened between that moment and `seen_at`."""


class PlanSeries(Record):
    """One plan of one source."""

    id: str
    """Of the source and the plan's first observation."""
    source_id: str
    names: tuple[str, ...]
    """Oldest first; the last is its name now."""
    standing: Standing
    first_seen: UtcTime
    last_seen: UtcTime
    offer: Offer
    """The terms it was last seen with; its evidence quotes the page."""
    present: bool = True
    doubted: bool = False
    """Absent in a reading that lacked too much to be believed at once."""
    unreadable: int = 0
    """How many rows its source could not be read in when the plan was last seen."""
    points: tuple[PlanPoint, ...] = ()
    """Oldest first."""
    moves: tuple[PlanMove, ...] = ()
    """Oldest first."""


class PlanState(Record):
    """How far a source's looks have been followed."""

    source_id: str
    upto: UtcTime
    """When the last look that was followed was fetched."""
    upto_file: str = ""
    upto_offset: int = 0
    """Its place in the archive: looks of one moment are in this order."""
    whole_at: UtcTime | None = None
    """When the source was last read whole."""
    whole_capture: str = ""
    """The capture that holds what that look showed."""
    reader_version: int = 0
    """The reader's version of that look."""
    unreadable: int = 0
    """Rows that could not be read in it."""
