"""The names of operators that the lexicon lacks: where one begins and ends, and its usual form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from market.records import Mention
from nlp.companies_words import word_set
from nlp.document import Passage

_LEGAL = re.compile(r"[\s,]+(?:Inc|INC|LLC|L\.L\.C|Corp|CORP|Co|CO|Company|COMPANY|Ltd|LTD|LP|L\.P)\.?$")
_KIND = re.compile(r"\b(?P<rural>Rural )?Electric Membership Corp(?:\.|oration)?$")
_DISTRICT = re.compile(r" Public Utility District(?: No\. ?\d+)?$")
_OF = re.compile(r"\b(?P<word>[A-Z][a-z]+) of (?:the )?$")
_SAINT = re.compile(r"\b(?:St|Mt|Ft)\.\s$")
_FIRST = re.compile(r"[\w’'&.-]+\s+")
_LONGEST_OF = 30


def usual_name(text: str) -> str:
    """Return a name without its legal form, and with the usual letters of a kind of cooperative.

    "Acme Telephone Company, Inc." is "Acme Telephone"; "Acme Electric Membership Corp." is "Acme EMC".
    """
    name = _KIND.sub(lambda match: "REMC" if match["rural"] else "EMC", bare_name(text))
    return _DISTRICT.sub(" PUD", name)


def full_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """Return by company id the longest of the names by which a text calls it, the first of several."""
    names: dict[str, str] = {}
    for mention in mentions:
        if mention.target and len(mention.text) > len(names.get(mention.target, "")):
            names[mention.target] = mention.text
    return names


def bare_name(text: str) -> str:
    """Return a name as it is written, without its legal form and its quotes."""
    name = re.sub(r"\s+", " ", text).strip(" ,.;:’'\"“”")
    for _ in range(3):
        shorter = _LEGAL.sub("", name)
        if shorter == name or " " not in name or _KIND.search(name):
            break
        name = shorter
    return re.sub(r"(?:’s|'s)$", "", name)


def usable_name(text: str) -> str | None:
    """Return the name that a phrase is, without its legal form; None for bodies, offices, kinds of things."""
    name = bare_name(text)
    words = re.findall(r"[^\W_]+", name.casefold())
    if len(name) < 3 or not name[0].isupper():
        return None
    excluded = set(words) & word_set("providers", "exclude")
    if words[-1] in word_set("providers", "strong"):
        excluded.discard("tribal")
    if excluded and not (excluded == {"association"} and is_cooperative(words)):
        return None
    if {words[-1], *(words[:1] if len(words) == 2 else ())} & word_set("providers", "exclude_last"):
        return None
    if all(word in word_set("providers", "generic") or word in word_set("leaders") for word in words):
        return None
    return name


def is_cooperative(words: Sequence[str]) -> bool:
    """Tell whether a name's last words are those of a cooperative; a state's is an association of them."""
    ends = tuple(word_set("providers", "cooperatives"))
    return words[0] not in word_set("states") and " ".join(words).endswith(ends)


def without_generic(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the small words at the front: "While Acme Telephone" begins at Acme."""
    while start < end:
        match = _FIRST.match(text, start, end)
        word = match.group(0).strip().casefold() if match else ""
        if match is None or not (word in word_set("leaders") or word.endswith(("-based", "-owned"))):
            return start, end
        start = match.end()
    return start, end


def with_of(passage: Passage, start: int) -> int:
    """Return where a name begins that "St." or "Heart of" leads; nothing else before "of" belongs to a name.

    Within a sentence a capital shows the name; offices and bodies ("Board of") are none of it.
    """
    saint = _SAINT.search(passage.text[max(0, start - 5) : start])
    if saint is not None:
        return start - len(saint.group())
    match = _OF.search(passage.text[max(0, start - _LONGEST_OF) : start])
    if match is None or match["word"].casefold() in word_set("providers", "bodies"):
        return start
    begin = start - len(match.group())
    sentence = passage.sentences[passage.sentence_at(begin)]
    return begin if begin > sentence.start else start
