"""Roundups: one article that lists several stories shares names with all of them and tells none of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from nlp.stories_words import common, names, split, stem, table, telling

_ITEM = re.compile(r"^(?:\d{1,2}[.)]|[•*·–-]) .*", re.MULTILINE)
_ITEMS, _MOSTLY = 3, 0.6
"""Paragraphs with a number or a bullet that make a list, and their share of the text at least."""
_PARTS = 4
_CUED, _UNCUED = 0.6, 0.1
"""Share of a title's words that the text may repeat: when the title speaks of a week or of notes, or not."""


@lru_cache(maxsize=1)
def _cues() -> re.Pattern[str]:
    return re.compile("|".join(table("roundup")["titles"]), re.IGNORECASE)


def lists_stories(
    title: str, text: str, heading: Collection[str] | None = None, words: Collection[str] | None = None
) -> bool:
    """Say whether a text lists several stories: by numbers, by its title, or if its parts share nothing.

    `heading` and `words` are the telling words of title and text, for a caller that has them.
    """
    items = _ITEM.findall(text)
    if len(items) >= _ITEMS and sum(map(len, items)) >= _MOSTLY * len(text):
        return True
    parts = text.split("\n")
    if len(parts) < _PARTS:
        return False
    heading = telling(split(title)) if heading is None else heading
    words = telling(split(text)) if words is None else words
    repeated = sum(word in words for word in heading) / len(heading) if heading else 1.0
    if _cues().search(title) and repeated <= _CUED:
        return True
    return repeated <= _UNCUED and _is_loose(text, parts)


def _is_loose(text: str, parts: list[str]) -> bool:
    """Say whether four paragraphs and more have names, and no telling word runs through half of the text."""
    named = names(text)
    usual = common()
    seen: dict[str, int] = {}
    with_names = 0
    for place, part in enumerate(parts):
        with_names += any(stem(word) in named for word in split(part))
        for word in telling(split(part)):
            if word in usual and word not in named:
                continue
            if place - seen.setdefault(word, place) >= len(parts) / 2:
                return False
    return with_names >= _PARTS
