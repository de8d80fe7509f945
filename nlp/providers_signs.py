"""The signs of a network operator in the words beside a name: patterns made of data/companies.toml."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.companies_words import alternatives, word_set
from nlp.document import Span
from nlp.patterns import Folded

_MONEY = r"\$\s?\d"
_PLACES_COUNTED = r"\d[\d,]*\s+(?:locations|homes|addresses|households)\b"


@lru_cache(maxsize=1)
def named() -> re.Pattern[str]:
    """A capitalised phrase that ends in a word of the trade, with its legal form."""
    ends = _capitalised(word_set("providers", "strong") | word_set("providers", "weak"))
    forms = _capitalised(word_set("providers", "forms"))
    # No word is given back in part: a blank stands behind it.
    word = r"[A-Z][\w&-]*+(?:[’'](?!s\b)\w++)?+"
    # The first capital stands before the rest: so the search passes over small letters in one go.
    first = rf"[A-Z](?<=\b[A-Z]){word.removeprefix('[A-Z]')}"
    return re.compile(
        rf"(?P<name>{first} (?:& )?(?:{word} (?:& )?){{0,4}}?"
        rf"(?:{ends})\b(?: (?:& )?(?:{ends})\b)*(?:,? (?:{forms})\b\.?)*)"
    )


def _capitalised(words: frozenset[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        re.escape(form) for word in longest_first for form in (word[0].upper() + word[1:], word.upper())
    )


def _description() -> str:
    kinds = alternatives("providers", "descriptor_kinds")
    what = alternatives("providers", "descriptors")
    lead = r"(?:,(?!\s(?:and|but|or|while|as|so)\b)|\s+is|\s*[—–(-]|\s+as|,? which is)"
    lead += r"\s+(?:an?|the|one of the|our)?\s*"
    # "solutions provider" and "equipment company" sell to networks and run none.
    between = r"(?:\s+(?!solutions?\b|systems?\b|equipment\b)[\w-]+){0,3}?\s+"
    return rf"(?i:{lead}(?:[\w’'#&-]+,?\s+){{0,9}}?(?:{kinds})\b{between}(?:{what}|company|companies)\b)"


@lru_cache(maxsize=1)
def what() -> Folded:
    """Words that say what one is: "provider", "carrier"."""
    words = alternatives("providers", "descriptors")
    return Folded(rf"\b(?:{words})\b")


@lru_cache(maxsize=1)
def described() -> re.Pattern[str]:
    """What makes a name an operator's right behind it: ", a fiber internet provider"."""
    return re.compile(_description())


@lru_cache(maxsize=1)
def described_name() -> re.Pattern[str]:
    """A name with such a description."""
    word = r"[A-Z][\w&-]*"
    first = r"[A-Z](?<=\b[A-Z])[\w&-]*"
    return re.compile(rf"(?P<name>{first}(?: {word}){{0,3}})(?=(?:, (?:Inc|LLC)\.?)?{_description()})")


@lru_cache(maxsize=1)
def introduced() -> Folded:
    """The same right before a name: "fiber provider Acme"."""
    kinds = alternatives("providers", "descriptor_kinds")
    what = alternatives("providers", "descriptors")
    return Folded(rf"\b(?:{kinds})\s+(?:[\w-]+\s+)?(?:{what}|company),?\s+$")


@lru_cache(maxsize=1)
def called() -> re.Pattern[str]:
    """A new network's name: "a municipal fiber system it will call Acme Light"."""
    what = alternatives("providers", "descriptor_kinds")
    kinds = alternatives("providers", "called_kinds")
    called = alternatives("providers", "called")
    sure = alternatives("providers", "called_sure")
    word = r"(?:(?:St|Mt|Ft)\. )?[A-Z][\w&-]*"
    return re.compile(
        rf"\b(?:(?:{what}|municipal)\s(?:\w+\s)?(?:{kinds})|{sure})\b[^.;\n]{{0,30}}?\b(?:{called})\s[“\"]?"
        rf"(?P<name>{word}(?: {word}){{0,3}})"
        rf"|\b(?:called|calls|named|names|dubbed)\s(?:its|their|the)\s(?:new\s)?(?:{what})\s(?:{kinds})\s[“\"]?"
        rf"(?P<second>{word}(?: {word}){{0,3}})"
    )


@lru_cache(maxsize=1)
def brand() -> re.Pattern[str]:
    """The name of a company's own network: "Lightwire, the fiber arm of", "Acme's Lightwire subsidiary"."""
    what = alternatives("providers", "descriptor_kinds")
    word = r"[A-Z][\w&-]*[a-z][\w&-]*"
    kinds = r"(?:subsidiary|arm|affiliate|unit|brand)\b"
    return re.compile(
        rf"(?:[’']s|\bits)\s(?P<name>{word}(?: {word})?)\s(?:(?:{what})\s)?{kinds}"
        rf"|\b(?P<front>{word}(?: {word})?),\s(?:an?|the|its)\s(?:{what})\s{kinds}"
    )


@lru_cache(maxsize=1)
def owned() -> re.Pattern[str]:
    """The name of a public network: "Acme Light, the city-owned power company"."""
    own = "|".join(sorted(word_set("providers", "own")))
    # No word is given back in part: a blank or a comma stands behind it.
    word = r"[A-Z][\w&-]*+"
    first = r"[A-Z](?<=\b[A-Z])[\w&-]*+"
    return re.compile(
        rf"(?P<name>{first}(?: (?:& )?{word}){{1,4}}),\s(?:the|an?|which)\s[^,.;\n]{{0,50}}?(?:{own})"
    )


@lru_cache(maxsize=1)
def _receives() -> re.Pattern[str]:
    verbs = alternatives("providers", "receives")
    given = rf"(?:{_MONEY}|{_PLACES_COUNTED})"
    return re.compile(rf"(?:,\swhich)?\s?(?:[–—:(-]|{verbs})\s?[^.;\n]{{0,50}}?{given}|,?\s{_MONEY}")


@lru_cache(maxsize=1)
def _gives() -> Folded:
    verbs = alternatives("providers", "gives")
    return Folded(rf"\b(?:{verbs})\s+(?:to\s+)?(?:the\s+)?$")


_AMOUNT = re.compile(rf"[^.;\n]{{0,60}}?(?:{_MONEY}|\b(?:million|grant|loan|contract)\b)")


def award_span(text: str, start: int, end: int) -> Span | None:
    """Return where the money stands that goes to the name at start..end, or None."""
    receives = _receives().match(text, end, end + 100)
    given = _gives().search(text, max(0, start - 30), start)
    money = re.compile(_MONEY)
    if receives is not None:
        found = money.search(text, end, receives.end())
    elif given is not None:
        behind = _AMOUNT.match(text, end, end + 80)
        found = money.search(text, end, behind.end()) if behind else None
        found = found or money.search(text, max(0, start - 80), start)
    else:
        return None
    return Span(found.start(), found.end()) if found else None


def is_awarded(text: str, start: int, end: int) -> bool:
    """Tell whether money goes to a name: "awarded Acme $2 million", "Acme — $2 million for Fox County"."""
    if _receives().match(text, end, end + 100):
        return True
    given = _gives().search(text, max(0, start - 30), start)
    return given is not None and (
        _AMOUNT.match(text, end, end + 80) is not None
        or re.search(_MONEY, text[max(0, start - 80) : start]) is not None
    )


@lru_cache(maxsize=1)
def supplies() -> Folded:
    """What is said of one who builds or equips networks for others."""
    words = alternatives("providers", "supplies")
    return Folded(rf"[^.;]{{0,140}}?\b(?:{words})\b")


@lru_cache(maxsize=1)
def hired() -> Folded:
    """What leads to the name of one who works for a builder: "the fiber was strung by Acme"."""
    verbs = alternatives("providers", "hired")
    return Folded(rf"\b(?:{verbs})\b[^.;]{{0,30}}\bby\s+$")


@lru_cache(maxsize=1)
def lead() -> re.Pattern[str]:
    """What leads to a description of a name: "is an", ", a", a line break below "About Acme"."""
    return re.compile(r"\W{0,3}\s+(?:\w+ )?(?:is|are|was)\b|,\s+(?:an?|the|which|whose)\s")
