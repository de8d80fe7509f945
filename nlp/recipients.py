"""Who is awarded money or builds in a sentence: "a grant to Acme", "Acme will receive", "Acme: $2 million".

These are names that the sentence itself makes builders, known to the lexicon or not: the last word in grants,
where a round-up names a dozen small cooperatives in passing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from market.ids import slug
from market.records import Mention
from nlp.companies_words import word_set
from nlp.patterns import pattern, source, words
from nlp.providers import usual_name
from nlp.stems import may_match

_WORD = r"[A-Z][\w&’'ʻ.-]*"
_PUBLIC_OF = r"(?:[Cc]ity|[Tt]own|[Vv]illage|[Cc]ounty|[Pp]ueblo|[Bb]orough|[Pp]arish) of "
_NAME = rf"(?:{_PUBLIC_OF})?{_WORD}(?:\s+(?:of|and|&|for|the)?\s*{_WORD}){{0,8}}"
_PLAIN_NAME = rf"{_WORD}(?:\s+(?:&\s+)?{_WORD}){{0,5}}"
_TO = re.compile(
    r"\b(?:award\w*|grants?|loans?|funding|check|share|slice|\$[\d.,]+(?:\s\w+)?)\b[^.;]{0,60}?\bto (?:the )?"
    rf"(?P<name>{_NAME})"
)
_GIVEN = re.compile(
    r"\b(?:awarded|award|awards|give|gave|gives|given|lend|lends|lent|grant(?:s|ed)?|help|helps|let|lets|"
    rf"pays?|paid|chose|picked|selected|tapped|hired)\s+(?:the )?(?P<name>{_NAME})(?=[^.;]{{0,80}}?(?:\$|\d))"
)
_FOR = re.compile(
    r"\b(?:grants?|loans?|awards?)(?: of (?:up to )?\$[\d.,]+(?:\s\w+)?)?,? for (?:the )?"
    rf"(?P<name>{_NAME})(?=,| to (?:assist|help|build|bring|extend|expand|install|deploy|connect|provide)\b)"
)
"""Who is to build with a grant for it."""
_REGIONAL = re.compile(rf"{_WORD}(?:\s{_WORD}){{0,3}}\s(?:Commission|Council|District|Authority)")
"""A body of several counties or towns: what others call an agency builds with a grant for it."""
_ASIDE = (
    r"(?: (?:commissioners|directors|trustees|supervisors|officials))?(?: on (?!the)\w+day)?"
    r"(?:,[^,]{0,60},|,?\s{1,2}(?:which|who)(?: [^.,]{0,60}?)?)?"
)
_GETS = re.compile(
    rf"(?P<name>{_NAME}){_ASIDE}"
    r"\s+(?:initially |recently |also |has |have |had )*(?:will receive|receive[sd]?|"
    r"(?:was|were|been|will be|is being) (?:awarded|approved for|given|promised|granted)|is receiving|"
    r"would receive|won(?!['’]t)|wins|secured|landed|lands|accept(?:s|ed)|gets?|got|will get|took|takes|"
    r"will use (?=an? \$)|is in line for|picked up|picks up|draws|collects|qualified for)\b"
)
_LISTED = re.compile(
    rf"^\W{{0,4}}(?P<name>{_NAME})\s*(?::|–|—|\s-\s|\(|,(?=\s\$))\s*(?=(?:[^.]{{0,160}}?)(?:\$|\d))"
)
_TAKES = re.compile(
    rf"^(?:And |But |Then )?(?P<name>{_PLAIN_NAME})\s+(?:was |has been |will |has |have )?"
    r"(?!award|giv|grant|invest|announc|provid|set|lend|spend|approv|allocat|pay|contribut|commit|will|plan|has\b|"
    r"said|pledg|add|put|rais|report)[a-z]+\s+(?:(?:a|an|the|just|some|about|nearly|another)\s+)?(?:[a-z]+\s+)?\$"
)
"""Whatever the verb, who stands before it and an amount is paid, in a round-up of grants."""
_PERMITTED = re.compile(
    r"\b(?:permits?|franchise|rights?[- ]of[- ]way|licen[sc]e|easements?)\b[^.;]{0,30}? to (?:the )?"
    rf"(?P<name>{_PLAIN_NAME})"
)
"""Who is let dig: "issued right-of-way permits to Acme Lightwave"."""
_COINED = re.compile(r"[a-z][A-Z]")
"""A capital within a word: "NovaLink" is a name that somebody made up."""
_ACRONYM = re.compile(r"[A-Z]{3,5}")
_CAPITALIZED = re.compile(_WORD)
_PART = re.compile(r"[^\W_]+")
_PUBLIC = re.compile(r"^(?:the )?(?:city|town|village|county|pueblo|borough|parish) of ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the money: lexicon id or the slug of the name."""

    company: str
    name: str


def recipients(sentence: str, base: int, companies: Sequence[Mention]) -> list[Recipient]:
    """Return the recipients a sentence names; `companies` are its known mentions, `base` where it starts."""
    known = sorted((m for m in companies if m.target), key=lambda m: m.start)
    ends = [m.end - base for m in known]
    gets = (_GETS,) if may_match(sentence, "recipients", "gets") else ()
    for expression in (_LISTED, *gets, _GIVEN, _FOR, _TO, _TAKES):
        found = [
            recipient
            for match in expression.finditer(sentence)
            if (recipient := _recipient(match, base, known, ends)) is not None
        ]
        if found:
            return found
    return []


@lru_cache(maxsize=32)
def builder(sentence: str) -> Recipient | None:
    """Return who builds by a sentence's grammar: a name of the trade before a verb of building or telling."""
    if not _may_name_one(sentence):
        return None
    for match in (*_builds().finditer(sentence), *_PERMITTED.finditer(sentence)):
        name = _usable(match["name"])
        short = name is None and match.start() == 0 and _ACRONYM.fullmatch(match["name"]) is not None
        if short and not pattern("builders", "agencies").search(match.group(0)):
            return Recipient(slug(match["name"]), match["name"])
        if name and " " in name:
            last, first = name.split()[-1].casefold(), name.split()[0]
            endings = tuple(words("builders", "endings"))
            coined = _COINED.search(first) is not None and first.casefold().endswith(endings)
            if coined or last in words("builders", "last_words") or last.endswith(endings):
                return Recipient(slug(name), name)
    return None


def _may_name_one(sentence: str) -> bool:
    """Tell whether a capitalized word may be the telling one of a builder's name; never too strict."""
    if _ACRONYM.match(sentence):
        return True
    last_words, endings = _telling_parts()
    parts = _PART.findall(" ".join(_CAPITALIZED.findall(sentence)).casefold())
    return any(part.endswith(endings) or part in last_words for part in parts)


@lru_cache(maxsize=1)
def _telling_parts() -> tuple[frozenset[str], tuple[str, ...]]:
    last_words = _PART.findall(" ".join(words("builders", "last_words")))
    return frozenset(last_words), tuple(words("builders", "endings"))


@lru_cache(maxsize=1)
def _builds() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>{_PLAIN_NAME})(?:['’]s)?{_ASIDE}\s+(?i:{source('builders', 'verbs')})\b")


def _recipient(
    match: re.Match[str], base: int, known: Sequence[Mention], ends: Sequence[int]
) -> Recipient | None:
    start, end = match.span("name")
    first = bisect_right(ends, start)
    if first < len(known) and known[first].start - base < end:
        return Recipient(known[first].target or "", usual_name(known[first].text))
    name = _usable(match["name"])
    if match.re is _FOR and _REGIONAL.fullmatch(match["name"]):
        return Recipient(slug(match["name"]), match["name"])
    if (
        name is None
        or pattern("builders", "agencies").search(name)
        or pattern("builders", "states").fullmatch(name)
    ):
        return None
    return Recipient(slug(name), name)


def _usable(text: str) -> str | None:
    name = usual_name(
        re.split(r"\s+(?:will|for|to)\s", re.sub(r"^(?:The|In|On|At|For|And|But|So|Now|Then)\s+", "", text))[
            0
        ]
    )
    parts = re.findall(r"[^\W_]+", name.casefold())
    if len(parts) == 1 and parts[0] in words("builders", "starters"):
        return None
    if not parts or len(name) < 4 or name.isupper():
        return None
    excluded = word_set("providers", "exclude") - {"association", "department", "board", "house", "tribal"}
    if (
        set(parts) & excluded
        or parts[0] in word_set("leaders")
        or all(word in word_set("providers", "generic") for word in parts)
    ):
        return None
    if _PUBLIC.match(name):
        return name[0].upper() + name[1:]
    return name if len(parts) > 1 or not text.endswith(("ia", "as")) else None
