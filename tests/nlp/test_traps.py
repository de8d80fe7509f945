"""Companies in short passages with traps: both halves of tests/nlp/cases/companies.jsonl."""

from __future__ import annotations

import pytest

from bench.traps import cases, traps


def test_the_passages_are_of_two_halves_of_sixty():
    halves = [case["half"] for case in cases()]
    assert halves.count("rules") == halves.count("check") == 60


@pytest.mark.parametrize("half", ["rules", "check"])
def test_companies_are_told_from_their_namesakes(half: str):
    precision, _, f1 = traps()[half].of(["companies"])
    assert f1 >= 0.97
    assert precision >= 0.97
