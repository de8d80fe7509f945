"""The words of a passage as the scan for places sees them, and the word lists of data/regions.toml."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from nlp.document import Passage

# A word: letters with inner apostrophes or full stops ("O'Fallon", "S.C."), without a possessive. The first
# letter stands before the alternatives: so the search passes over blanks in one go.
_WORD = re.compile(
    r"[^\W_](?:\.(?:(?<=\bW\.) ?Va\.|(?<=\bD\.) ?C\.|(?<=\b[^\W\d_]\.)(?:\b[^\W\d_]\.)+)"
    r"|[^\W_]*(?:['’][^\W\d_]+)*)"
)
_OWN = ("'s", "’s")


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


def most_mentions() -> int:
    """Return how many spots of a passage are judged; those behind them are left out."""
    return int(vocabulary()["limits"]["mentions"])


def tokens(passage: Passage) -> list[Token]:
    """Return the words of a passage in order."""
    found: list[Token] = []
    text = passage.text
    starts = passage.sentence_starts
    upcoming, last = -1, 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = text[start:end]
        lower = word.lower()
        if lower.endswith(_OWN):
            word, end, lower = word[:-2], end - 2, lower[:-2]
        fresh = start >= upcoming
        if fresh:
            following = bisect_right(starts, start)
            upcoming = starts[following] if following < len(starts) else len(text)
        gap = text[last : start if start - last < 3 else last + 3]
        found.append(Token(start, end, word, lower, gap, fresh, word[0].isupper()))
        last = end
    return found
