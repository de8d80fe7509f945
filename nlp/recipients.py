"""Who is awarded money in a sentence: "a grant to Acme", "Acme will receive", "Acme: $2 million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from market.ids import slug
from market.records import Mention
from nlp.companies_words import word_set
from nlp.providers import usual_name

_WORD = r"[A-Z][\w&’'ʻ.-]*"
_PUBLIC_OF = r"(?:[Cc]ity|[Tt]own|[Vv]illage|[Cc]ounty|[Pp]ueblo|[Bb]orough|[Pp]arish) of "
_NAME = rf"(?:{_PUBLIC_OF})?{_WORD}(?:\s+(?:of|and|&|for|the)?\s*{_WORD}){{0,8}}"
_TO = re.compile(
    r"\b(?:award\w*|grants?|loans?|funding|\$[\d.,]+(?:\s\w+)?)\b[^.;]{0,60}?\bto (?:the )?"
    rf"(?P<name>{_NAME})"
)
_GETS = re.compile(
    rf"(?P<name>{_NAME})(?:,[^,]{{0,60}},|,?\s{{1,2}}(?:which|who)(?: [^.,]{{0,60}}?)?)?"
    r"\s+(?:initially |recently |also |has |have )*(?:will receive|receive[sd]?|"
    r"(?:was|were|been|will be|is being) awarded|is receiving|would receive|won|wins|secured|landed|"
    r"accept(?:s|ed)|gets?|got|will get|took)\b"
)
_LISTED = re.compile(rf"^\W{{0,4}}(?P<name>{_NAME})\s*(?::|–|—|\s-\s|\()\s*\$")
_PUBLIC = re.compile(r"^(?:the )?(?:city|town|village|county|pueblo|borough|parish) of ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the money: lexicon id or the slug of the name."""

    company: str
    name: str


def recipients(sentence: str, base: int, companies: Sequence[Mention]) -> list[Recipient]:
    """Return the recipients a sentence names; `companies` are its known mentions, `base` where it starts."""
    found: list[Recipient] = []
    for expression in (_LISTED, _GETS, _TO):
        for match in expression.finditer(sentence):
            start, end = match.span("name")
            known = next(
                (m for m in companies if m.target and m.start - base < end and start < m.end - base), None
            )
            if known is not None:
                found.append(Recipient(known.target or "", usual_name(known.text)))
                continue
            name = _usable(match["name"])
            if name:
                found.append(Recipient(slug(name), name))
        if found:
            return found
    return found


def _usable(text: str) -> str | None:
    name = usual_name(re.split(r"\s+(?:will|for|to)\s", re.sub(r"^(?:The|In|On|At|For)\s+", "", text))[0])
    words = re.findall(r"[^\W_]+", name.casefold())
    if not words or len(name) < 4 or name.isupper():
        return None
    excluded = word_set("providers", "exclude") - {"association", "department", "board", "house"}
    if (
        set(words) & excluded
        or words[0] in word_set("leaders")
        or all(word in word_set("providers", "generic") for word in words)
    ):
        return None
    if _PUBLIC.match(name):
        return name[0].upper() + name[1:]
    return name if len(words) > 1 or not text.endswith(("ia", "as")) else None
