"""Build: one network build, told by several articles over time."""

from __future__ import annotations

from market.records.base import Record, UtcTime
from market.records.expansion import Expansion, Stage


class Telling(Record):
    """What one article tells of a build."""

    on: UtcTime
    """When the article was published, or captured where it has no date."""
    dated: bool
    """False when the page has no date and `on` is when it was captured."""
    article_id: str
    capture_id: str
    title: str
    url: str
    publisher: str
    fact: Expansion
    """Stage and figures, each with its quote."""


class Build(Record):
    """The same build told many times: announced, funded, permitted, under construction, live or cancelled."""

    id: str
    """Of its first telling."""
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
