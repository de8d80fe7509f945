"""Expansion: one told fact about a network build."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record
from market.records.evidence import Evidence

Stage = Literal["announced", "funded", "permitted", "construction", "live", "cancelled"]
Funding = Literal["private", "BEAD", "RDOF", "ReConnect", "ARPA", "CPF", "state", "other"]


class Expansion(Record):
    """A company builds, in named places, as one article tells it. A delay is a later `target_on`."""

    id: str
    record_id: str
    """The article it stands in."""
    company: str
    """Lexicon id, or slug of an unknown organisation."""
    company_name: str = ""
    partner: str | None = None
    places: tuple[int, ...] = ()
    """Gazetteer ids of the places served."""
    stage: Stage
    passings: int | None = None
    """Homes, addresses, locations or premises the build reaches."""
    route_miles: float | None = None
    down_mbps: float | None = None
    up_mbps: float | None = None
    investment_cents: int | None = None
    grant_cents: int | None = None
    technology: Literal["fiber", "hfc", "fixed wireless"] | None = None
    funding: Funding | None = None
    announced_on: str | None = None
    """ISO date."""
    target_on: str | None = None
    """As coarse as the text says: "2026", "2026-Q4", "2026-12", "2026-12-31"."""
    evidence: tuple[Evidence, ...] = ()
    """One a slot."""
