"""The intervals that written days and numbers stand for; every range of a query is made of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from market.errors import QueryError

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def moment(value: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the half-open UTC interval of "2026", "2026-11", "2026-11-24" (in `zone`) or an ISO time.

    Raises QueryError for anything else.
    """
    found = _ISO.fullmatch(value)
    try:
        if found is None:
            at = datetime.fromisoformat(value)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            return at.astimezone(UTC), at.astimezone(UTC) + timedelta(microseconds=1)
        year, month, day = (None if part is None else int(part) for part in found.groups())
        first = date(int(year or 0), month or 1, day or 1)
        if day is not None:
            after = first + timedelta(days=1)
        elif month is not None:
            after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            after = first.replace(year=first.year + 1)
        return _midnight(first, zone), _midnight(after, zone)
    except (ValueError, OverflowError) as error:
        raise QueryError("query-date", f"{value!r} is no date; write 2026, 2026-11 or 2026-11-24") from error


def micros(at: datetime) -> int:
    """Return microseconds since 1970 UTC."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def number(field: str, value: str, factor: int) -> tuple[int, int]:
    """Return the half-open interval of a number as written ("$59.99"), in units of 1/`factor`."""
    try:
        number = Decimal(re.sub(r"\\(.)", r"\1", value).replace("$", "").replace(",", ""))
        if not number.is_finite() or abs(number) > 10**12:
            raise InvalidOperation
    except InvalidOperation as error:
        raise QueryError(
            "query-number", f"{field}:{value} is no number; write {field}:60 or {field}:<60"
        ) from error
    whole = int(number * factor)
    return whole, whole + 1
