"""Whether an alias stands for its company: by its neighbours, then by what the article as a whole says."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from market.companies.lexicon import Alias, Company
from nlp.companies_words import word_set
from nlp.document import Passage

_WORD = re.compile(r"[^\W_]+")
_NEXT = re.compile(r"(?:['’]s?)?[®™℠*]*([ \u00a0-]|\s*\n\s*|)(\w[\w'’-]*)?")
_PREVIOUS = re.compile(r"([^\W_][\w'’-]*|&)([.]?[ \u00a0-]+)$")
_SPACES = re.compile(r"\s+")
_BRIEF = 80
"""Words; a shorter text shows its trade by fewer signs."""
_VERB_ENDINGS = ("s", "ed")
_SHORT_WORD = 4
"""Letters; "red" and "need" are no verbs of the past."""
_LISTED_TRADE, _LIST_GAP = 3, 8
_LEAST_TOLD, _PLAINLY_TOLD = 2, 4
_PER_COMPANY, _MOST_COMPANIES = 2, 2
"""A company surely named is as good a sign of the trade as a telling word, up to so many companies."""
# "Acme, the incumbent, ...": what is said of a company and seldom of a common word.
_APPOSITION = re.compile(r",\s(?:the|an?|which|whose|who|based|owned|headquartered|now|formerly)\b")
# "Comcast, Acme and Visionary": what stands between the names of one list.
_LISTED = re.compile(r"(?:['’]s)?(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)")
_LISTED_BEFORE = re.compile(r"(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)$")
# "Acme — $4 million for ...", "Acme: 2,050 locations": an entry of a list of awards or builds.
_ENTRY = re.compile(
    r"(?:\s[A-Z]\w+)?\s?[–—:-]\s[^\n]{0,60}?(?:\$\s?\d|\d[\d,]*\s+(?:locations|homes|addresses|households)\b)"
)


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
    size: int = 0
    """Words of title and text."""

    @property
    def brief(self) -> bool:
        """Tell whether the text is so short that few signs must do."""
        return self.size < _BRIEF

    @property
    def trade(self) -> int:
        """See `trade_strength`; a short text also counts what customers and councils talk of."""
        found = strength(self.words)
        return found + len(self.words & word_set("trade_brief")) + self.priced if self.brief else found


def strength(words: Set[str]) -> int:
    """Return how plainly words speak of networks: those of the trade, telling ones twice."""
    return len(words & word_set("trade")) + len(words & word_set("trade_strong"))


def _neighbours(item: Candidate) -> tuple[str, str, str, str]:
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


def _is_address(item: Candidate) -> bool:
    text = item.passage.text
    before, after = text[item.start - 1 : item.start], text[item.end : item.end + 2]
    return (
        before in ("@", "/", "_", "#")
        or (before == "." and text[item.start - 2 : item.start - 1].isalnum())
        or (len(after) == 2 and after[0] in ".@_" and after[1].isalnum() and after[1].islower())
    )


def _is_capitals(item: Candidate) -> bool:
    return item.surface.isupper()


def _has_case(item: Candidate, context: Context) -> bool:
    return item.alias.any_case or context.caseless or same_case(item.alias, item.surface)


def same_case(alias: Alias, written: str) -> bool:
    """Tell whether words are written like an alias, or in capitals."""
    surface = _SPACES.sub(" ", written).replace("\u2011", "-").replace("–", "-")
    wanted = alias.text.rstrip("!.").replace("–", "-")
    if surface.rstrip("!.").replace("-", " ") == wanted.replace("-", " "):
        return True
    return surface.isupper() and len(surface) > 2


def is_clean(item: Candidate, context: Context) -> bool:
    """Tell whether an unambiguous alias stands for the company and not for a venue or an address."""
    if _is_address(item) or not _has_case(item, context):
        return False
    before, before_gap, gap, after = _neighbours(item)
    word = after.casefold()
    if before_gap and before.casefold() in item.alias.not_preceded_by:
        return False
    if item.alias.against and context.words & set(item.alias.against):
        return False
    if not item.alias.checked and _is_persons(item, context):
        return False
    longer = _ends_in_trade(item.alias) and not (_is_headline(item.passage) or context.caseless)
    if longer and _is_longer_name(item, *_neighbours(item)):
        return False
    if gap and (word in item.alias.not_followed_by or (word in word_set("venues") and after[:1].isupper())):
        return False
    return not item.alias.anchored or item.company.id in context.anchors


def _is_persons(item: Candidate, context: Context) -> bool:
    """Tell whether a name without other proof is a person's here: "Mr. Ninebark", "Ann Ninebark"."""
    before, gap, _, _ = _neighbours(item)
    previous = before.casefold()
    return (
        bool(gap) and (previous in item.alias.not_preceded_by or previous in word_set("person_titles"))
    ) or (item.alias.text.casefold() in context.surnames or _inside_person(item))


def _ends_in_trade(alias: Alias) -> bool:
    """Tell whether other names may end in these words of the trade: "Cablevision", "Valley Telephone"."""
    last = alias.text.casefold().rpartition(" ")[2]
    return last in word_set("providers", "strong") or last in word_set("providers", "forms")


def stands_out(item: Candidate) -> bool:
    """Tell whether a name is known to be no common word: of several words, with figures or inner capitals."""
    words = _WORD.findall(item.alias.text)
    plain = len(words) == 1 and item.alias.text.isalpha() and item.alias.text[1:].islower()
    return item.alias.checked or not plain


def speaks_of_company(item: Candidate, clean: Sequence[Candidate], context: Context) -> bool:
    """Tell whether a name of one plain word ("Ninebark") is a company's here, and not a plant's or a team's.

    The article is about networks, or the name stands in capitals within a sentence, or does what companies
    do; where the word also stands in small letters, only the first counts.
    """
    small = item.alias.text.casefold() in context.lower and not context.small
    if context.trade >= (4 if small else 2):
        return True
    same = [other for other in clean if other.company.id == item.company.id]
    return not small and any(
        _neighbours(other)[3].casefold() in word_set("verbs")
        or not (begins_sentence(other) or _is_headline(other.passage) or _is_shouted(other))
        for other in same
    )


def _is_shouted(item: Candidate) -> bool:
    return item.surface.isupper() and not item.alias.text.isupper()


def begins_sentence(item: Candidate) -> bool:
    """Tell whether a name is the first word of its sentence, where a capital means nothing."""
    sentences = item.passage.sentences
    if not sentences:
        return True
    sentence = sentences[item.passage.sentence_at(item.start)]
    return not any(char.isalnum() for char in item.passage.text[sentence.start : item.start])


def _is_headline(passage: Passage) -> bool:
    if passage.field != "title":
        return False
    words = re.findall(r"[^\W\d_]{4,}", passage.text)
    capitals = sum(1 for word in words if word[0].isupper())
    return capitals * 3 >= len(words) * 2


def agrees(item: Candidate, context: Context) -> bool:
    """Decide an ambiguous alias by its neighbours, then by what the article as a whole says."""
    if _is_address(item) or not _has_case(item, context):
        return False
    before, before_gap, gap, after = _neighbours(item)
    alias, name = item.alias, item.alias.text.casefold()
    previous, following = before.casefold(), after.casefold()
    if gap and (
        following in alias.not_followed_by or (following in word_set("venues") and after[:1].isupper())
    ):
        return False
    if before_gap and (previous in alias.not_preceded_by or previous in word_set("person_titles")):
        return False
    if before == "&" or _inside_person(item):
        return False
    shouting = _is_capitals(item) and not alias.text.isupper()
    free_case = shouting or context.caseless or _is_headline(item.passage)
    if not free_case and _is_longer_name(item, before, before_gap, gap, after):
        return False
    if item.company.id in context.anchors:
        return True
    if alias.anchored or name in context.surnames or context.words & set(alias.against):
        return False
    if _is_officials(item, following, context):
        return False
    if name in context.lower and not context.small and (free_case or begins_sentence(item)):
        return False
    brief = context.brief
    telling = following in word_set("staff") or (
        following in word_set("speaks") and not (free_case or begins_sentence(item))
    )
    if telling:
        # Customers are anybody's, crews and technicians are not.
        return context.trade >= (1 if brief and following not in word_set("trade") else 2)
    trade = context.trade + _PER_COMPANY * min(_MOST_COMPANIES, len(context.anchors))
    if brief and _is_briefly_told(item, trade, context):
        return True
    if free_case or begins_sentence(item):
        least = 3 if brief else 5
        return trade >= least and _acts(
            item, following, brief and after.islower(), trade > least and after.islower()
        )
    return trade >= (3 if brief else 4)


def is_listed(item: Candidate, starts: Set[int], ends: Set[int], context: Context) -> bool:
    """Tell whether a doubtful name stands in a list right beside a name that is sure: "Comcast and Acme".

    `starts` and `ends` are those of such names in the same passage; the article must be about networks.
    """
    if (
        (context.trade < _LISTED_TRADE and not (context.brief and context.anchors))
        or _is_address(item)
        or not _has_case(item, context)
    ):
        return False
    _, _, gap, after = _neighbours(item)
    if (gap == " " and after[:1].isupper()) or (gap and after.casefold() in item.alias.not_followed_by):
        return False
    if _inside_person(item) or item.alias.text.casefold() in context.surnames:
        return False
    text = item.passage.text
    before = _LISTED_BEFORE.search(text[max(0, item.start - _LIST_GAP) : item.start])
    if before is not None and item.start - len(before.group()) in ends:
        return True
    behind = _LISTED.match(text, item.end, item.end + _LIST_GAP)
    return behind is not None and behind.end() in starts


def _is_briefly_told(item: Candidate, trade: int, context: Context) -> bool:
    """Tell whether the words beside a name suffice in a text of few sentences, where `trade` is low.

    What only a provider has follows it, it stands with a capital beside a company surely named, or it does
    what companies do; in a message without capitals, the word before may say that one pays or leaves it.
    """
    before, before_gap, gap, after = _neighbours(item)
    previous, following = before.casefold(), after.casefold()
    if gap == " " and following in word_set("things_sure"):
        return trade >= 1
    if gap == " " and following in word_set("things"):
        return trade >= (3 if context.small else _LEAST_TOLD)
    if following in word_set("providers", "owned_by") and item.passage.text[item.end : item.end + 1] in "'’":
        return trade >= _LEAST_TOLD
    held = bool(before_gap) and previous in word_set("held_by")
    if context.small:
        return trade >= (_LEAST_TOLD if held else _PLAINLY_TOLD) and previous not in word_set("determiners")
    least = _LEAST_TOLD + (
        item.alias.text.casefold() in word_set("surnames") and not (held or context.anchors)
    )
    if begins_sentence(item) or context.caseless or _is_headline(item.passage):
        return trade >= least and following in word_set("verbs") - word_set("linking")
    return trade >= least


def _is_officials(item: Candidate, following: str, context: Context) -> bool:
    """Tell whether a name that people bear does what an official does in a text that speaks of officials."""
    return (
        item.alias.text.casefold() in word_set("surnames")
        and following in word_set("official_acts")
        and bool(context.words & word_set("officials"))
    )


def _acts(item: Candidate, following: str, any_verb: bool, after_trade: bool) -> bool:
    """Tell whether what follows a name makes it a company's: a verb, what it has or is, an award.

    Any word that looks like a verb counts with `any_verb`, one of the past with `after_trade`.
    """
    text = item.passage.text
    return (
        following in word_set("verbs")
        or (any_verb and following.endswith(_VERB_ENDINGS))
        or (after_trade and following.endswith("ed") and len(following) > _SHORT_WORD)
        or text[item.end : item.end + 1] in ("'", "’")
        or _APPOSITION.match(text, item.end) is not None
        or _ENTRY.match(text, item.end, item.end + 120) is not None
    )


def _is_longer_name(item: Candidate, before: str, before_gap: str, gap: str, after: str) -> bool:
    following = after.casefold().removesuffix("'s").removesuffix("’s")
    if gap == " " and after[:1].isupper() and following not in word_set("followers") | word_set("states"):
        return True
    if gap == "-" and after[:1].isupper():
        return False
    owner = before.endswith(("'s", "’s"))
    if (
        before_gap == " "
        and before[:1].isupper()
        and not owner
        and before.casefold() not in word_set("leaders")
    ):
        return not before.isupper() or len(before) > 3
    return False


def _inside_person(item: Candidate) -> bool:
    for entity in item.passage.entities:
        if entity.start > item.start:
            return False
        if entity.end >= item.end and entity.label == "PERSON":
            return " " in item.passage.text[entity.start : item.start]
    return False
