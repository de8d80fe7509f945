"""A build as it is put together from the sentences of an article, and the words that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from market.records import Place
from market.records.expansion import Funding, Stage
from nlp.document import Field

Technology = Literal["fiber", "hfc", "fixed wireless"]
_LEAD_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A resolved place and where it is named."""

    place: Place
    field: str
    start: int
    end: int
    body: bool = False
    """True for a public body named after its place: "Greenville City Council"."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The words of a slot: a span of title or text."""

    slot: str
    field: Field
    start: int
    end: int


@dataclass(slots=True)
class Fact:
    """A build as it is put together from sentences; nlp/tag.py makes the record of it."""

    company: str
    company_name: str
    places: list[Place]
    stage: Stage
    passings: int | None = None
    route_miles: float | None = None
    investment: int | None = None
    grant: int | None = None
    match: int | None = None
    technology: Technology | None = None
    funding: Funding | None = None
    announced_on: str | None = None
    target_on: str | None = None
    target_rank: int = 0
    target_sentence: int = 0
    stage_inferred: bool = False
    """True while no sentence has words of the stage."""
    inferred: bool = False
    """True while title or dateline stand for places that the text has not named yet."""
    down_mbps: float | None = None
    up_mbps: float | None = None
    partner: str | None = None
    first_sentence: int = 0
    last_sentence: int = 0
    match_sentence: int = 0
    grant_sentence: int = 0
    start: int = 0
    tentative: bool = False
    """True for an aside that counts only if figures follow."""
    proofs: dict[str, Proof] = field(default_factory=dict)

    @property
    def is_lead(self) -> bool:
        """True when title or one of the first sentences told it."""
        return self.first_sentence <= _LEAD_SENTENCES

    @property
    def has_figures(self) -> bool:
        """True when it states passings, miles or money."""
        return any(
            value is not None for value in (self.passings, self.route_miles, self.investment, self.grant)
        )
