"""The word lists of data/companies.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("companies.toml").read_text("utf-8"))


@cache
def word_set(*path: str) -> frozenset[str]:
    """Return a word list of data/companies.toml as a set."""
    node: Any = _data()
    for part in path:
        node = node[part]
    return frozenset(node)


@cache
def alternatives(*path: str) -> str:
    """Return a word list as alternatives of a pattern, the longest first."""
    return "|".join(map(re.escape, sorted(word_set(*path), key=lambda word: (-len(word), word))))
