"""Stems: what is sought before a list of patterns may not hide a match of any of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.patterns import Folded, keys, may_match, pattern, plain

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


@pytest.mark.parametrize("path", _PATHS, ids=".".join)
def test_every_match_of_a_list_holds_one_of_its_stems(path: tuple[str, ...]) -> None:
    found = pattern(*path)
    compiled = found.compiled if isinstance(found, Folded) else found

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(compiled, alphabet=_LETTERS))
    def holds(text: str) -> None:
        assert may_match(plain(text), *path), text

    holds()


def test_a_text_without_a_stem_is_passed_over() -> None:
    assert not may_match(plain("The library closes early on Friday."), "stages", "cancelled")


def test_blanks_of_any_kind_and_capitals_are_one_to_the_stems() -> None:
    assert may_match(plain("The plan is NO\n  LONGER alive"), "stages", "cancelled")
    assert plain(" A\t b\n") == "a b"
