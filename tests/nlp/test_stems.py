"""Stems: what is sought before a list of patterns may not hide a match of any of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.patterns import keys, pattern
from nlp.recipients import _GETS
from nlp.stems import may_match
from nlp.targets_dates import _DATE

_PATHS = [
    ("not_a_build", "patterns"),
    *(("stages", stage) for stage in keys("stages")),
    *(("funding", name) for name in keys("funding")),
    *(("technology", name) for name in keys("technology")),
    ("discourse", "networks"),
    ("discourse", "awards"),
    ("dates", "announced"),
]
_LETTERS = st.characters(codec="ascii", exclude_characters="".join(set(map(chr, range(32))) - {"\n", "\t"}))


_MODULES = {("dates", "told"): _DATE, ("recipients", "gets"): _GETS}
"""Patterns that a module builds."""


@pytest.mark.parametrize("path", [*_PATHS, *_MODULES], ids=".".join)
def test_every_match_of_a_list_holds_one_of_its_stems(path: tuple[str, ...]) -> None:
    compiled = _MODULES.get(path) or pattern(*path).compiled

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(compiled, alphabet=_LETTERS))
    def holds(text: str) -> None:
        assert may_match(text, *path), text

    holds()


def test_a_text_without_a_stem_is_passed_over() -> None:
    assert not may_match("The library closes early on Friday.", "stages", "cancelled")


def test_blanks_of_any_kind_and_capitals_are_one_to_the_stems() -> None:
    assert may_match("The plan is NO\n  LONGER alive", "stages", "cancelled")
