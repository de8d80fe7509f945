"""The one place that reads the clock. Every stage takes `now`; the demo passes its sample time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time of a stage."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC time."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC, to the microsecond."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still at one moment: sample time, and time in tests."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware time; add a time zone")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the fixed moment in UTC."""
        return self._moment
