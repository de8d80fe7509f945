from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.week import Period, Week
from market.errors import UsageError

EASTERN = ZoneInfo("America/New_York")


def test_a_week_runs_from_monday_to_sunday_of_its_zone() -> None:
    week = Week.parse("2026-W47", EASTERN)
    assert (week.first_day, week.last_day) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.start == datetime(2026, 11, 16, 5, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert week.has(datetime(2026, 11, 23, 4, 59, tzinfo=UTC))
    assert not week.has(datetime(2026, 11, 23, 5, tzinfo=UTC))


def test_the_week_in_which_the_clocks_change_is_an_hour_longer() -> None:
    week = Week.parse("2026-W44", EASTERN)
    assert (week.end - week.start).total_seconds() == (7 * 24 + 1) * 3600


def test_years_have_52_or_53_weeks() -> None:
    assert Week.parse("2026-W53", EASTERN).shifted(1).id == "2027-W01"
    assert Week.parse("2027-w1", EASTERN).shifted(-1).id == "2026-W53"


@pytest.mark.parametrize("text", ["2027-W53", "2026-W00", "2026-47", "last", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="ISO week"):
        Week.parse(text, EASTERN)


def test_the_last_week_that_is_over() -> None:
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert Week.before(monday, EASTERN).id == "2026-W47"
    late_sunday = datetime(2026, 11, 23, 4, tzinfo=UTC)
    assert Week.before(late_sunday, EASTERN).id == "2026-W46"


def test_a_period_ends_with_the_local_day() -> None:
    period = Period.until(datetime(2026, 11, 23, 4, tzinfo=UTC), 90, EASTERN)
    assert (period.first_day, period.last_day) == (date(2026, 8, 25), date(2026, 11, 22))


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1990 < moment.year < 2200))
def test_every_moment_has_one_week(moment: datetime) -> None:
    week = Week.of(moment, EASTERN)
    assert week.has(moment)
    assert not week.shifted(1).has(moment)
    assert Week.parse(week.id, EASTERN) == week
