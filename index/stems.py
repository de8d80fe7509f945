"""Words of a text as both engines see them: lower case, ASCII folded, letters and digits; and their stems.

Splitting, folding and stemming happen here and nowhere else, so that both engines hold equal terms; they only
split on blanks what this module joined. The stemmer is Snowball's English one (porter2) by PyStemmer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import Stemmer

GAP = "¶"
"""A term that no text has: it keeps a phrase from running from one part of a field into the next."""

MAX_TERM = 100
"""Longer terms are cut: no word of a language is that long, and Lucene refuses terms of 32 kB."""

# A word goes on over combining accents. An English possessive ending is a word of nobody's query.
_WORD = re.compile(r"(?<=[^\W_])['’][sS](?![^\W_])|([^\W_](?:[^\W_]|[\u0300-\u036f])*)")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ASCII_POSSESSIVE = re.compile(r"(?<=[a-z0-9])'s(?![a-z0-9])")

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
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)


class _Folds(dict[str, str]):
    """Remembers folded words; a text repeats most of them."""

    def __missing__(self, word: str) -> str:
        folded = word if word.isascii() else _fold(word)
        self[word] = folded[:MAX_TERM]
        return self[word]


class _Stems(dict[str, str]):
    """Remembers stems; forgets all of them when there are too many."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english", 0)

    def __missing__(self, term: str) -> str:
        if len(self) > 500_000:
            self.clear()
        self[term] = self._stemmer.stemWord(term)
        return self[term]


_stems = _Stems()
_stems[GAP] = GAP
_folds = _Folds()


def terms(text: str) -> list[str]:
    """Return the terms of `text` in their order: "Charter's Fiber®, café" -> ["charter", "fiber", "cafe"]."""
    if text.isascii():
        found = _ASCII_WORD.findall(_ASCII_POSSESSIVE.sub("", text.lower()))
        return found if all(len(term) <= MAX_TERM for term in found) else [term[:MAX_TERM] for term in found]
    if len(_folds) > 500_000:
        _folds.clear()
    return [_folds[word.lower()] for word in _WORD.findall(text) if word]


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the same terms as `terms` with their first character and the one past their last."""
    for match in _WORD.finditer(text):
        if match[1]:
            yield _folds[match[1].lower()], match.start(), match.end()


def stem(term: str) -> str:
    """Return a term's stem."""
    return _stems[term]


def stems(found: Iterable[str]) -> list[str]:
    """Return the stems of terms."""
    return [_stems[term] for term in found]


def _fold(word: str) -> str:
    # Only the accents of Latin, Greek and Cyrillic: the marks of other scripts make other letters.
    bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS) or word
