"""Numbers as texts write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12K homes", ["12000"]),
        ("1.2 million people", ["1200000"]),
        ("half a million homes", ["500000"]),
        ("a dozen towns and a hundred more", ["12", "100"]),
        ("$1.2B", ["1200000000"]),
        ("$33 million", ["33000000"]),
        ("12,000 and 4.5 percent", ["12000", "4.5"]),
        ("twenty-five towns", ["25"]),
        ("one hundred thousand", ["100000"]),
        ("US$5 million", ["5000000"]),
        ("a $1.7-million grant", ["1700000"]),
        ("no figures here", []),
        ("", []),
        ("1,2345", []),
        ("in 2026", ["2026"]),
    ],
)
def test_a_number_is_read_in_each_form(text: str, values: list[str]) -> None:
    found = [number.value for number in numbers_in(text)]
    assert found == [Decimal(value) for value in values]


@pytest.mark.parametrize(("text", "money"), [("$5", True), ("5 dollars", True), ("5 homes", False)])
def test_money_is_told_apart(text: str, money: bool) -> None:
    assert numbers_in(text)[0].is_money is money


@given(st.text(max_size=200))
def test_the_words_stand_where_the_number_says(text: str) -> None:
    for number in numbers_in(text):
        assert text[number.start : number.end] == number.raw


@given(st.integers(min_value=0, max_value=10**9))
def test_a_grouped_number_is_itself(value: int) -> None:
    numbers = numbers_in(f"about {value:,} homes")
    assert [number.value for number in numbers] == [Decimal(value)]
