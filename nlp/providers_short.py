"""Short names: "Greenlight" for Greenlight Networks, "Pine Creek" for Pine Creek Broadband.

A text names a provider in full once and then by the words of its own, without those of the trade. The short
form counts where what follows is said of a company (a verb, whom it has, an office), and only if the text
does not use the same words for a place or in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from nlp.companies_words import word_set
from nlp.document import Document, Field
from nlp.patterns import Folded

_MOST_NAMES = 40
_MOST_PLACES = 60
_SHORTEST = 5
_CAPITAL_BEFORE = re.compile(r"\b([A-Z][\w’'&-]*) $")
# What a place is told by: "in Pine Creek", "Pine Creek, Ga.", "Pine Creek residents".
_PLACE_BEFORE = Folded(r"\b(?:in|near|at|around|outside|across|throughout|(?:city|town|village|county) of)$")
_LONGEST_BEFORE = 40
_PLACE_BEHIND = re.compile(
    r",\s(?:[A-Z][a-z]*\.|[A-Z]\.[A-Z]\.|[A-Z]{2}\b)|\s(?:residents|schools|County|Township|Parish)\b"
)
_NAME_GOES_ON = re.compile(r"[\w-]|\s[A-Z]")
_FOLLOWS = re.compile(r"(?P<own>['’]s)?\s(?P<word>[\w-]+)")


def short_form(name: str) -> str | None:
    """Return a name without the words of the trade at its end; None if nothing telling is left."""
    words = name.split()
    trade = (
        word_set("providers", "strong") | word_set("providers", "weak") | word_set("providers", "forms")
    ) - {"link", "net"}
    size = len(words)
    while size and words[size - 1].casefold().strip(",.&") in trade:
        size -= 1
    kept = words[:size]
    plain = {word.casefold().strip(",.&") for word in kept}
    if not kept or size == len(words) or plain <= word_set("providers", "generic") | word_set("states"):
        return None
    if kept[-1].casefold() in word_set("providers", "place_ends") or kept[-1] in ("&", "of", "and"):
        return None
    short = " ".join(kept).strip(",&. ")
    return short if len(short) >= _SHORTEST and short[:1].isupper() else None


def short_places(
    document: Document, names: Sequence[tuple[str, bool]]
) -> Iterator[tuple[str, Field, int, int]]:
    """Yield (full name, field, start, end) of the short forms of names; a name comes with "is it known".

    A name of the lexicon is known: behind it a possessive is enough.
    """
    text = document.text.text
    for full, known in names[:_MOST_NAMES]:
        short = short_form(full)
        if short is None or _is_common(short, text):
            continue
        for passage in document.passages:
            for start, end in islice(_apart(short, passage.text), _MOST_PLACES):
                if _is_company(passage.text, start, end, known):
                    yield full, passage.field, start, end


def _apart(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand that no letter, digit or hyphen joins to others."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        is_apart = not (_joins(text[start - 1 : start]) or _joins(text[end : end + 1]))
        if is_apart:
            yield start, end
        start = text.find(words, end if is_apart else start + 1)


def _joins(char: str) -> bool:
    return char.isalnum() or char in ("_", "-")


def _is_common(short: str, text: str) -> bool:
    """Tell whether a text uses the same words for a place, or in small letters."""
    small = short.casefold()
    if " " not in short and small in text and re.search(rf"\b{re.escape(small)}\b", text):
        return True
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        if _PLACE_BEHIND.match(text, end) and not (
            text[start - 1 : start].isalnum() or text[start - 1 : start] == "_"
        ):
            return True
        # Blanks before the name, and before them what leads to a place.
        before = text[max(0, start - _LONGEST_BEFORE) : start]
        led = before.rstrip()
        if len(led) < len(before) and _PLACE_BEFORE.search(led) and not _NAME_GOES_ON.match(text, end):
            return True
        start = text.find(short, start + 1)
    return False


def _is_company(text: str, start: int, end: int, known: bool) -> bool:
    before = _CAPITAL_BEFORE.search(text[max(0, start - 30) : start])
    if before is not None and before.group(1).casefold() not in word_set("leaders"):
        return False
    follows = _FOLLOWS.match(text, end)
    if follows is None:
        return False
    word = follows["word"].casefold()
    if follows["own"]:
        return known or word in word_set("providers", "owned_by")
    if follows["word"][:1].isupper():
        return word in word_set("providers", "offices")
    return word in word_set("verbs") or word in word_set("staff") or word in word_set("speaks")
