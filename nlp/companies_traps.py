"""What makes a company's name another thing: venues and cups it sponsors, addresses, units, other firms."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.companies_names import Candidate, Context, is_headline, neighbours
from nlp.companies_words import word_set

_NEXT_CAPITALS = re.compile(r"(?: (?:[A-Z][\w&'’.-]*|of))+")
_MOST_BETWEEN = 3
_ARTICLES = ("the", "a", "an", "our", "their", "of")
_NUMBER_BEFORE = re.compile(r"(?<![\w$.])(?!(?:19|20)\d\d\s)\d[\d.,]*\s$")
_LONGEST_UNIT = 3
"""Letters; "480 TDS" is a measure."""


def is_other_thing(item: Candidate, context: Context, *, listed: bool = False) -> bool:
    """Tell whether what surrounds a name, clear or not, makes it something else than the company.

    With `listed` an "and" before it is a list's; "the Acme store" is a company's whatever "the Acme" is.
    """
    if _is_address(item) or _is_glossed(item):
        return True
    before, before_gap, gap, after = neighbours(item)
    word = after.casefold()
    if gap and word in item.alias.not_followed_by:
        return True
    previous = before.casefold()
    if before_gap and previous in item.alias.not_preceded_by:
        excused = (listed and previous in ("and", "&")) or (
            gap == " " and previous in _ARTICLES and word in word_set("things") | word_set("staff")
        )
        if not excused:
            return True
    if gap and after[:1].isupper():
        if word in word_set("venues"):
            return True
        if not (context.caseless or is_headline(item.passage)):
            return word in word_set("other_firms") or _is_sponsors(item)
    return _is_measure(item, word)


def _is_address(item: Candidate) -> bool:
    text = item.passage.text
    before, after = text[item.start - 1 : item.start], text[item.end : item.end + 2]
    return (
        before in ("@", "/", "_", "#")
        or (before in (".", "'", "’") and text[item.start - 2 : item.start - 1].isalnum())
        or (len(after) == 2 and after[0] in ".@_" and after[1].isalnum() and after[1].islower())
    )


def _is_sponsors(item: Candidate) -> bool:
    """Tell whether a venue, an award or a contest ends the capitalised words behind a name.

    "Acme Aquatic Center", "Acme Howell Trophy"; "Acme Network Operations Center" is Acme's own.
    """
    run = _NEXT_CAPITALS.match(item.passage.text, item.end, item.end + 60)
    if run is None:
        return False
    for word in run.group().split()[: _MOST_BETWEEN + 1]:
        bare = re.sub(r"['’]s$", "", word).rstrip(".").casefold()
        if bare in word_set("venues") or bare in word_set("contests"):
            return True
        if bare in word_set("own_things"):
            return False
    return False


def _is_measure(item: Candidate, following: str) -> bool:
    written = item.surface
    if len(written) > _LONGEST_UNIT or not (written.isupper() and written.isalpha()):
        return False
    before = item.passage.text[max(0, item.start - 12) : item.start]
    things = word_set("things") | word_set("staff")
    return _NUMBER_BEFORE.search(before) is not None and following not in things


@lru_cache(maxsize=1)
def _gloss() -> re.Pattern[str]:
    kinds = "|".join(sorted(word_set("glosses")))
    return re.compile(
        rf",?\s(?:is|was|as)?\s?(?:(?:the|an?)\s)?(?:[\w’']+[’']s\s|stock\s|exchange\s)?(?:{kinds})\b"
    )


def _is_glossed(item: Candidate) -> bool:
    """Tell whether the text says that letters are short for something: "GCI, ticker for ..."."""
    return item.surface.isupper() and _gloss().match(item.passage.text, item.end) is not None
