"""Dollars and speeds as an offer's parts: figures, words, lists and bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.offers_amounts import MOST_AMOUNTS, amounts, signs_of_money
from nlp.offers_connections import listed_before, speeds


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$49.99 a month", [4999]),
        ("forty-five dollars a month", [4500]),
        ("a hundred and five dollars", [10_500]),
        ("two hundred dollars", [20_000]),
        ("fifty bucks or 60 dollars", [5000, 6000]),
        ("$3 million", [0]),
        ("five million dollars", []),
        ("no dollars", []),
    ],
)
def test_dollars_are_read_in_figures_and_words(text: str, cents: list[int]) -> None:
    found = amounts(text, 0, len(text))
    assert [amount.cents for amount in found] == cents
    assert all(text[amount.start : amount.end].strip() for amount in found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a half-gig plan", [(500, None)]),
        ("twenty-five gig", [(25_000, None)]),
        ("the 500/500 plan", [(500, 500)]),
        ("100 x 20 | $39", [(100, 20)]),
        ("the 940 plan", [(940, None)]),
        ("the 2024 plan", []),
        ("10 gigs of data", []),
        ("a 4G plan", []),
        ("a 2G plan", [(2_000, None)]),
        ("Download speed: 100 Mbps\nUpload speed: 20 Mbps", [(100, 20)]),
        ("20 Mbps up and 300 Mbps down", [(300, 20)]),
        ("a $70 gig plan", [(1_000, None)]),
        ("on 12/15 for $50", []),
    ],
)
def test_speeds_are_read_in_figures_words_and_names(
    text: str, told: list[tuple[float, float | None]]
) -> None:
    assert [(speed.down, speed.up) for speed in speeds(text, 0, len(text))] == told


def test_figures_of_a_list_share_the_unit_of_its_last() -> None:
    text = "In 2024, 250, 500 and 1,000 Mbps"
    last = next(iter(speeds(text, 0, len(text))))
    assert [speed.down for speed in listed_before(text, 9, last)] == [250, 500]


def test_amounts_of_a_text_are_bounded() -> None:
    text = "$50, fifty dollars, " * 1_000
    assert len(amounts(text, 0, len(text))) == MOST_AMOUNTS


@given(st.text(alphabet="$0123456789.,/x Mbpsgidolarhunetyfv-\n", max_size=80))
def test_positions_stay_within_any_text(text: str) -> None:
    for amount in amounts(text, 0, len(text)):
        assert 0 <= amount.start < amount.end <= amount.unit_end <= len(text)
    for speed in speeds(text, 0, len(text)):
        assert 0 <= speed.start < speed.end <= len(text)
    assert all(0 <= sign < len(text) for sign in signs_of_money(text))
