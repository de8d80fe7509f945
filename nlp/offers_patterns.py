"""The patterns of data/offers.toml, by their names."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("offers.toml").read_text("utf-8"))


def _node(path: tuple[str, ...]) -> str:
    node: Any = _data()
    for part in path:
        node = node[part]
    return node if isinstance(node, str) else "|".join(f"(?:{item})" for item in node)


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """Return a pattern of the file, or the alternatives of a list as one, case aside."""
    return re.compile(_node(path), re.IGNORECASE)


@cache
def ending(*path: str) -> re.Pattern[str]:
    """Return the same, to be sought where the text before an amount ends."""
    return re.compile(rf"(?:{_node(path)})\s+(?:(?:about|around|just|only|a|an|the)\s+)?$", re.IGNORECASE)


@cache
def following(*path: str) -> re.Pattern[str]:
    """Return the same, to be matched where an amount and its unit end."""
    return re.compile(rf"[\s/*-]{{0,3}}(?:{_node(path)})", re.IGNORECASE)
