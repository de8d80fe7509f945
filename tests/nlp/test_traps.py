"""Companies in short passages with traps: both halves of tests/nlp/cases/companies.jsonl."""

from __future__ import annotations

import pytest

from bench.traps import cases, traps


def test_the_frozen_half_is_whole_and_the_other_is_larger():
    halves = [case["half"] for case in cases()]
    assert halves.count("check") == 60
    assert halves.count("rules") >= 230


@pytest.mark.parametrize("half", ["rules", "check"])
def test_companies_are_told_from_their_namesakes(half: str):
    precision, _, f1 = traps()[half].of(["companies"])
    assert f1 >= 0.97
    assert precision >= 0.97
