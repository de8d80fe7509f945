"""Patterns that take no notice of case find what re.IGNORECASE finds, where it finds it."""

from __future__ import annotations

import re

import pytest

from nlp.patterns import Folded, pattern

_TEXTS = (
    "CREWS Broke Ground, and Internet is NOW available in Greer",
    "İstanbul Fiber is Live; the ACME contract is worth $3 million",
    "Nothing of the kind.",
    "",
)


@pytest.mark.parametrize(
    "source", [r"\b(?:Broke|broken)\s+Ground\b", r"\bis (?P<What>NOW|live)\b", r"[A-Z]\W\S+\D"]
)
@pytest.mark.parametrize("text", _TEXTS)
def test_a_folded_pattern_finds_the_spans_that_ignorecase_finds(source: str, text: str) -> None:
    spans = [found.span() for found in re.finditer(source, text, re.IGNORECASE)]
    assert [found.span() for found in Folded(source).finditer(text)] == spans


def test_alternatives_keep_their_word_bounds_and_their_order() -> None:
    other = pattern("not_a_build", "patterns")
    assert other.search("a $3 million contract") is not None
    assert other.search("the restored line") is not None
    assert other.search("unrestoredness") is None


def test_bounds_are_those_of_the_text() -> None:
    found = Folded(r"\blive\b").search("LIVE and Live", 4, 13)
    assert found is not None
    assert found.span() == (9, 13)
