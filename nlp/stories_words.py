"""Words of an article for the clustering of stories: names, other telling words, and samples of its text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, count, repeat
from operator import add
from typing import Any
from zlib import crc32

SHINGLE_WORDS = 5
_ONE_IN = 3
"""One shingle in so many is kept, by its value: both of two copies keep the same ones."""
_MOST_WORDS = 1500
_MOST_TELLING = 700
"""Words of which samples are taken, and words of which the telling ones are kept."""
_STEM = 7
"""Letters by which words are told apart: "evacuated" and "evacuation" are one."""
# The capital stands before the rest: so the search passes over small letters in one go.
_NAME = re.compile(
    r"[A-Z](?:(?<=[\w,)&’'][ ][A-Z])[^\W_]+"  # within a sentence
    r"|(?<=\b[A-Z])(?:[^\W_]+(?=(?:['’]s)? [A-Z][^\W_]|['’]s )"  # before another, or with a genitive's s
    r"|[A-Z]{2,}\b))"
)
_SPLIT = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("stories.toml").read_text("utf-8"))


def table(name: str) -> dict[str, Any]:
    """Return a table of the data file."""
    found: dict[str, Any] = _data()[name]
    return found


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    return frozenset(stem(word) for word in _data()["small"].split())


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    return _small() | {stem(word) for word in _data()["calendar"].split()}


@lru_cache(maxsize=1)
def common() -> dict[str, float]:
    """Return the share of texts of our subject that hold a word, by its stem; rare words are left out."""
    return {word: int(share) / 100 for share, words in table("common").items() for word in words.split()}


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return what of a case-folded word is compared: without a plural's s, its first letters."""
    return (word[:-1] if word.endswith("s") and not word.endswith("ss") else word)[:_STEM]


def split(text: str) -> list[str]:
    """Return the runs of letters and digits, case folded."""
    return _SPLIT.findall(text.casefold())


def shingles(words: Sequence[str]) -> tuple[int, ...]:
    """Return a sample of the hashes of five words in a row, in order and once.

    Every word counts, so that a copy that was cut is wholly inside of its original.
    """
    joined = " ".join(words[:_MOST_WORDS])
    encoded = joined.encode("utf-8", "surrogatepass")
    parts = words[:_MOST_WORDS] if joined.isascii() else encoded.split(b" ")
    # Where each word ends, with one blank between two; the next one starts behind it.
    ends = list(map(add, accumulate(map(len, parts)), count()))
    rows = map(slice, (0, *map(add, ends, repeat(1))), ends[SHINGLE_WORDS - 1 :])
    hashes = map(crc32, map(encoded.__getitem__, rows))
    return tuple(dict.fromkeys([value for value in hashes if value % _ONE_IN == 0]))


def split_cases(text: str) -> tuple[list[str], set[str]]:
    """Return the words of `split`, and those that stand in small letters somewhere."""
    words = _SPLIT.findall(text)
    return (" ".join(words).casefold().split(" ") if words else []), set(filter(str.islower, words))


def names(text: str, small: Collection[str] | None = None) -> set[str]:
    """Return the stems of words that stand in capitals within a sentence, and nowhere in small letters."""
    if small is None:
        small = split_cases(text)[1]
    found = {match.casefold() for match in set(_NAME.findall(text))}
    return {stem(word) for word in found if word not in small} - _no_names()


def telling(words: Sequence[str]) -> dict[str, None]:
    """Return the stems of the words that can tell one event from another, in order and once."""
    found = dict.fromkeys(map(_telling_stem, words[:_MOST_TELLING]))
    found.pop("", None)
    return found


@lru_cache(maxsize=32_768)
def _telling_stem(word: str) -> str:
    """Return a word's stem, "" if it tells nothing."""
    found = stem(word) if len(word) > 2 and not word.isdigit() else ""
    return "" if found in _small() else found
