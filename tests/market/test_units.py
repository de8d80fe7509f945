"""Units: what a whole cell states, and nothing where it states something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.units import (
    Span,
    cell_text,
    parse_data,
    parse_latency,
    parse_money,
    parse_speed,
    parse_term,
    split_list,
    to_cents,
)


@pytest.mark.parametrize(
    ("raw", "cents"),
    [
        ("65", 6500),
        ("65.00", 6500),
        ("$49.99/mo*", 4999),
        ('="95.00"', 9500),
        ('"95"', None),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("49,99 €", 4999),
        ("110*", 11000),
        ("from $45", 4500),
        ("CA$30", 3000),
        ("$49.99 per month", 4999),
        ("0", 0),
        (".50", 50),
        ("FREE", None),
        ("Included", None),
        ("", None),
        ("NULL", None),
        ("-5", None),
        ("$5/GB", None),
        ("65.00 per extender", None),
        ("$0.0000095/KB", None),
        ("1,23,456", None),
        ("99999999999", None),
        ("$$5", None),
        ("5 5", None),
    ],
)
def test_money(raw: str, cents: int | None) -> None:
    amount = parse_money(raw)
    assert (amount.cents if amount else None) == cents


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Up to 8.95", (895, 895, True, None)),
        ("1.25 - 3.50", (125, 350, False, None)),
        ("$10 to $20", (1000, 2000, False, None)),
        ("€20", (2000, None, False, "EUR")),
        ("US$ 20", (2000, None, False, "USD")),
    ],
)
def test_money_ranges_and_currencies(raw: str, parts: tuple[Any, ...]) -> None:
    amount = parse_money(raw)
    assert amount is not None
    assert (amount.cents, amount.cents_max, amount.up_to, amount.currency) == parts


@pytest.mark.parametrize("raw", ["20 - 10", "10 - x", "10 - 20 - 30"])
def test_ranges_that_are_none(raw: str) -> None:
    assert parse_money(raw) is None


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        ("475 ", Span(475)),
        ("67  - 622 ", Span(67, 622)),
        ("0.8 Mbps", Span(0.8)),
        ("768 kbps", Span(0.768)),
        ("Up to 1 Gig", Span(1000, None, up_to=True)),
        ("12-78 Mpbs", Span(12, 78)),
        ("1.5Gb/s", Span(1500)),
        ("2 gigs", Span(2000)),
        ("500 Mbps - 1 Gbps", Span(500, 1000)),
        ("100 megabits per second", Span(100)),
        ("1,000 Mbps", Span(1000)),
        ("940/880", None),
        ("unlimited", None),
        ("fast", None),
        ("", None),
        ("100 - 50", None),
        ("20000 Gbps", None),
    ],
)
def test_speed(raw: str, span: Span | None) -> None:
    assert parse_speed(raw, default_unit="Mbps") == span


def test_a_speed_without_a_unit_needs_the_columns() -> None:
    assert parse_speed("500") is None
    assert parse_speed("500000", default_unit="kbps") == Span(500)


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        ("22", Span(22)),
        ("35-58", Span(35, 58)),
        ("29 ms", Span(29)),
        ("<30ms", Span(30, None, up_to=True)),
        ("low", None),
    ],
)
def test_latency(raw: str, span: Span | None) -> None:
    assert parse_latency(raw) == span


@pytest.mark.parametrize(
    ("raw", "gb", "unlimited"),
    [
        ("1.5 TB", 1500, False),
        ("20GB", 20, False),
        ("500 MB", 0.5, False),
        ("7", 7, False),
        ("Unlimited", None, True),
        ("no data cap", None, True),
    ],
)
def test_data(raw: str, gb: float | None, unlimited: bool) -> None:
    allowance = parse_data(raw, default_unit="GB")
    assert allowance is not None
    assert (allowance.gb, allowance.unlimited) == (gb, unlimited)


@pytest.mark.parametrize(
    ("raw", "months"),
    [
        ("12", 12),
        ("12 months", 12),
        ("2-year", 24),
        ("two years", 24),
        ("Month-to-month", 0),
        ("no contract", 0),
        ("24 mo.", 24),
        ("forever", None),
        ("", None),
        ("1.5", None),
    ],
)
def test_term(raw: str, months: int | None) -> None:
    assert parse_term(raw) == months


def test_lists() -> None:
    assert split_list("30.00; 5.00;;Up to 8.95;") == ["30.00", "5.00", "", "Up to 8.95"]
    assert split_list("A|B\nC") == ["A", "B", "C"]
    assert split_list("NULL") == []


def test_cells() -> None:
    assert cell_text("\ufeff  N/A ") == ""
    assert cell_text('="a ""b"""') == 'a "b"'


@given(st.integers(0, 1_000_000_000))
def test_every_amount_of_cents_is_read_back(cents: int) -> None:
    assert to_cents(f"{cents // 100:,}.{cents % 100:02d}") == cents
    assert to_cents(f"{cents // 100}.{cents % 100:02d}") == cents


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_figures_come_from_it(text: str) -> None:
    amount = parse_money(text)
    if amount is not None:
        assert any(character.isdigit() for character in text)
        assert amount.cents >= 0
    for parse in (parse_latency, lambda raw: parse_speed(raw, default_unit="Mbps")):
        span = parse(text)
        assert span is None or (span.low >= 0 and (span.high is None or span.high > span.low))
    parse_data(text, default_unit="GB")
    parse_term(text)
