"""Dates: each form that pages and feeds use, and None where there is room for doubt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dates import Moment, date_in_url, month_number, parse_date


def day(year: int, month: int, date: int) -> Moment:
    return Moment(datetime(year, month, date, tzinfo=UTC), day_only=True)


def at(year: int, month: int, date: int, hour: int, minute: int, second: int = 0) -> Moment:
    return Moment(datetime(year, month, date, hour, minute, second, tzinfo=UTC), day_only=False)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-03", day(2026, 11, 3)),
        ("20261103", day(2026, 11, 3)),
        ("2026/11/3", day(2026, 11, 3)),
        ("2026-11-03T10:00:00Z", at(2026, 11, 3, 10, 0)),
        ("2026-11-03T10:00:00.123-05:00", at(2026, 11, 3, 15, 0)),
        ("2026-11-03T10:00+0530", at(2026, 11, 3, 4, 30)),
        ("2026-11-03 02:00 PM", at(2026, 11, 3, 14, 0)),
        ("2026-11-03 10:00:00", at(2026, 11, 3, 10, 0)),
        ("Fri, 02 Oct 2026 18:06 GMT", at(2026, 10, 2, 18, 6)),
        ("Mon, 08 Jun 26 13:00:00 GMT", at(2026, 6, 8, 13, 0)),
        ("Tue, 03 Nov 2026 10:00:00 -0500", at(2026, 11, 3, 15, 0)),
        ("Nov. 3, 2026 5:04 PM EST", at(2026, 11, 3, 22, 4)),
        ("Updated 5:04 p.m. ET, Nov 3, 2026", at(2026, 11, 3, 22, 4)),
        ("July 4, 2026 9 a.m. PT", at(2026, 7, 4, 16, 0)),
        ("Tuesday, November 3rd, 2026", day(2026, 11, 3)),
        ("09 Jun 2026", day(2026, 6, 9)),
        ("3 de mayo de 2019", day(2019, 5, 3)),
        ("12. März 2020", day(2020, 3, 12)),
        ("11/23/2026", day(2026, 11, 23)),
        ("23/11/2026", day(2026, 11, 23)),
        ("23.11.2026", day(2026, 11, 23)),
        ("04.03.2026", day(2026, 3, 4)),
        ("03/04/2026", None),
        ("2026-13-40", None),
        ("Feb 30, 2026", None),
        ("0001-01-01T00:00:00Z", None),
        ("2026", None),
        ("November 2026", None),
        ("yesterday", None),
        ("", None),
        ("5 items, 12 comments", None),
        ("1605000000", None),
    ],
)
def test_parse(raw: str, moment: Moment | None) -> None:
    assert parse_date(raw) == moment


def test_order_of_a_numeric_date_can_be_given() -> None:
    assert parse_date("03/04/2026", month_first=True) == day(2026, 3, 4)
    assert parse_date("03/04/2026", month_first=False) == day(2026, 4, 3)


@pytest.mark.parametrize(
    ("url", "moment"),
    [
        ("https://news.example/2026/11/03/acme-builds", day(2026, 11, 3)),
        ("https://news.example/stories/2026/nov/03/acme/", day(2026, 11, 3)),
        ("https://news.example/acme-2026-11-03.html", day(2026, 11, 3)),
        ("https://news.example/20261103/acme", day(2026, 11, 3)),
        ("https://news.example/2026/11/acme", None),
        ("https://news.example/a?date=2026/11/03", None),
        ("https://news.example/2026/23/45/a", None),
        ("https://2026-11-03.example/a", None),
    ],
)
def test_urls(url: str, moment: Moment | None) -> None:
    found = date_in_url(url)
    assert (found[0] if found else None) == moment


def test_months() -> None:
    assert [month_number(word) for word in ("Sept.", "août", "frob")] == [9, 8, None]


@given(st.integers(662_688_000, 4_000_000_000))
def test_written_dates_are_read_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert parse_date(moment.isoformat()) == Moment(moment, day_only=False)
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == Moment(moment, day_only=False)
    assert parse_date(moment.strftime("%B %d, %Y")) == day(moment.year, moment.month, moment.day)


@given(st.text(max_size=130))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_date(text)
    date_in_url(text)
