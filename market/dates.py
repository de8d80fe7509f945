"""Dates as pages, feeds and files write them. What leaves room for doubt is None, never a guess."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1990
"""No web page is older; smaller years are misread numbers."""
LATEST_YEAR = 2100
MAX_LENGTH = 120
"""Longer strings are prose, not a date."""


@dataclass(frozen=True)
class Moment:
    """A moment read from words: aware UTC; with `day_only` it is midnight UTC of a day without a time."""

    at: datetime
    day_only: bool


_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|[A-Za-z]{2,4}|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|º)?[\s-]+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})(?!\d)")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*([ap]\.?m\b\.?)?(?:\s*\(?([A-Za-z]{1,4}\b|[+-]\d{2}:?\d{2}))?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d:])(\d{1,2})\s*([ap])\.?m\b\.?(?:\s*\(?([A-Za-z]{2,4})\b)?", re.IGNORECASE)


@cache
def _words() -> dict[str, Any]:
    with Path(__file__).with_name("dates.toml").open("rb") as handle:
        table = tomllib.load(handle)
    months = {name: int(number) for number, names in table["months"].items() for name in names}
    return {"months": months, "zones": table["zones"], "named_zones": table["named_zones"]}


def month_number(word: str) -> int | None:
    """Return 1 to 12 for a month's name or abbreviation ("Sept.", "août"), else None."""
    number: int | None = _words()["months"].get(word.lower().rstrip("."))
    return number


def _zone(word: str, local: datetime) -> timezone | None:
    """Return the offset that `word` means at `local`; None when it is no zone we know."""
    offset = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", word)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60 + 59:
            return None
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    words = _words()
    name = word.lower()
    if name in words["zones"]:
        return timezone(timedelta(minutes=words["zones"][name]))
    if name in words["named_zones"]:
        shift = local.replace(tzinfo=ZoneInfo(words["named_zones"][name])).utcoffset()
        return timezone(shift) if shift is not None else None
    return None


def _build(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None, zone: str | None
) -> Moment | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    hour, minute, second = clock or (0, 0, 0)
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None
    if clock is None:
        return Moment(local.replace(tzinfo=UTC), day_only=True)
    offset = _zone(zone, local) if zone else UTC
    # Letters after the time that name no zone we know ("Uhr") say nothing about it.
    return Moment(local.replace(tzinfo=offset or UTC).astimezone(UTC), day_only=False)


def _clock(rest: str) -> tuple[tuple[int, int, int] | None, str | None]:
    """Return the time of day in `rest` and the zone's word."""
    found = _TIME.search(rest)
    if found:
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        half, zone = (found[4] or "").lower(), found[5]
    else:
        bare = _HOUR.search(rest)
        if not bare:
            return None, None
        hour, minute, second, half, zone = int(bare[1]), 0, 0, bare[2].lower(), bare[3]
    if half:
        if not 1 <= hour <= 12:
            return None, None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None, None
    return (hour, minute, second), zone


def _full_year(digits: str) -> int:
    # Two-digit years stand in RFC 822 feeds; RFC 2822 section 4.3 reads 00-49 as 20xx.
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def parse_date(raw: str, *, month_first: bool | None = None) -> Moment | None:
    """Return the moment `raw` states, or None.

    Reads ISO 8601, RFC 822/2822, "Nov. 3, 2026 5:04 PM EST", "3 November 2026", "2026/11/03", and numeric
    dates whose order is certain: "11/23/2026" always, "03/04/2026" only with `month_first` given. A time
    without a zone is taken as UTC. Years outside of 1990 to 2100 and impossible days are None.
    """
    text = " ".join(raw.split())
    if not text or len(text) > MAX_LENGTH:
        return None
    iso = _ISO.match(text)
    if iso and ("-" in text[:8] or iso.end() == len(text)):
        clock, zone = ((int(iso[4]), int(iso[5]), int(iso[6] or 0)), iso[7]) if iso[4] else (None, None)
        if zone and zone.lower() in ("am", "pm"):
            clock, zone = _clock(text[iso.end(3) :])
        if clock and (clock[0] > 23 or clock[1] > 59):
            clock = None
        return _build(int(iso[1]), int(iso[2]), int(iso[3]), clock, zone)
    for pattern, order in ((_YEAR_FIRST, "ymd"), (_MONTH_DAY, "mdy"), (_DAY_MONTH, "dmy")):
        for found in pattern.finditer(text):
            parts = dict(zip(order, found.groups(), strict=True))
            month = int(parts["m"]) if parts["m"].isdigit() else month_number(parts["m"])
            if month is None:
                continue
            clock, zone = _clock(text[: found.start()] + " " + text[found.end() :])
            return _build(_full_year(parts["y"]), month, int(parts["d"]), clock, zone)
    numeric = _NUMERIC.search(text)
    return _numeric(numeric, text, month_first) if numeric else None


def _numeric(found: re.Match[str], text: str, month_first: bool | None) -> Moment | None:
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        month_first = False
    elif second > 12 >= first or first == second:
        month_first = True
    elif found[2] == ".":
        # Only day-first countries write dots.
        month_first = False
    if month_first is None:
        return None
    month, day = (first, second) if month_first else (second, first)
    clock, zone = _clock(text[: found.start()] + " " + text[found.end() :])
    return _build(int(found[4]), month, day, clock, zone)


_URL_DAY = re.compile(
    r"[/_-](20\d{2}|19\d{2})[/_-](\d{1,2})[/_-](\d{1,2})(?=[/_.-]|$)|/(20\d{2})(\d{2})(\d{2})(?=[/_.-]|$)"
)
_URL_NAMED = re.compile(r"/(20\d{2})/([a-z]{3,9})/(\d{1,2})(?=/)")


def date_in_url(url: str) -> tuple[Moment, str] | None:
    """Return the day a URL's path states (".../2026/11/03/...") with its words, or None."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url.lower()).split("?")[0].split("#")[0]
    named = _URL_NAMED.search(path)
    if named:
        month = month_number(named[2])
        moment = _build(int(named[1]), month, int(named[3]), None, None) if month else None
        if moment:
            return moment, named[0].strip("/_-")
    for found in _URL_DAY.finditer(path):
        year, month_digits, day = (
            (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        )
        moment = _build(int(year), int(month_digits), int(day), None, None)
        if moment:
            return moment, found[0].strip("/_-")
    return None
