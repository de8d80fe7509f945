"""Whether a capitalised phrase is a network operator's name: by its last words and what stands beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from nlp.companies_told import offers
from nlp.companies_words import word_set
from nlp.document import Passage
from nlp.providers_names import bare_name, is_cooperative
from nlp.providers_signs import described, introduced, is_awarded

# What is said of a name that acts, and not of a kind of thing ("Acme Valley Internet users").
_DOES = re.compile(
    r"[’']s\s|,\s(?:which|an?|the|who)\s|\s(?!(?:and|or|in|of|for|at|on|to|by|with|from|as|users|providers|companies|"
    r"industry|policy|infrastructure|equipment|law|degree|director|manager|officer|workers|towers?)\b)[a-z]{2,}\b"
)
_PROGRAMME = re.compile(
    r"['’]?s?\s(?:\w+\s)?(?:programs?|grants?|initiative|fund|money|act|plan)\b", re.IGNORECASE
)
_TITLE_LIKE = 0.6
_LONGEST_HEADLINE = 220
LEAST = 2
_NEVER = 1_000


def is_operator(passage: Passage, start: int, end: int, trade: int, beside: bool) -> bool:
    """Tell whether the phrase at start..end names an operator; `beside` when a known one stands next to it.

    `trade` is how plainly the article is about networks: the less, the more the name itself must tell.
    """
    text = passage.text
    following = re.match(r"\s(and\s|&\s)?([A-Z][\w-]+)((?: [A-Z][\w-]+){0,2})", text[end : end + 70])
    if following:
        rest = {word.casefold() for word in following.group(3).split()} | {following.group(2).casefold()}
        if following.group(1):
            if rest & word_set("providers", "exclude"):
                return False
        elif following.group(2).casefold() not in word_set("followers"):
            return False
    words = [word.casefold() for word in re.findall(r"[\w-]+", bare_name(text[start:end]))]
    longer = [word for word in text[start:end].split() if len(word) > 4]
    shouted = sum(map(str.isupper, longer))
    own_capitals = shouted == 1 and text[start:end].split()[0].isupper() and _is_within(passage, start)
    if (
        (0 < shouted < len(longer) and not own_capitals)
        or len(words) < 2
        or all(word in word_set("providers", "generic") for word in words)
        or text[end : end + 1] in ("™", "®")
        or set(words[1:-1]) & word_set("leaders")
    ):
        return False
    awarded = is_awarded(text, start, end)
    telephone = _is_telephone_company(words)
    headline = not (awarded or (telephone and shouted)) and _is_in_headline(text, start, end)
    if headline and not _is_alone(text, start, end):
        return False
    endings = word_set("providers", "strong")
    strong = words[-1] in endings or bool({"cooperative", "co-op", "coop"} & set(words))
    strong = strong or (words[-1] in word_set("providers", "forms") and words[-2] in endings)
    strong = strong or is_cooperative(words)
    common = (
        word_set("providers", "generic")
        | word_set("states")
        | endings
        | word_set("providers", "weak")
        | word_set("providers", "forms")
    )
    proper = sum(word not in common for word in words)
    if strong:
        # "Acme Telephone Cooperative" and "Fox Lake Fiber" can be nothing else.
        telling = len(endings & set(words)) + len({"cooperative", "co-op", "coop"} & set(words))
        least = 2 if proper > 1 else 3 if proper or telling > 1 or words[-1] not in endings else _NEVER
        sure = awarded or telling > 1 or beside
        return (
            trade >= least
            or (trade >= LEAST and sure)
            or (proper > 0 and telephone)
            or (proper > 1 and words[-1] == "telephone")
            or is_described(passage, start, end)
        )
    telling_end = words[-1] in word_set("providers", "telling") or (
        words[-1] == "connect" and proper > 1 and not _PROGRAMME.match(text, end)
    )
    if is_described(passage, start, end) or (awarded and (telling_end or trade >= 3)):
        return True
    if proper and words[-1] in word_set("providers", "serving") and offers(text, end):
        return True
    if _ends_person(passage, end) and not beside:
        return telling_end and trade >= (3 if proper > 1 else 6) and words[-1] != "cable"
    told = proper > 1 and (beside or _DOES.match(text, end, end + 30) is not None)
    return telling_end and trade >= (LEAST if told else 3 if proper > 1 else 6)


def _ends_person(passage: Passage, end: int) -> bool:
    """Tell whether the model's name of a person ends at a position."""
    at = bisect_left(passage.entities, end, key=attrgetter("end"))
    entity = passage.entities[at] if at < len(passage.entities) else None
    return entity is not None and entity.end == end and entity.label == "PERSON"


def is_described(passage: Passage, start: int, end: int) -> bool:
    """Tell whether the words right behind or before a name call it an operator."""
    after = passage.text[end : end + 140].split("\n")[0]
    before = passage.text[max(0, start - 60) : start]
    return bool(described().match(after) or introduced().search(before))


def _is_telephone_company(words: Sequence[str]) -> bool:
    """Tell whether a name says so itself: "Acme Telephone Company", "Acme Rural Telephone"."""
    if "telephone" not in words:
        return False
    at = words.index("telephone")
    forms, kinds = word_set("providers", "telephone_forms"), word_set("providers", "telephone_kinds")
    behind = words[at + 1 : at + 2]
    return bool(set(behind) & forms) or (not behind and words[at - 1] in kinds)


def _is_within(passage: Passage, start: int) -> bool:
    """Tell whether a position stands within a sentence, small letters before it."""
    sentence = passage.sentences[passage.sentence_at(start)]
    return any(char.islower() for char in passage.text[sentence.start : start])


def _is_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name is the whole of its line or of its cell in a row, as in a signature or a table."""
    before = max(text.rfind(mark, 0, start) for mark in ("\n", "|", "\t", ": "))
    ends = [at for mark in ("\n", "|", "\t", ";") if (at := text.find(mark, end)) >= 0]
    line = text[before + 1 : min(ends, default=len(text))]
    return before >= 0 and line.strip() == text[start:end].strip()


def _is_in_headline(text: str, start: int, end: int) -> bool:
    """Tell whether a name stands in a line most of whose words have capitals, where they mean nothing."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)].rstrip()
    if len(line) > _LONGEST_HEADLINE or line.endswith((".", ".”", '."')):
        return False
    letters = re.findall(r"[^\W\d_]{4,}", line)
    return len(letters) > 3 and sum(word[0].isupper() for word in letters) > _TITLE_LIKE * len(letters)
