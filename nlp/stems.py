"""Which patterns of data/expansions.toml can match in a text, by the stems that each of their matches holds.

A text is looked through once, word by word, for the stems of all lists; what a word holds is kept for the
next text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache, reduce
from itertools import count
from operator import or_
from typing import NamedTuple

from nlp.patterns import keys, node

_Path = tuple[str, ...]
_SIGN = re.compile(r"\W")
_START = 3
"""Letters by which the parts of stems are found in a word."""


class _Stems(NamedTuple):
    lists: dict[_Path, tuple[int, int, tuple[int, ...]]]
    """Of each list the bit of its stems of one word; of the others, all bits and those of each stem."""
    by_start: dict[str, list[tuple[str, int]]]
    """What words may hold, by its first letters, with its bits."""
    short: list[tuple[str, int]]
    """The same, of what is shorter."""


def may_match(text: str, *path: str) -> bool:
    """Tell whether a pattern can match in a text, by its stems: False where a search would be in vain.

    Case and kind of blank do not count; the words of a stem of several may stand apart.
    """
    one, some, several = _stems().lists[path]
    found = _bits_of(text)
    return found & one != 0 or (found & some != 0 and any(found & wanted == wanted for wanted in several))


@lru_cache(maxsize=256)
def _bits_of(text: str) -> int:
    return reduce(or_, filter(None, map(_bits_of_word, text.casefold().split())), 0)


@lru_cache(maxsize=16_384)
def _bits_of_word(word: str) -> int:
    """The bits of what a word holds; a blank of a stem stands for a word's edge or a sign."""
    held = f" {word} " if word.isalnum() else f" {word} {_SIGN.sub(' ', word)} "
    _, by_start, short = _stems()
    found = 0
    for start in range(len(held) - _START + 1):
        for part, bits in by_start.get(held[start : start + _START], ()):
            if held.startswith(part, start):
                found |= bits
    for part, bits in short:
        if part in held:
            found |= bits
    return found


@cache
def _stems() -> _Stems:
    lists: dict[_Path, tuple[int, int, tuple[int, ...]]] = {}
    bits: dict[str, int] = {}
    fresh = (1 << place for place in count())
    for path in _paths():
        own, several = next(fresh), []
        for parts in map(_parts, node("stems", *path)):
            alone = len(parts) == 1
            wanted = [own] if alone else [next(fresh) for _ in parts]
            for part, bit in zip(parts, wanted, strict=True):
                bits[part] = bits.get(part, 0) | bit
            if not alone:
                several.append(sum(wanted))
        lists[path] = own, reduce(or_, several, 0), tuple(several)
    by_start: dict[str, list[tuple[str, int]]] = {}
    for part, found in bits.items():
        by_start.setdefault(part[:_START], []).append((part, found))
    short = [entry for start in list(by_start) if len(start) < _START for entry in by_start.pop(start)]
    return _Stems(lists, by_start, short)


def _paths(*above: str) -> Iterator[_Path]:
    """The paths of all lists of stems."""
    for name in keys("stems", *above):
        path = (*above, name)
        if isinstance(node("stems", *path), list):
            yield path
        else:
            yield from _paths(*path)


def _parts(stem: str) -> list[str]:
    """The words of a stem, each with a blank on a side where the stem goes on or has one itself."""
    words = stem.split(" ")
    last = len(words) - 1
    return [f"{' ' if n else ''}{word}{' ' if n < last else ''}" for n, word in enumerate(words) if word]
