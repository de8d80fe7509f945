"""A name in a passage and what stands around it: the words before and behind, its case, its article."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field

from market.companies.lexicon import Alias, Company
from nlp.companies_words import word_set
from nlp.document import Passage

_NEXT = re.compile(r"(?:['’]s?)?[®™℠*]*([ \u00a0-]|\s*\n\s*|)(\w[\w'’-]*)?")
_PREVIOUS = re.compile(r"([^\W_][\w'’-]*|&)([.]?[ \u00a0-]+)$")
_SPACES = re.compile(r"\s+")
_BRIEF = 80
"""Words; a shorter text shows its trade by fewer signs."""
_TRADE_ENDS = (" fiber", " broadband", " internet", " wireless", " mobile", " cable")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words of a passage that an alias of a company matches, case aside."""

    passage: Passage
    start: int
    end: int
    alias: Alias
    company: Company

    @property
    def surface(self) -> str:
        """The words as written."""
        return self.passage.text[self.start : self.end]

    @property
    def shouted(self) -> bool:
        """Tell whether the text writes the name in capitals and the alias does not."""
        return self.surface.isupper() and not self.alias.text.isupper()


@dataclass(slots=True)
class Context:
    """What the whole article says: words used, companies surely named, people's surnames."""

    words: set[str]
    anchors: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    lower: set[str] = field(default_factory=set)
    caseless: bool = False
    small: bool = False
    """The text is written without capitals, as messages are: small letters say nothing."""
    priced: bool = False
    """A short text names a price per month."""
    signs: int = 0
    """What else a short text shows: it names two doubtful companies, one without capitals asks around."""
    size: int = 0
    """Words of title and text."""

    @property
    def brief(self) -> bool:
        """Tell whether the text is so short that few signs must do."""
        return is_brief(self.size)

    @property
    def trade(self) -> int:
        """See `strength`; a short text also counts what customers and councils talk of."""
        found = strength(self.words)
        if not self.brief:
            return found
        return found + brief_strength(self.words) + self.priced + self.signs


def is_brief(size: int) -> bool:
    """Tell whether a text of so many words is so short that few signs must do."""
    return size < _BRIEF


def strength(words: Set[str]) -> int:
    """Return how plainly words speak of networks: those of the trade, telling ones twice."""
    return len(words & word_set("trade")) + len(words & word_set("trade_strong"))


def brief_strength(words: Set[str]) -> int:
    """Return how many words of a short text customers, councils and installers use of networks."""
    return len(words & word_set("trade_brief"))


def neighbours(item: Candidate) -> tuple[str, str, str, str]:
    """Return (previous word, its gap, next gap, next word); "" where punctuation stands between."""
    text = item.passage.text
    following = _NEXT.match(text, item.end)
    gap, after = (following.group(1), following.group(2) or "") if following else ("", "")
    if "\n" in gap:
        gap, after = "", ""
    before = _PREVIOUS.search(text[max(0, item.start - 40) : item.start])
    if before is None:
        return "", "", gap, after
    return before.group(1), before.group(2), gap, after


def has_case(item: Candidate, context: Context) -> bool:
    """Tell whether a name is written as its alias is, or case says nothing here."""
    if item.alias.any_case or context.caseless or same_case(item.alias, item.surface):
        return True
    # "from Ripple fiber": within a sentence the capital is the name's, whatever its last word's case.
    wanted, written = item.alias.text, item.surface
    return (
        written[:1] == wanted[:1]
        and written.endswith(_TRADE_ENDS)
        and wanted.casefold() == written.casefold()
        and wanted.partition(" ")[0] == written.partition(" ")[0]
        and not begins_sentence(item)
    )


def same_case(alias: Alias, written: str) -> bool:
    """Tell whether words are written like an alias, or in capitals."""
    surface = _SPACES.sub(" ", written).replace("\u2011", "-").replace("–", "-")
    wanted = alias.text.rstrip("!.").replace("–", "-")
    if surface.rstrip("!.").replace("-", " ") == wanted.replace("-", " "):
        return True
    # Of an alias that is all capitals only the marks can differ: "D.E." is no "D&E".
    return surface.isupper() and len(surface) > 2 and not wanted.isupper()


def begins_sentence(item: Candidate) -> bool:
    """Tell whether a name is the first word of its sentence, where a capital means nothing."""
    sentences = item.passage.sentences
    if not sentences:
        return True
    sentence = sentences[item.passage.sentence_at(item.start)]
    return not any(char.isalnum() for char in item.passage.text[sentence.start : item.start])


def is_headline(passage: Passage) -> bool:
    """Tell whether a title has capitals on most of its longer words."""
    if passage.field != "title":
        return False
    words = re.findall(r"[^\W\d_]{4,}", passage.text)
    capitals = sum(1 for word in words if word[0].isupper())
    return capitals * 3 >= len(words) * 2


def inside_person(item: Candidate) -> bool:
    """Tell whether the model reads a person's name there that begins with another word."""
    for entity in item.passage.entities:
        if entity.start > item.start:
            return False
        if entity.end >= item.end and entity.label == "PERSON":
            return " " in item.passage.text[entity.start : item.start]
    return False
