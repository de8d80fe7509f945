"""The sample weeks: which ISO weeks the sample web tells, and when the demo's runs happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from market.errors import UsageError

WEEKS: Final[tuple[str, ...]] = ("2026-W45", "2026-W46", "2026-W47")
"""ISO weeks of sample time; sample week n (from 1) is WEEKS[n - 1]."""

RUN_TIMES: Final[tuple[datetime, ...]] = (
    datetime(2026, 11, 9, 12, 5, tzinfo=UTC),
    datetime(2026, 11, 16, 12, 5, tzinfo=UTC),
    datetime(2026, 11, 23, 12, 5, tzinfo=UTC),
)
"""When the run after each sample week happens: Monday 07:05 in New York (standard time), when the
07:00 brief is due."""

TIME_ZONE: Final = "America/New_York"
"""Time zone of the sample market."""


def run_time(week: int) -> datetime:
    """Return the run time of sample week `week` (1 to 3). Raises UsageError for another number."""
    if not 1 <= week <= len(WEEKS):
        raise UsageError("sample-week", f"the sample web has weeks 1 to {len(WEEKS)}, not {week}")
    return RUN_TIMES[week - 1]


def sample_week(moment: datetime) -> int:
    """Return the sample week (from 1) whose run is the first to see what was published at `moment`."""
    for number, at in enumerate(RUN_TIMES, start=1):
        if at - timedelta(days=8) <= moment < at:
            return number
    raise UsageError("sample-week", f"{moment.isoformat()} lies outside of the sample weeks")
