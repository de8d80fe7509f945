"""What articles tell beside builds: prices in prose, and events of the trade."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record
from market.records.evidence import Evidence

EventKind = Literal["acquisition", "outage", "contract", "leadership", "layoffs", "grant"]


class ToldOffer(Record):
    """A monthly price that a company asks for service, as one article tells it.

    A published list price is an Offer; this is somebody's word about one, so that most of a plan is unknown.
    """

    id: str
    record_id: str
    """The article it stands in."""
    company: str
    """Lexicon id, or slug of an unknown provider."""
    company_name: str = ""
    plan_name: str | None = None
    monthly_cents: int | None = None
    """The regular price; None when only the promotional one is told."""
    promo_cents: int | None = None
    """The price of the first months."""
    promo_months: int | None = None
    """How many months the promotional price holds."""
    autopay: bool | None = None
    """True when the price is that with automatic payment; None when the text does not say."""
    down_mbps: float | None = None
    up_mbps: float | None = None
    """Only where the text states it, or calls the plan symmetrical."""
    contract_months: int | None = None
    """0 when the text says that no contract is required; None when it says nothing."""
    evidence: tuple[Evidence, ...] = ()
    """One a slot."""


class ToldEvent(Record):
    """Something that happened to a company, as one article tells it; its `kind` says what a slot means."""

    id: str
    record_id: str
    """The article it stands in."""
    kind: EventKind
    company: str
    """Buyer, network that failed, winner of the contract, employer or recipient: id as in an Expansion."""
    company_name: str = ""
    other: str | None = None
    """Target of the acquisition, customer of the contract, or person, in the text's words."""
    other_company: str | None = None
    """Id of the other, where it is a company of the market."""
    amount_cents: int | None = None
    """Price, value of the contract, or grant."""
    count: int | None = None
    """Customers without service, or jobs."""
    term_months: int | None = None
    """Of a contract."""
    stage: Literal["agreed", "completed", "appointed", "leaving", "restored"] | None = None
    role: str | None = None
    """The office that a person takes or leaves."""
    cause: str | None = None
    """Of an outage, in the text's words."""
    programme: str | None = None
    """Of a grant."""
    on: str | None = None
    """When it closes or takes effect, as coarse as the text says: "2026", "2026-Q4", "2026-12"."""
    places: tuple[int, ...] = ()
    """Gazetteer ids."""
    evidence: tuple[Evidence, ...] = ()
    """One a slot."""
