"""Speeds in prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.speeds import speeds


@pytest.mark.parametrize(
    ("text", "down", "up"),
    [
        ("Plans go up to 5 gigabits per second in both directions.", 5_000, 5_000),
        ("Homes get 100 Mbps down and 20 Mbps up.", 100, 20),
        ("Speeds of up to 200 megabits per second.", 200, None),
        ("A symmetrical 1 Gig plan, or 500 Mbps.", 1_000, 1_000),
    ],
)
def test_the_highest_speed_counts(text: str, down: float, up: float | None):
    found = speeds(text)
    assert found is not None
    assert (found.down_mbps, found.up_mbps) == (down, up)


@pytest.mark.parametrize("text", ["A 400,000 Mbps wave.", "Gigabit service.", "5 gigantic plans.", ""])
def test_what_is_no_speed_of_a_home(text: str):
    assert speeds(text) is None


@given(st.text(max_size=80))
def test_any_text_is_read(text: str):
    found = speeds(text)
    assert found is None or 0 <= found.start < found.end <= len(text)
