"""Short names: "Greenlight" for Greenlight Networks, "Pine Creek" for Pine Creek Broadband.

A text names a provider in full once and then by the words of its own, without those of the trade. The short
form counts where what follows is said of a company (a verb, whom it has, an office), and only if the text
does not use the same words for a place or in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.companies_words import word_set
from nlp.document import Document, Field

_MOST_NAMES = 40
_MOST_PLACES = 60
_SHORTEST = 5
_CAPITAL_BEFORE = re.compile(r"\b([A-Z][\w’'&-]*) $")
# What a place is told by: "in Pine Creek", "Pine Creek, Ga.", "Pine Creek residents".
_PLACE_BEFORE = r"\b(?:in|near|at|around|outside|across|throughout|(?:city|town|village|county) of)\s+"
_PLACE_BEHIND = (
    r"(?:,\s(?:[A-Z][a-z]*\.|[A-Z]\.[A-Z]\.|[A-Z]{2}\b)|\s(?:residents|schools|County|Township|Parish)\b)"
)
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
        wanted = re.compile(rf"(?<![\w-]){re.escape(short)}(?![\w-])")
        for passage in document.passages:
            for count, match in enumerate(wanted.finditer(passage.text)):
                if count >= _MOST_PLACES:
                    break
                if _is_company(passage.text, match.start(), match.end(), known):
                    yield full, passage.field, match.start(), match.end()


def _is_common(short: str, text: str) -> bool:
    """Tell whether a text uses the same words for a place, or in small letters."""
    words = re.escape(short)
    if " " not in short and re.search(rf"\b{re.escape(short.casefold())}\b", text):
        return True
    place = rf"(?i:{_PLACE_BEFORE}){words}(?![\w-]|\s[A-Z])|\b{words}{_PLACE_BEHIND}"
    return re.search(place, text) is not None


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
