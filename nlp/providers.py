"""Network operators that the lexicon lacks: told by their names and by what the text says they do.

A small telephone cooperative or a new fiber builder is named in a text like any organisation; it counts as a
company of the market when its name ends in a word of the trade or the words beside it say that it provides a
network. Its id is the slug of its name, so that the same provider gets the same id everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from market.ids import slug
from market.records import Mention
from nlp.companies_words import word_set
from nlp.dateline import dateline_span
from nlp.document import Document, Passage

_LEGAL = re.compile(r"[\s,]+(?:Inc|LLC|L\.L\.C|Corp|Co|Company|Ltd|LP|L\.P)\.?$")
_TITLE_LIKE = 0.6
_MOST_NAMES = 60
_SHORTEST = 5
_BRIEF = 80
"""Words; a shorter text shows its trade by fewer signs."""
_WINDOW = 130
_MOST_PLACES = 60


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    """A capitalised phrase that ends in a word of the trade, with its legal form."""
    ends = _capitalised(word_set("providers", "strong") | word_set("providers", "weak"))
    forms = _capitalised(word_set("providers", "forms"))
    word = r"[A-Z][\w&-]*(?:[’'](?!s\b)\w+)?"
    # The first capital stands before the rest: so the search passes over small letters in one go.
    first = rf"[A-Z](?<=\b[A-Z]){word.removeprefix('[A-Z]')}"
    return re.compile(
        rf"(?P<name>{first} (?:& )?(?:{word} (?:& )?){{0,4}}?"
        rf"(?:{ends})\b(?: (?:{ends})\b)*(?:,? (?:{forms})\b\.?)*)"
    )


def _capitalised(words: frozenset[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        re.escape(form) for word in longest_first for form in (word[0].upper() + word[1:], word.upper())
    )


def _description() -> str:
    kinds = "|".join(re.escape(word) for word in word_set("providers", "descriptor_kinds"))
    what = "|".join(re.escape(word) for word in word_set("providers", "descriptors"))
    lead = r"(?:,|\s+is|\s*[—–(-]|\s+as|,? which is)\s+(?:an?|the|one of the|our)?\s*"
    # "solutions provider" and "equipment company" sell to networks and run none.
    between = r"(?:\s+(?!solutions?\b|systems?\b|equipment\b)[\w-]+){0,3}?\s+"
    return rf"(?i:{lead}(?:[\w’'#&-]+,?\s+){{0,9}}?(?:{kinds})\b{between}(?:{what}|company|companies)\b)"


@lru_cache(maxsize=1)
def _what() -> re.Pattern[str]:
    words = "|".join(map(re.escape, word_set("providers", "descriptors")))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _described() -> re.Pattern[str]:
    return re.compile(_description())


@lru_cache(maxsize=1)
def _described_name() -> re.Pattern[str]:
    word = r"[A-Z][\w&-]*"
    return re.compile(rf"\b(?P<name>{word}(?: {word}){{0,3}})(?=(?:, (?:Inc|LLC)\.?)?{_description()})")


@lru_cache(maxsize=1)
def _introduced() -> re.Pattern[str]:
    kinds = "|".join(re.escape(word) for word in word_set("providers", "descriptor_kinds"))
    what = "|".join(re.escape(word) for word in word_set("providers", "descriptors"))
    return re.compile(rf"\b(?:{kinds})\s+(?:[\w-]+\s+)?(?:{what}|company),?\s+$", re.IGNORECASE)


def usual_name(text: str) -> str:
    """Return a name without its legal form: "Acme Telephone Company, Inc." is "Acme Telephone"."""
    name = re.sub(r"\s+", " ", text).strip(" ,.;:’'\"“”")
    for _ in range(3):
        shorter = _LEGAL.sub("", name)
        if shorter == name or " " not in name:
            break
        name = shorter
    return re.sub(r"(?:’s|'s)$", "", name)


def find_providers(document: Document, mentions: Sequence[Mention], trade: int) -> list[Mention]:
    """Return mentions of unknown providers; those of nlp/companies.py, `mentions`, take precedence."""
    if trade < 2:
        return []
    known = {"title": [], "text": []}  # type: dict[str, list[tuple[int, int]]]
    for mention in mentions:
        if mention.target:
            known[mention.field].append((mention.start, mention.end))
    names: dict[str, str] = {}
    passage = document.text
    dateline = dateline_span(passage)
    organisations = dict.fromkeys(mention.text for mention in mentions if mention.target is None)
    for name in list(organisations)[:_MOST_NAMES]:
        if name.casefold() not in names and any(
            _is_described(passage, start, end) for start, end in _places_of(name, passage.text)
        ):
            _keep(names, name)
    for what in islice(_what().finditer(passage.text), _MOST_PLACES):
        match = _described_name().search(passage.text, max(0, what.start() - _WINDOW), what.end())
        if match is None:
            continue
        start, end = _without_generic(passage.text, *match.span("name"))
        in_dateline = dateline.start <= start < dateline.end
        if (
            end - start >= _SHORTEST
            and not in_dateline
            and not any(a < end and start < b for a, b in known["text"])
        ):
            _keep(names, passage.text[start:end])
    for match in _named().finditer(passage.text):
        start, end = _without_generic(passage.text, *match.span("name"))
        if end - start < _SHORTEST or any(a < end and start < b for a, b in known["text"]):
            continue
        if _is_operator(passage, start, end, trade):
            _keep(names, passage.text[start:end])
    suppliers = [name for name in names if _is_supplier(passage.text, names[name])]
    for name in list(names):
        if any(name == supplier or supplier.endswith(f" {name}") for supplier in suppliers):
            del names[name]
    return _occurrences(document, names, known)


def _places_of(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands as whole words, at most `_MOST_PLACES` times."""
    end = 0
    for _ in range(_MOST_PLACES):
        start = text.find(name, end)
        if start < 0:
            return
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start, end


@lru_cache(maxsize=1)
def _supplies() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(word_set("providers", "supplies"), key=len, reverse=True)))
    return re.compile(rf"[^.;]{{0,140}}?\b(?:{words})\b", re.IGNORECASE)


def _is_supplier(text: str, name: str) -> bool:
    """Tell whether a name is described as one who builds or equips networks for others."""
    return any(
        (
            _lead().match(text, end, end + 40) is not None
            and _supplies().match(text, end, end + 180) is not None
        )
        or _hired().search(text[max(0, start - 70) : start]) is not None
        for start, end in _places_of(name, text)
    )


@lru_cache(maxsize=1)
def _hired() -> re.Pattern[str]:
    """What leads to the name of one who works for a builder: "the fiber was strung by Acme"."""
    verbs = "|".join(map(re.escape, sorted(word_set("providers", "hired"))))
    return re.compile(rf"\b(?:{verbs})\b[^.;]{{0,30}}\bby\s+$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    """What leads to a description of a name: "is an", ", a", a line break below "About Acme"."""
    return re.compile(r"\W{0,3}\s+(?:\w+ )?(?:is|are|was)\b|,\s+(?:an?|the|which|whose)\s")


def _keep(names: dict[str, str], text: str) -> None:
    name = usual_name(text)
    words = re.findall(r"[^\W_]+", name.casefold())
    if len(name) < 3 or not name[0].isupper() or set(words) & word_set("providers", "exclude"):
        return
    if all(word in word_set("providers", "generic") or word in word_set("leaders") for word in words):
        return
    names.setdefault(name.casefold(), name)


def _without_generic(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the small words at the front: "While Acme Telephone" begins at Acme."""
    while start < end:
        match = re.compile(r"[\w’'&.-]+\s+").match(text, start, end)
        word = match.group(0).strip().casefold() if match else ""
        if match is None or not (word in word_set("leaders") or word.endswith(("-based", "-owned"))):
            return start, end
        start = match.end()
    return start, end


def _is_described(passage: Passage, start: int, end: int) -> bool:
    after = passage.text[end : end + 140].split("\n")[0]
    before = passage.text[max(0, start - 60) : start]
    return bool(_described().match(after) or _introduced().search(before))


def _is_operator(passage: Passage, start: int, end: int, trade: int) -> bool:
    text = passage.text
    following = re.match(r"\s(and\s|&\s)?([A-Z][\w-]+)((?: [A-Z][\w-]+){0,2})", text[end : end + 70])
    if following:
        rest = {word.casefold() for word in following.group(3).split()} | {following.group(2).casefold()}
        if following.group(1):
            if rest & word_set("providers", "exclude"):
                return False
        elif following.group(2).casefold() not in word_set("followers"):
            return False
    words = [word.casefold() for word in re.findall(r"[\w-]+", usual_name(text[start:end]))]
    shouted = sum(len(word) > 4 and word.isupper() for word in text[start:end].split())
    if (
        0 < shouted < len(words)
        or len(words) < 2
        or all(word in word_set("providers", "generic") for word in words)
        or text[end : end + 1] in "™®"
    ):
        return False
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start : text.find("\n", end) if "\n" in text[end:] else len(text)]
    letters = re.findall(r"[^\W\d_]{4,}", line)
    if (
        letters
        and sum(word[0].isupper() for word in letters) > _TITLE_LIKE * len(letters)
        and len(letters) > 3
    ):
        return False
    if words[-1] in word_set("providers", "strong") or {"cooperative", "co-op", "coop"} & set(words):
        return trade >= (4 if len(passage.words) >= _BRIEF else 3)
    return _is_described(passage, start, end) or (
        words[-1] in ("communications", "cable", "wireless", "cellular", "networks", "internet")
        and trade >= 6
    )


def _occurrences(
    document: Document, names: dict[str, str], known: dict[str, list[tuple[int, int]]]
) -> list[Mention]:
    found: list[Mention] = []
    for name in sorted(names.values(), key=len, reverse=True):
        wanted = re.compile(rf"\b{re.escape(name)}\b")
        for passage in document.passages:
            for match in wanted.finditer(passage.text):
                start, end = match.span()
                if any(a < end and start < b for a, b in known[passage.field]):
                    continue
                known[passage.field].append((start, end))
                found.append(
                    Mention(
                        text=match.group(0),
                        start=start,
                        end=end,
                        field=passage.field,
                        kind="company",
                        target=slug(name),
                        method="provider-name",
                        score=0.7,
                    )
                )
    return found
