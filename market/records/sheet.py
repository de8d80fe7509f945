"""Sheet: what an account executive takes to one client, kept so that its claims can be checked again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from market.records.base import Record, UtcTime
from market.records.brief import SourceCheck
from market.records.claim import Claim
from market.records.offer import Offer
from market.records.subscriber import Account

Holding = Literal["territory", "national", "elsewhere", "unknown"]
"""Where a price holds: in the reader's territory, nationwide, elsewhere only, or nobody says."""


class ListPrice(Record):
    """One plan that is on sale where the account is, or may be."""

    claim: Claim
    company: str
    """The company's name."""
    offer: Offer
    seen_at: UtcTime
    """When it was last on the page."""
    holds: Holding
    fits: bool
    """False when the price is for another segment than the account's."""


class Sheet(Record):
    """One meeting sheet; each claim has passed the gate."""

    id: str
    """One per account and moment."""
    account: Account
    county: str
    """"Greenville County, SC", "" when it is unknown."""
    starts_on: str
    """ISO date of the first day it looks back to."""
    ends_on: str
    """ISO date of the last day."""
    sellers: tuple[tuple[str, str], ...]
    """(company, how we know that it sells or builds there)."""
    prices: tuple[ListPrice, ...]
    more_prices: int
    """How many list prices it does not show."""
    moves: tuple[Claim, ...]
    rates: tuple[Claim, ...] = ()
    """Rivals' prices beside ours, of the account's segment only."""
    builds: tuple[Claim, ...]
    stories: tuple[Claim, ...]
    unknown: tuple[str, ...] = ()
    """What it cannot say, in plain sentences."""
    checks: tuple[SourceCheck, ...]
    made_at: UtcTime
    command: str = ""
    """The command that made it, as typed."""

    def claims(self) -> Iterator[Claim]:
        """Give every claim it shows, in the order of the page."""
        yield from (price.claim for price in self.prices)
        yield from (*self.rates, *self.builds, *self.moves, *self.stories)
