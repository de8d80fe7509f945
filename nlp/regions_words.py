"""The words of a passage as the scan for places sees them, and the word lists of data/regions.toml."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from nlp.document import Passage

# A word: letters with inner apostrophes or full stops ("O'Fallon", "S.C."), without a possessive. The first
# letter stands before the alternatives: so the search passes over blanks in one go.
_WORD = re.compile(
    r"[^\W_](?:\.(?:(?<=\bW\.) ?Va\.|(?<=\bD\.) ?C\.|(?<=\b[^\W\d_]\.)(?:\b[^\W\d_]\.)+)"
    r"|[^\W_]*(?:['’][^\W\d_]+)*)"
)
_OWN = frozenset({"'s", "’s", "'S", "’S"})


class Token(NamedTuple):
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
    text = passage.text
    spans = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    written = [text[start:end] for start, end in spans]
    for number in [number for number, word in enumerate(written) if word[-2:] in _OWN]:
        written[number] = written[number][:-2]
        ends[number] -= 2
    first = [False] * len(spans)
    for number in {0, *(bisect_left(starts, start) for start in passage.sentence_starts)}:
        if number < len(first):
            first[number] = True
    gaps = [text[end : min(start, end + 3)] for start, end in zip(starts, (0, *ends), strict=False)]
    capital = [word[0].isupper() for word in written]
    # Column by column: a text has thousands of words.
    rows = zip(starts, ends, written, map(str.lower, written), gaps, first, capital, strict=True)
    return list(map(Token._make, rows))
