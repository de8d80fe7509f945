"""Offer: one observation of one list price."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from market.records.base import Record, UtcTime
from market.records.correction import Correction
from market.records.evidence import Evidence
from market.records.source import Segment

Technology = Literal["fiber", "hfc", "dsl", "fixed wireless", "mobile", "satellite", "ethernet", "unknown"]
Service = Literal["tv", "phone", "mobile", "security", "streaming"]


class Fee(Record):
    """A fee beside the price. Amounts are integer cents; a range has both ends."""

    name: str
    raw: str = ""
    """The amount as written: "Up to 8.95"."""
    cents: int | None = None
    """None when the amount is not a number ("varies")."""
    cents_max: int | None = None
    """Upper end of a range; equals `cents` for "up to" amounts, whose lower end is unknown."""
    up_to: bool = False
    """True for "up to X": `cents` is then the most it can be."""
    optional: bool = False
    """True when the file itself calls it optional."""


class Offer(Record):
    """One plan's list price as published on one capture, for one technology."""

    id: str
    capture_id: str
    source_id: str = ""
    source_row: int | None = None
    """1-based line of a label file; None for pages."""
    company: str
    """Lexicon id, or the slug of the provider's name where the lexicon lacks it."""
    provider_raw: str = ""
    """The provider's name as it stands in the source."""
    plan_key: str
    """Stable key of the plan within company, segment and market: the FCC id, else the slug of its name."""
    plan_id: str | None = None
    """FCC unique plan identifier as published."""
    plan_name: str
    segment: Segment = "unknown"
    technology: Technology = "unknown"
    technology_raw: str = ""
    """The technology as written, where one row packs several: "5G+"."""
    down_mbps: float | None = None
    down_mbps_max: float | None = None
    """Upper end when the source gives a range; None when it gives one figure."""
    up_mbps: float | None = None
    up_mbps_max: float | None = None
    latency_ms: float | None = None
    latency_ms_max: float | None = None
    data_cap_gb: float | None = None
    """None when unlimited or not stated; `unlimited_data` tells which."""
    unlimited_data: bool | None = None
    currency: str = "USD"
    price_raw: str = ""
    """The regular price as written."""
    monthly_cents: int | None = None
    """Regular monthly price. None with quote_only=True for "contact sales"."""
    price_from: bool = False
    """The source gives the price as the lowest of several: "from", "starting at", "as low as"."""
    quote_only: bool = False
    promo_cents: int | None = None
    """Promotional monthly price."""
    promo_months: int | None = None
    autopay_cents: int | None = None
    """Monthly price with autopay."""
    contract_months: int | None = None
    """0 when the source says that no contract is required; None when it says nothing."""
    monthly_fees: tuple[Fee, ...] = ()
    one_time_fees: tuple[Fee, ...] = ()
    termination_cents: int | None = None
    tax_raw: str = ""
    bundled_with: tuple[Service, ...] = ()
    """Services other than internet in the price, in the order of `Service`; empty for an internet plan."""
    market: tuple[str, ...] = ()
    """Places where the price holds, as the analyst or the page names them; ("US",) for national; empty when
    unknown."""
    observed_at: UtcTime
    evidence: tuple[Evidence, ...] = ()
    """One a slot, each with its quote."""
    corrections: tuple[Correction, ...] = Field(default=(), exclude_if=lambda value: not value)
    """The analyst's corrections in force, which company and market already follow; absent from JSON when
    there are none."""
