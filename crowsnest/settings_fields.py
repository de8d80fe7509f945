"""The kinds of values that market.toml has; each refuses what it cannot mean, and says how to write it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator

from crawlers.politeness import url_problem
from market.places.gazetteer import Gazetteer
from market.records.subscriber import Weekday

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DAYS = get_args(Weekday)


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"\s*([1-9]\d{0,3})\s*([mhdw])\s*", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('write a number and a unit: "30m", "6h", "1d" or "1w"')
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", value):
        raise ValueError('an id is lower-case letters, digits, "-", "." and "_": "acme-newsroom"')
    return value


def _http(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("a source needs an absolute http:// or https:// URL")
    if problem := url_problem(value, private_ok=True):
        raise ValueError(f"this URL cannot be asked for: {problem}")
    if re.search(r"\s", value):
        raise ValueError('a URL has no blanks; write "%20" for one')
    return value


def _server(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError('a server is written "http://host:port" or "https://host:port"')
    return value


def _database(value: str) -> str:
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", value):
        raise ValueError('a ledger is "sqlite:////path/to/ledger.sqlite" or "postgresql://user@host/name"')
    return value


def _state(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value) or Gazetteer.load().state(value) is None:
        raise ValueError('a state is its two letters: "SC"')
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", value):
        raise ValueError('an e-mail address looks like "name@example.com"')
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError('a time zone is an IANA name such as "America/New_York"')
    return value


def _time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('a time is HH:MM, 24 hours: "07:00"')
    return value


Id = Annotated[str, AfterValidator(_id)]
Every = Annotated[timedelta, BeforeValidator(_duration)]


HttpUrl = Annotated[str, AfterValidator(_http)]
ServerUrl = Annotated[str, AfterValidator(_server)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
State = Annotated[str, AfterValidator(_state)]
Email = Annotated[str, AfterValidator(_email)]
Zone = Annotated[str, AfterValidator(_zone)]
LocalTime = Annotated[str, AfterValidator(_time)]
