"""Who reads: territories, subscribers and accounts."""

from __future__ import annotations

from market.records.base import Record


class Territory(Record):
    """A sales territory as the analyst wrote it; market/places/territory.py works out what it covers."""

    id: str
    name: str = ""
    states: tuple[str, ...] = ()
    """Postal codes: "SC"."""
    counties: tuple[str, ...] = ()
    """"Greenville County, SC" or a 5-digit FIPS code."""
    metros: tuple[str, ...] = ()
    """A CBSA code or name."""
    cities: tuple[str, ...] = ()
    """"Greenville, SC"."""
    zips: tuple[str, ...] = ()


class Subscriber(Record):
    """A reader of the weekly brief."""

    id: str
    name: str
    email: str
    territories: tuple[str, ...] = ()
    """Territory ids; empty means all."""
    competitors: tuple[str, ...] = ()
    """Company ids; empty means all companies of the settings."""
    sections: tuple[str, ...] = ("prices", "builds", "news")
    day: str = "monday"
    """Weekday of delivery, lower case."""
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
