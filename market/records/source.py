"""Source: where pages come from."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from market.records.base import Record

SourceKind = Literal["feed", "page", "labels"]
Segment = Literal["residential", "business", "wholesale", "unknown"]


class Terms(Record):
    """What a site's terms say about automated access."""

    allowed: bool = True
    """False: the source ships disabled and is never fetched."""
    note: str = ""
    """The reason, in words shown beside the source."""


class Expect(Record):
    """How many records a healthy source yields per full read; outside of it the source has drifted."""

    min: Annotated[int, Field(ge=0)] = 0
    """At least so many."""
    max: Annotated[int, Field(ge=0)] | None = None
    """At most so many."""


class SourceOptions(Record):
    """Reader options: what the analyst knows and the page does not say."""

    segment: Segment = "unknown"
    """Who the offers of this page or label file are for."""
    market: tuple[str, ...] = ()
    """Where its prices hold, as the analyst wrote it: "Greenville, SC", "Greenville County, SC", "SC". Empty:
    national if the source is a company's label file, else unknown."""
    max_items: Annotated[int, Field(ge=1)] | None = None
    """At most this many links of a feed in one run (newest first)."""


class Source(Record):
    """One public source; its kind names the spider (feed, page, labels)."""

    id: str
    """Lower-case words joined by hyphens, unique in the settings: "acme-newsroom"."""
    kind: SourceKind
    url: str
    """http(s) URL of the feed, the plan page or the label file."""
    company: str | None = None
    """Lexicon id of the company whose own source it is; None for an industry paper."""
    publisher: str = ""
    """Name shown in citations: "Acme Fiber newsroom"."""
    home_state: str | None = None
    """Two-letter state a local outlet writes from; a strong prior for its place names."""
    every: timedelta = timedelta(days=1)
    """How often it is due."""
    terms: Terms = Field(default_factory=Terms)
    enabled: bool = True
    expect: Expect = Field(default_factory=Expect)
    options: SourceOptions = Field(default_factory=SourceOptions)
