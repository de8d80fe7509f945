"""The compiled patterns of data/expansions.toml, shared by the modules that read builds."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("expansions.toml").read_text("utf-8"))


def words(*path: str) -> frozenset[str]:
    """Return a word list of the file as a set."""
    return frozenset(_node(path))


def _node(path: tuple[str, ...]) -> Any:
    node: Any = _data()
    for part in path:
        node = node[part]
    return node


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """Return one pattern, or the alternatives of a list as one, case aside."""
    node = _node(path)
    return re.compile(
        node if isinstance(node, str) else "|".join(f"(?:{item})" for item in node), re.IGNORECASE
    )


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Return a text as stems are sought in it: case folded, every run of blanks one blank."""
    return " ".join(text.casefold().split())


def may_match(plain_text: str, *path: str) -> bool:
    """Tell whether a pattern can match in a text, by its stems: False where a search would be in vain."""
    return any(map(plain_text.__contains__, _stems(path)))


@cache
def _stems(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_node(("stems", *path)))


@cache
def source(*path: str) -> str:
    """Return a pattern's text, to be built into another."""
    return str(_node(path))


@cache
def keys(*path: str) -> tuple[str, ...]:
    """Return the names of a table's entries, in the order of the file."""
    return tuple(_node(path))
