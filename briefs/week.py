"""Weeks and other stretches of days as the market's people live them, in the market's time zone."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from briefs.rules import rules
from market.errors import UsageError


@dataclass(frozen=True)
class Period:
    """Whole days, from the first to the last, of one time zone."""

    first_day: date
    last_day: date
    zone: tzinfo

    @classmethod
    def until(cls, moment: datetime, days: int, zone: tzinfo) -> Period:
        """Return the `days` days that end with the local day of `moment`."""
        last = moment.astimezone(zone).date()
        return Period(last - timedelta(days=days - 1), last, zone)

    @property
    def start(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime.combine(self.first_day, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def horizon(self) -> datetime:
        """The moment up to which a look may still tell of it: some hours after its end, in UTC."""
        return self.end + timedelta(hours=rules().week.grace_hours)

    def has(self, moment: datetime) -> bool:
        """Say whether a moment falls into it."""
        return self.start <= moment < self.end

    def day_of(self, moment: datetime, day_only: bool = False) -> date:
        """Return the local day of a moment; a date without a time (midnight UTC) is that date everywhere."""
        return moment.astimezone(UTC if day_only else self.zone).date()

    def has_day(self, day: date) -> bool:
        """Say whether a local day falls into it."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Week(Period):
    """One ISO week, Monday to Sunday."""

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Week:
        """Return the week that "2026-W47" names; raise UsageError for anything else."""
        match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        if match:
            year, number = int(match.group(1)), int(match.group(2))
            with contextlib.suppress(ValueError):
                return cls._from(date.fromisocalendar(year, number, 1), zone)
        raise UsageError("week-unknown", f'"{text}" is not an ISO week; write it like 2026-W47')

    @classmethod
    def of(cls, moment: datetime, zone: tzinfo) -> Week:
        """Return the week that `moment` falls into."""
        day = moment.astimezone(zone).date()
        return cls._from(day - timedelta(days=day.weekday()), zone)

    @classmethod
    def _from(cls, monday: date, zone: tzinfo) -> Week:
        return cls(monday, monday + timedelta(days=6), zone)

    @classmethod
    def before(cls, moment: datetime, zone: tzinfo) -> Week:
        """Return the last week that is over at `moment`."""
        return cls.of(moment, zone).shifted(-1)

    def shifted(self, weeks: int) -> Week:
        """Return the week so many weeks later."""
        return self._from(self.first_day + timedelta(weeks=weeks), self.zone)

    @property
    def id(self) -> str:
        """Return "2026-W47"."""
        year, number, _ = self.first_day.isocalendar()
        return f"{year}-W{number:02d}"
