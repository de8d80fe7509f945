"""The words of a passage as the scan for places sees them, and the word lists of data/regions.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from nlp.document import Passage

# A word: letters with inner apostrophes or full stops ("O'Fallon", "S.C."), without a possessive.
_WORD = re.compile(r"\bW\. ?Va\.|\bD\. ?C\.|(?:\b[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W\d_]{1,})*")


@dataclass(slots=True)
class Token:
    """A word of a passage."""

    start: int
    end: int
    text: str
    lower: str
    gap: str
    """What stands between it and the word before, at most three characters of it."""
    sentence: bool = False
    """True for the first word of a sentence."""
    capital: bool = False
    """Whether it begins with a capital letter."""


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return data/regions.toml with its word lists as sets."""
    data = tomllib.loads(files("nlp.data").joinpath("regions.toml").read_text("utf-8"))
    for group in (data, data["scan"]):
        for name, value in group.items():
            if isinstance(value, list):
                group[name] = frozenset(value)
    return data


def tokens(passage: Passage) -> list[Token]:
    """Return the words of a passage in order."""
    found: list[Token] = []
    text = passage.text
    starts = passage.sentence_starts
    upcoming, last = 0, 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        lower = word.lower()
        if lower[-2:] in ("'s", "’s"):
            word, end, lower = word[:-2], end - 2, lower[:-2]
        fresh = not found
        while upcoming < len(starts) and starts[upcoming] <= start:
            fresh = True
            upcoming += 1
        gap = text[last : min(start, last + 3)]
        found.append(Token(start, end, word, lower, gap, fresh, word[0].isupper()))
        last = end
    return found
