"""Whether an alias stands for its company: by its neighbours, then by what the article as a whole says."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from market.companies.lexicon import Alias
from nlp.companies_names import (
    Candidate,
    Context,
    begins_sentence,
    has_case,
    inside_person,
    is_headline,
    neighbours,
)
from nlp.companies_told import ails, is_told, stands_in_list
from nlp.companies_traps import is_other_thing
from nlp.companies_words import word_set

_WORD = re.compile(r"[^\W_]+")
_VERB_ENDINGS = ("s", "ed")
_SHORT_WORD = 4
"""Letters; "red" and "need" are no verbs of the past."""
_LISTED_TRADE = 3
_LEAST_TOLD, _PLAINLY_TOLD = 2, 4
_PER_COMPANY, _MOST_COMPANIES = 2, 2
"""A company surely named is as good a sign of the trade as a telling word, up to so many companies."""
# "Acme, the incumbent, ...": what is said of a company and seldom of a common word.
_APPOSITION = re.compile(r",\s(?:the|an?|which|whose|who|based|owned|headquartered|now|formerly)\b")
# "Acme — $4 million for ...", "Acme: 2,050 locations": an entry of a list of awards or builds.
_ENTRY = re.compile(
    r"(?:\s[A-Z]\w+)?\s?[–—:-]\s[^\n]{0,60}?(?:\$\s?\d|\d[\d,]*\s+(?:locations|homes|addresses|households)\b)"
)


def is_clean(item: Candidate, context: Context) -> bool:
    """Tell whether an unambiguous alias stands for the company and not for a venue or an address."""
    if not has_case(item, context) or is_other_thing(item, context):
        return False
    if item.alias.against and context.words & set(item.alias.against):
        return False
    if not item.alias.checked and (_is_persons(item, context) or _is_called_out(item)):
        return False
    longer = _ends_in_trade(item.alias) and not (is_headline(item.passage) or context.caseless)
    if longer and _is_longer_name(item, *neighbours(item)):
        return False
    return not item.alias.anchored or item.company.id in context.anchors


def _is_persons(item: Candidate, context: Context) -> bool:
    """Tell whether a name without other proof is a person's here: "Mr. Ninebark", "Ann Ninebark"."""
    before, gap, _, _ = neighbours(item)
    return (
        (bool(gap) and before.casefold() in word_set("person_titles"))
        or item.alias.text.casefold() in context.surnames
        or inside_person(item)
    )


def _is_called_out(item: Candidate) -> bool:
    """Tell whether a name of one word is a cry: "Ting!", "Allo? Allo?"."""
    text = item.passage.text
    before = text[max(0, item.start - 1) : item.start]
    if before in ("'", "‘") and before:
        return True
    return text[item.end : item.end + 1] in ("?", "!") and (
        before in ("", "'", '"', "“", "‘") or begins_sentence(item)
    )


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
        neighbours(other)[3].casefold() in word_set("verbs")
        or not (begins_sentence(other) or is_headline(other.passage) or other.shouted)
        for other in same
    )


def agrees(item: Candidate, context: Context) -> bool:
    """Decide an ambiguous alias by its neighbours, then by what the article as a whole says."""
    if not has_case(item, context) or is_other_thing(item, context):
        return False
    before, before_gap, gap, after = neighbours(item)
    alias, name = item.alias, item.alias.text.casefold()
    following = after.casefold()
    titled = bool(before_gap) and before.casefold() in word_set("person_titles")
    if titled or before == "&" or inside_person(item):
        return False
    free_case = item.shouted or context.caseless or is_headline(item.passage)
    if not free_case and _is_longer_name(item, before, before_gap, gap, after):
        return False
    if item.company.id in context.anchors:
        return True
    if name in context.surnames or context.words & set(alias.against):
        return False
    if _is_officials(item, following, context):
        return False
    if not context.small and is_told(item, context):
        return True
    if context.small and context.trade and ails(item):
        return True
    if alias.anchored:
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
        (context.trade < _LISTED_TRADE and not (context.brief and starts))
        or not has_case(item, context)
        or is_other_thing(item, context, listed=True)
    ):
        return False
    _, _, gap, after = neighbours(item)
    if gap == " " and after[:1].isupper():
        return False
    if inside_person(item) or item.alias.text.casefold() in context.surnames:
        return False
    return stands_in_list(item, starts, ends, context)


def _is_briefly_told(item: Candidate, trade: int, context: Context) -> bool:
    """Tell whether the words beside a name suffice in a text of few sentences, where `trade` is low.

    What only a provider has follows it, it stands with a capital beside a company surely named, or it does
    what companies do; in a message without capitals, the word before may say that one pays or leaves it.
    """
    before, before_gap, gap, after = neighbours(item)
    previous, following = before.casefold(), after.casefold()
    if gap == " " and following in word_set("things_sure"):
        return trade >= 1
    if gap == " " and following in word_set("things_own") and not context.small:
        return trade >= 1
    if gap == " " and following in word_set("things"):
        return trade >= (3 if context.small else _LEAST_TOLD)
    if following in word_set("providers", "owned_by") and item.passage.text[item.end : item.end + 1] in "'’":
        return trade >= _LEAST_TOLD
    held = bool(before_gap) and previous in word_set("held_by")
    if context.small:
        return trade >= (_LEAST_TOLD if held else _PLAINLY_TOLD) and previous not in word_set("determiners")
    least = _LEAST_TOLD + (
        item.alias.text.casefold() in word_set("surnames") and not (held or context.anchors or context.signs)
    )
    if begins_sentence(item) or context.caseless or is_headline(item.passage):
        return trade >= least and following in word_set("verbs")
    return trade >= least - 1


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
