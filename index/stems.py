"""Words of a text as both engines see them: lower case, ASCII folded, letters and digits; and their stems.

Splitting, folding and stemming happen here and nowhere else, so that both engines hold equal terms; they only
split on blanks what this module joined. The stemmer is Snowball's English one (porter2) by PyStemmer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import Stemmer

GAP = "|"
"""A term that no text has: it keeps a phrase from running from one part of a field into the next."""

MAX_TERM = 100
"""Longer terms are cut: no word of a language is that long, and Lucene refuses terms of 32 kB."""

# A word goes on over combining accents. An English possessive ending is a word of nobody's query.
_WORD = re.compile(r"(?<=[^\W_])['’][sS](?![^\W_])|([^\W_](?:[^\W_]|[\u0300-\u036f])*)")
_POSSESSIVE = re.compile(r"'(?<=[^\W_]')[sS](?![^\W_])")

_TYPOGRAPHY = (("’", "'"), *((char, " ") for char in "‘“”–—…®™•\u00a0\u2009"))

# What canonical decomposition leaves as it is, as Lucene's ASCIIFoldingFilter folds it.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ς": "σ",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)


class _Folds(dict[int, str]):
    """Code point of a lower-case text -> what stands for it in terms; a blank where no word is."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if "\u0300" <= char <= "\u036f":
            folded = ""
        elif char.isalnum():
            # Only the accents of Latin, Greek and Cyrillic go: the marks of other scripts make other letters.
            bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", char))
            folded = unicodedata.normalize("NFC", bare).translate(_LETTERS)
        else:
            folded = " "
        self[code] = folded
        return folded


class _TooLongError(Exception):
    """A term longer than MAX_TERM; rare, so that looking for one must not cost anything."""


class _Stems(dict[str, str]):
    """Term -> stem. Remembers stems; forgets all of them when there are too many."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english", 0)

    def __missing__(self, term: str) -> str:
        if len(term) > MAX_TERM:
            raise _TooLongError
        if len(self) > 500_000:
            self.clear()
        self[term] = self._stemmer.stemWord(term)
        return self[term]


_stems = _Stems()
_folds = _Folds()


def terms(text: str) -> list[str]:
    """Return the terms of `text` in their order: "Charter's Fiber®, café" -> ["charter", "fiber", "cafe"]."""
    return [term[:MAX_TERM] for term in _folded(text).split()]


def analysed(text: str) -> tuple[str, str]:
    """Return the terms of `text` and their stems, each parted by blanks: what both engines index."""
    plain = _folded(text)
    try:
        return plain, " ".join(map(_stems.__getitem__, plain.split()))
    except _TooLongError:
        cut = terms(text)
        return " ".join(cut), " ".join(stems(cut))


def _folded(text: str) -> str:
    if not text.isascii():
        # Most texts are ASCII but for their typography, and ASCII is folded 30 times as fast.
        for char, plain in _TYPOGRAPHY:
            text = text.replace(char, plain)
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    return text.lower().translate(_folds)


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the same terms as `terms` with their first character and the one past their last."""
    for match in _WORD.finditer(text):
        if match[1]:
            yield match[1].lower().translate(_folds)[:MAX_TERM], match.start(), match.end()


def stem(term: str) -> str:
    """Return a term's stem."""
    return _stems[term]


def stems(found: Iterable[str]) -> list[str]:
    """Return the stems of terms."""
    return list(map(_stems.__getitem__, found))
