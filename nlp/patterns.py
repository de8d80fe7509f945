"""The compiled patterns of data/expansions.toml, shared by the modules that read builds."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("expansions.toml").read_text("utf-8"))


def words(*path: str) -> frozenset[str]:
    """Return a word list of the file as a set."""
    return frozenset(node(*path))


def node(*path: str) -> Any:
    """Return what stands in the file under a path of names."""
    found: Any = _data()
    for part in path:
        found = found[part]
    return found


# What stays as it is when a pattern is put into small letters: escapes and the names of groups.
_CAPITALS = re.compile(r"(\\.|\(\?P[<=]\w+)|[A-Z]+")
_LONG = 2_000
"""Characters; a longer text is no sentence, and is put into small letters once."""
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


class Folded:
    """A pattern that takes no notice of case: three times as fast as re.IGNORECASE.

    It is compiled in small letters and sought in the text's small letters. Offsets hold for the text itself;
    the groups of a match are in small letters.
    """

    __slots__ = ("compiled", "findall", "finditer", "fullmatch", "match", "search")

    def __init__(self, source: str) -> None:
        compiled = re.compile(_CAPITALS.sub(lambda found: found[1] or found[0].lower(), source))

        def search(text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
            return compiled.search(_small(text), start, end)

        def match(text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
            return compiled.match(_small(text), start, end)

        def fullmatch(text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
            return compiled.fullmatch(_small(text), start, end)

        def finditer(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
            return compiled.finditer(_small(text), start, end)

        def findall(text: str) -> list[str]:
            return compiled.findall(_small(text))

        self.compiled = compiled
        self.search, self.match, self.fullmatch = search, match, fullmatch
        self.finditer, self.findall = finditer, findall


class Cased:
    """A pattern with parts that mind the case: where it fails without regard to case, it is not tried."""

    __slots__ = ("compiled", "findall", "finditer", "fullmatch", "match", "search")

    def __init__(self, source: str) -> None:
        compiled = re.compile(source, re.IGNORECASE)
        # What may not follow must not grow.
        folded = Folded(source.replace("(?-i:", "(?:")) if "(?!" not in source else None

        def search(text: str) -> re.Match[str] | None:
            return compiled.search(text) if folded is None or folded.search(text) is not None else None

        self.compiled, self.search = compiled, search
        self.match, self.fullmatch = compiled.match, compiled.fullmatch
        self.finditer, self.findall = compiled.finditer, compiled.findall


def _small(text: str) -> str:
    """Return a text in small letters, as long as it was: of all letters only "İ" would become two."""
    return _long_small(text) if len(text) > _LONG else text.replace("İ", "i").lower()


# A whole text is asked for once for each name that stands in it.
@lru_cache(maxsize=4)
def _long_small(text: str) -> str:
    return text.replace("İ", "i").lower()


@cache
def pattern(*path: str) -> Cased | Folded:
    """Return one pattern, or the alternatives of a list as one, case aside."""
    found = node(*path)
    joined = found if isinstance(found, str) else _joined(found)
    return Cased(joined) if "(?-i:" in joined else Folded(joined)


def _joined(items: Sequence[str]) -> str:
    r"""Join alternatives; neighbours that begin with \b share one, so that most places are passed over."""
    parts = [part for item in items for part in _alternatives(item)]
    runs = []
    for bounded, run in groupby(parts, key=lambda part: part.startswith(r"\b")):
        told = "|".join(part.removeprefix(r"\b") if bounded else part for part in run)
        runs.append(rf"\b(?:{told})" if bounded else told)
    return "|".join(runs)


def _alternatives(item: str) -> list[str]:
    """Split a pattern at the bars that stand in no group or set."""
    found, depth, begin = [], 0, 0
    for part in _PARTS.finditer(item):
        depth += {"(": 1, ")": -1}.get(part.group(), 0)
        if part.group() == "|" and depth == 0:
            found.append(item[begin : part.start()])
            begin = part.end()
    return [*found, item[begin:]]


@cache
def source(*path: str) -> str:
    """Return a pattern's text, to be built into another."""
    return str(node(*path))


@cache
def keys(*path: str) -> tuple[str, ...]:
    """Return the names of a table's entries, in the order of the file."""
    return tuple(node(*path))
