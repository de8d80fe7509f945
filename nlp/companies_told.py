"""What a sentence says of an operator and of nothing else: a description, a service, a list, an outage.

By these signs names that are common words ("Liberty", "Surf", "Mint") count without a clear name of the same
company in the article.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from nlp.companies_names import Candidate, Context, begins_sentence, neighbours
from nlp.companies_words import alternatives, word_set

_LIST_GAP, _LONGEST_ASIDE = 45, 60
# "Acme, up in Palmerton, and Visionary": a list whose names have words of their own.
_ASIDE = r",\s[^,;.\n]{1,50},\s(?:and|or)\s"
# "Comcast, Acme and Visionary": what stands between the names of one list.
_BETWEEN = (
    r"(?:\s\$\d[\d.]*|\s\([^()\n]{1,30}\))?"
    r"(?:[,;]\s(?:and\s|or\s)?|[/–-]|"
    r"\s(?:and|or|nor|vs\.?|versus|&|as well as|rather than|instead of|than|against|with)\s)"
)
_LISTED, _LISTED_BEFORE = re.compile(rf"(?:['’]s)?{_BETWEEN}"), re.compile(rf"{_BETWEEN}$")
_ASIDE_BEHIND, _ASIDE_BEFORE = re.compile(_ASIDE), re.compile(rf"{_ASIDE}$")
# "dropped Acme for Visionary": so in messages without capitals.
_CHANGED = re.compile(r"\s(?:for|to|over|than|from)\s")
_CHANGED_BEFORE = re.compile(r"\s(?:for|to|over|than|from)\s$")
_OWNED = re.compile(r"[’']s\s(?:own\s)?([a-z]+)\b(?!\s(?:arm|subsidiary|unit|affiliate|partner|brand)\b)")
# "Acme-owned", "Acme-branded": only what is a company is said to own.
_HELD = re.compile(r"-(?:owned|backed|branded|built|controlled|operated|run|affiliated)\b")


@lru_cache(maxsize=1)
def _described() -> re.Pattern[str]:
    """Match ", the Butler cable company": few words before the kind, none that begins a clause."""
    kinds, what = alternatives("providers", "descriptor_kinds"), alternatives("told", "what")
    between = r"(?:(?!(?:of|in|with|where|whose|and|that|near|for)\b)[\w’'&.-]+\s){0,4}?"
    return re.compile(
        rf"(?:,|\s[–—]|\sis|\swas|,\s(?:which|once|now)\s(?:is|was)?)\s?(?:the|an?|our|its|[\w.-]+[’']s)\s{between}"
        rf"(?:(?:{kinds})\s(?:and\s[\w-]+\s)?(?:[\w-]+\s)?(?:{what})|{alternatives('told', 'sure')})\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _introduced() -> re.Pattern[str]:
    kinds, what = alternatives("providers", "descriptor_kinds"), alternatives("told", "what")
    sure = alternatives("told", "sure")
    return re.compile(rf"\b(?:(?:{kinds})\s(?:[\w-]+\s)?(?:{what})|{sure}),?\s$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _serves() -> re.Pattern[str]:
    """Match "had restored cable", "sells a gig", "is trenching in": what operators do, and to what."""
    verbs, objects = alternatives("told", "verbs"), alternatives("told", "objects")
    customers = alternatives("told", "customers")
    clause = r"(?:,\s[^,;.\n]{1,60},|,\s(?:which|who))?"
    helpers = rf"(?:(?:{alternatives('told', 'helpers')})\s)"
    return re.compile(
        rf"{clause}\s{helpers}{{0,4}}"
        rf"(?:(?:{verbs})\s(?:[\w’'$%.,/-]+\s){{0,5}}?(?:[\d.]+-)?(?:{objects})\b"
        rf"|(?:{alternatives('told', 'customer_verbs')})\s(?:[\w’'$%.,-]+\s){{0,3}}?(?:{customers})\b"
        rf"|(?:{alternatives('told', 'digs')})\b)"
    )


@lru_cache(maxsize=1)
def _ails() -> re.Pattern[str]:
    """Match "is down", "been out", "service keeps dropping", as one writes of a line that fails."""
    words = alternatives("told", "ails")
    return re.compile(
        rf"\s(?:(?:is|was|has|been|keeps|went|goes|service|internet|wifi|just|really|so|all|be|going)\s){{0,4}}(?:{words})\b"
    )


def is_told(item: Candidate, context: Context) -> bool:
    """Tell whether the words right beside a name say that it is an operator's.

    The article must use a word or two of the trade; a description needs none but its own.
    """
    text = item.passage.text
    trade = context.trade
    before, before_gap, gap, after = neighbours(item)
    # "The Rise, a rooftop bar": what has an article is a thing.
    if not trade or (before_gap and before.casefold() in word_set("determiners")):
        return False
    # "from Ripple fiber": the name's own next word, in small letters.
    rest = item.company.name.casefold().removeprefix(item.alias.text.casefold()).strip()
    if gap == " " and rest and after == rest and not begins_sentence(item):
        return True
    if _described().match(text, item.end, item.end + 90) is not None:
        return True
    if _HELD.match(text, item.end) is not None:
        return True
    if _introduced().search(text[max(0, item.start - 60) : item.start]) is not None:
        return True
    if trade < 2 and not context.anchors and begins_sentence(item):
        return False
    following = after.casefold()
    if text[item.end : item.end + 1] in ("'", "’"):
        if following in word_set("told", "owned"):
            return True
    elif (
        gap == " "
        and after.islower()
        and (following in word_set("things_sure") or following in word_set("told", "staff"))
    ):
        # "Surf internet forums": what begins a sentence needs another word of the trade.
        return not begins_sentence(item) or bool((context.words - {following}) & word_set("trade_strong"))
    return _serves().match(text, item.end, item.end + 140) is not None


def offers(text: str, end: int) -> bool:
    """Tell whether what follows a name at `end` says that it serves ("sells internet") or owns a network."""
    owned = _OWNED.match(text, end)
    if owned is not None:
        return owned.group(1) in word_set("told", "owned")
    return _serves().match(text, end, end + 140) is not None


def ails(item: Candidate) -> bool:
    """Tell whether what follows a name says that a line or service fails: "is down", "been out"."""
    return _ails().match(item.passage.text, item.end, item.end + 60) is not None


def stands_in_list(item: Candidate, starts: Set[int], ends: Set[int], context: Context) -> bool:
    """Tell whether a name stands in a list right beside one of those that begin and end there."""
    text, start, end = item.passage.text, item.start, item.end
    if is_beside(text, start, end, starts, ends):
        return True
    return context.small and _meets(text, start, end, starts, ends, _CHANGED_BEFORE, _CHANGED)


def is_beside(text: str, start: int, end: int, starts: Set[int], ends: Set[int]) -> bool:
    """Tell whether start..end stands in a list right beside a span that begins or ends as given."""
    return _meets(text, start, end, starts, ends, _LISTED_BEFORE, _LISTED) or _meets(
        text, start, end, starts, ends, _ASIDE_BEFORE, _ASIDE_BEHIND
    )


def _meets(
    text: str,
    start: int,
    end: int,
    starts: Set[int],
    ends: Set[int],
    before: re.Pattern[str],
    behind: re.Pattern[str],
) -> bool:
    left = before.search(text[max(0, start - _LONGEST_ASIDE) : start])
    if left is not None and start - len(left.group()) in ends:
        return True
    right = behind.match(text, end, end + _LONGEST_ASIDE + _LIST_GAP)
    return right is not None and right.end() in starts
