"""What an article tells itself: its text without what the outlet or the company sets around every text."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.stories_words import table

_HEAD, _TAIL = 2, 4
"""Paragraphs at either end that may be frame."""
_LONGEST = 45
"""Words of a paragraph of frame at most."""
_ABOUT = re.compile(r"About (?:the )?[A-Z][^.!?\n]{0,60}:?\s*$|#{3}|-30-|Forward-[Ll]ooking Statements")
_BYLINE = re.compile(r"\(?(?:By|BY|Special to|From) [A-Z][^.!?]{0,70}\)?$|[^.!?\n]{0,30}\|[^.!?]*$")
_CREDIT = re.compile(r"\(?[A-Z][^.!?\n]{0,50}\)?$")
_SERIES = re.compile(r"^(?:[A-Z][\w'’]*|of|the|in|and)(?: (?:[A-Z][\w'’]*|of|the|in|and)){1,3}: (?=\S)")


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    return tuple(table("frame")["phrases"])


@lru_cache(maxsize=1)
def _cues() -> re.Pattern[str]:
    return re.compile("|".join(table("frame")["patterns"]))


def own_text(text: str) -> str:
    """Return a text without bylines, calls to subscribe, contacts, credits and what stands under "About us".

    Only short paragraphs at its ends are left out, and never all of it.
    """
    paragraphs = [part.strip() for part in text.splitlines() if part.strip()]
    half = len(paragraphs) // 2
    for place in range(max(1, half), len(paragraphs)):
        if _ABOUT.match(paragraphs[place]):
            paragraphs = paragraphs[:place]
            break
    last = len(paragraphs)
    own = [
        part
        for place, part in enumerate(paragraphs)
        if not ((place < _HEAD or place >= last - _TAIL) and _is_frame(part, place))
    ]
    return "\n".join(own or paragraphs)


def own_title(title: str) -> str:
    """Return a title without the name of its series: what stands before a colon in capitals."""
    return _SERIES.sub("", title)


def _is_frame(part: str, place: int) -> bool:
    if part.count(" ") >= _LONGEST:
        return False
    if _BYLINE.match(part) or (place < _HEAD and _CREDIT.match(part)):
        return True
    small = part.lower()
    return any(map(small.__contains__, _phrases())) or _cues().search(small) is not None
