"""Build: one network build, told by several articles over time."""

from __future__ import annotations

from pydantic import Field

from market.records.base import Record, UtcTime
from market.records.expansion import Expansion, Stage


class Telling(Record):
    """What one article tells of a build."""

    on: UtcTime
    """When the article was published, or captured where it has no date."""
    dated: bool
    """False when the page has no date and `on` is when it was captured."""
    day_only: bool = False
    """True when `on` is a date without a time (midnight UTC), which no time zone may shift."""
    article_id: str
    capture_id: str
    title: str
    url: str
    publisher: str
    fact: Expansion
    """Stage and figures, each with its quote."""
    corrections: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """What the analyst corrected of it, by whom and why; absent from JSON when that is nothing."""


class Build(Record):
    """The same build told many times: announced, funded, permitted, under construction, live or cancelled."""

    id: str
    """Of its first telling."""
    part_of: str | None = None
    """Id of the same company's larger build, whose ground holds all of this one's."""
    company: str
    company_name: str
    places: tuple[int, ...]
    """Gazetteer ids of all places that its tellings name."""
    place_names: tuple[str, ...]
    stage: Stage
    """The furthest that any telling puts it; cancelled when the latest turn says so."""
    first_told: UtcTime
    last_told: UtcTime
    figures: dict[str, tuple[str, ...]] = {}
    """Slot to its values as told, the latest first; more than one is a contradiction, never averaged."""
    history: tuple[Telling, ...]
    """Oldest first."""
