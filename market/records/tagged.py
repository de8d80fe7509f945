"""Tagged: what the nlp room understood of one article."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record
from market.records.correction import Correction
from market.records.evidence import Evidence
from market.records.expansion import Expansion
from market.records.mention import Mention
from market.records.told import ToldEvent, ToldOffer

Role = Literal["about", "mentioned"]
Topic = Literal[
    "pricing",
    "expansion",
    "outage",
    "m&a",
    "funding",
    "regulation",
    "contract",
    "product",
    "leadership",
    "layoffs",
    "earnings",
]


class TaggedCompany(Record):
    """A company an article names, and how much it is about it."""

    id: str
    name: str
    role: Role
    reason: str = ""
    """Why that role: "title", "lead", "fact", ..."""


class TaggedPlace(Record):
    """A resolved place, and whether the article is about it."""

    id: int
    name: str
    kind: str
    state: str | None = None
    county_fips: str | None = None
    cbsa: str | None = None
    lat: float
    lon: float
    role: Role
    reason: str = ""


class Importance(Record):
    """How much a sales reader should care, from 0 to 1, with the reasons in words."""

    score: float
    reasons: tuple[str, ...] = ()


class Tagged(Record):
    """One article's tags and facts under one tagger version."""

    record_id: str
    """The article's id."""
    capture_id: str
    """The version (capture) of the article that was tagged."""
    mentions: tuple[Mention, ...] = ()
    companies: tuple[TaggedCompany, ...] = ()
    places: tuple[TaggedPlace, ...] = ()
    topics: tuple[Topic, ...] = ()
    importance: Importance
    key_sentence: Evidence | None = None
    """The sentence that says most about company, place and number; quoted, never rewritten."""
    expansions: tuple[Expansion, ...] = ()
    events: tuple[ToldEvent, ...] = ()
    offers: tuple[ToldOffer, ...] = ()
    """Monthly prices that the article tells."""
    story_id: str
    """Articles of one story share it; it is the id of the story's first article."""
    tagger_version: int
    corrections: tuple[Correction, ...] = ()
    """The analyst's corrections in force, which places, companies and facts already follow."""
