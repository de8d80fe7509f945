"""A week as the market's people live it: ISO week, in the market's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from market.errors import UsageError


@dataclass(frozen=True)
class Week:
    """One ISO week, Monday to Sunday, of one time zone."""

    year: int
    number: int
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Week:
        """Return the week that "2026-W47" names; raise UsageError for anything else."""
        match = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
        if match:
            year, number = int(match.group(1)), int(match.group(2))
            try:
                date.fromisocalendar(year, number, 1)
            except ValueError:
                pass
            else:
                return cls(year, number, zone)
        raise UsageError("week-unknown", f'"{text}" is not an ISO week; write it like 2026-W47')

    @classmethod
    def of(cls, moment: datetime, zone: tzinfo) -> Week:
        """Return the week that `moment` falls into."""
        year, number, _ = moment.astimezone(zone).isocalendar()
        return cls(year, number, zone)

    @classmethod
    def before(cls, moment: datetime, zone: tzinfo) -> Week:
        """Return the last week that is over at `moment`."""
        return cls.of(moment, zone).shifted(-1)

    def shifted(self, weeks: int) -> Week:
        """Return the week so many weeks later."""
        year, number, _ = (self.first_day + timedelta(weeks=weeks)).isocalendar()
        return Week(year, number, self.zone)

    @property
    def id(self) -> str:
        """Return "2026-W47"."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.first_day + timedelta(days=6)

    @property
    def start(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime.combine(self.first_day, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.first_day + timedelta(days=7), time(), self.zone).astimezone(UTC)

    def has(self, moment: datetime) -> bool:
        """Say whether a moment falls into the week."""
        return self.start <= moment < self.end

    def day_of(self, moment: datetime, day_only: bool = False) -> date:
        """Return the local day of a moment; a date without a time (midnight UTC) is that date everywhere."""
        return moment.astimezone(UTC if day_only else self.zone).date()

    def has_day(self, day: date) -> bool:
        """Say whether a local day falls into the week."""
        return self.first_day <= day <= self.last_day
