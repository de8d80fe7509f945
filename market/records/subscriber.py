"""Who reads: territories, subscribers and accounts."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record
from market.records.brief import SectionId

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Territory(Record):
    """A sales territory as the analyst wrote it; market/places/territory.py works out what it covers."""

    id: str
    """Unique; subscribers and searches name it."""
    name: str = ""
    """Shown in briefs; the id when left out."""
    states: tuple[str, ...] = ()
    """Postal codes: "SC"."""
    counties: tuple[str, ...] = ()
    """"Greenville County, SC" or a 5-digit FIPS code."""
    metros: tuple[str, ...] = ()
    """CBSA names or codes."""
    cities: tuple[str, ...] = ()
    """"Greenville, SC"; a city stands for its county."""
    zips: tuple[str, ...] = ()
    """5-digit ZIP codes."""


class Subscriber(Record):
    """A reader of the weekly brief."""

    id: str
    """Unique; the command line's --subscriber names it."""
    name: str
    """Shown in the brief."""
    email: str
    """Where the brief is mailed to."""
    territories: tuple[str, ...] = ()
    """Territory ids; all of them when empty."""
    competitors: tuple[str, ...] = ()
    """Company ids; all of the settings when empty."""
    sections: tuple[SectionId, ...] = ("prices", "rates", "builds", "news")
    """What the brief tells of."""
    day: Weekday = "monday"
    """Weekday of delivery."""
    time: str = "07:00"
    """Local time of delivery, HH:MM in the market's time zone."""


class Account(Record):
    """A client whom an AE visits, from the accounts CSV."""

    id: str
    name: str
    city: str = ""
    state: str = ""
    county_fips: str | None = None
    """Resolved from city and state; None when unknown."""
    zip: str = ""
    segment: str = "business"
    current_provider: str = ""
    notes: str = ""
