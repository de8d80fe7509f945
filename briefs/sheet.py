"""A meeting sheet's content, before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from briefs.claims import Refusal
from briefs.reach import Holding
from briefs.week import Period
from market.records import Account, Claim, Offer, SourceCheck


@dataclass(frozen=True)
class ListPrice:
    """One plan that is on sale where the account is, or may be."""

    claim: Claim
    company: str
    offer: Offer
    seen_at: datetime
    """When it was last on the page."""
    holds: Holding
    fits: bool
    """False when the price is for another segment than the account's."""


@dataclass(frozen=True)
class Sheet:
    """Everything on one meeting sheet; each claim has passed the gate."""

    account: Account
    county: str
    """"Greenville County, SC", "" when it is unknown."""
    period: Period
    sellers: tuple[tuple[str, str], ...]
    """(company, how we know that it sells or builds there)."""
    prices: tuple[ListPrice, ...]
    more_prices: int
    moves: tuple[Claim, ...]
    builds: tuple[Claim, ...]
    stories: tuple[Claim, ...]
    unknown: tuple[str, ...]
    checks: tuple[SourceCheck, ...]
    made_at: datetime
    refused: tuple[Refusal, ...] = ()
