"""When a build is to be finished, as coarse as the text says, and whether the text dates its announcement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from market.numbers import numbers_in
from nlp.patterns import pattern
from nlp.stems import may_match
from nlp.targets_dates import dates_in, value_of

_UNTIL = re.compile(r"(?i)\b(?:until|till|before)\b[^,;.]{0,25}$")
_PAST = re.compile(
    r"(?i)(?<!\bbe )\b(?:said|told|announced|approved|awarded|finished|completed|began|started|wrote|"
    r"built|opened|voted|signed|won|came|left|was|were)\s+(?:\w+\s+){0,2}$"
)
_CLAUSES = re.compile(r"[,;:]\s|\b(?=(?:which|who)\b)")
_PAST_CLAUSE = re.compile(
    r"(?i)(?:which|who|it|he|she|they)\s+(?:\w+ )?(?:took|bought|sold|gave|got|went|had|held|paid|[a-z]+ed)\b"
)
_PHASE_ONE = re.compile(
    r"(?i)\W{0,3}(?:the |in )?(?:(?:phase|stage) (?:one|1|i)|(?:first|initial) (?:phase|stage|leg))\b"
)
_ROW = re.compile(r"\s[/|]\s[^/|]*\s[/|]\s|^\W{0,4}[A-Z][\w.’'& -]{2,40}(?:,\s[A-Z][\w. ]+)?: (?:about )?\d")
"""A line of a table, or of a list of places and their figures: its dates need no word of the future."""
_DATELINE = 60
_DATELINE_END = re.compile(r"\s*(?:\([^)]{2,30}\)\s*)?(?:/|[–—-])")
_CLAUSE = 110


@dataclass(frozen=True, slots=True)
class Target:
    """A date to come: "2026", "2026-Q4", "2026-12"; offsets count from the sentence's start."""

    value: str
    start: int
    end: int
    is_end: bool
    """False when it says when work begins or a part is done."""
    is_span: bool = False
    """True for "over the next two years": any date goes before it."""
    is_last: bool = False
    """True where the words say that all is done by then."""


def announced_today(sentence: str) -> bool:
    """Tell whether a sentence says that its news is of the day of publication."""
    words = ("dates", "announced")
    return may_match(sentence, *words) and pattern(*words).search(sentence) is not None


@lru_cache(maxsize=32)
def targets(sentence: str, published: datetime | None) -> tuple[Target, ...]:
    """Return the dates by which a sentence says that something will be done or begin.

    A month or season without a year is the next one after the day of publication, "next year" needs that day
    too. Dates before it are history; those of prices, deals and of the whole company are left out.
    """
    found: list[Target] = []
    dates = tuple(dates_in(sentence))
    row = bool(dates) and _ROW.search(sentence) is not None
    for match in dates:
        before = sentence[max(0, match.start() - _CLAUSE) : match.start()]
        after = sentence[match.end() : match.end() + 60]
        words = match.group(0)
        if not (row or pattern("dates", "future").search(f"{before} {words} {after}")):
            continue
        value = value_of(match, published)
        if value is None or (published is not None and _is_past(value, published)):
            continue
        if match["bare_month"] and found and len(found[-1].value) == len(value) and value < found[-1].value:
            # "the first in September and the last in May": the May after that September.
            value = f"{int(value[:4]) + 1}{value[4:]}"
        if match["day"] and _is_of_publication(match, value, published):
            continue
        if _is_of_other_matter(before, after, words):
            continue
        if (match["bare_month"] or match["bare_season"]) and (_PAST.search(before) or _is_told_past(before)):
            continue
        near = before[-80:] + words
        begins = pattern("dates", "begins").search(near)
        done = pattern("dates", "done").search(near)
        clause = re.split(r"[;,]\s", before)[-1] + words
        last = pattern("dates", "last").search(clause) is not None
        starts = begins is not None and (done is None or begins.start() > done.start())
        part = pattern("dates", "part")
        starts = starts or (not last and (part.search(clause) or _PHASE_ONE.match(sentence)) is not None)
        is_span = (match["count"] or match["one_year"]) is not None
        found.append(
            Target(
                value,
                match.start(),
                match.end(),
                not starts,
                is_span and not last,
                last and not starts and not is_span,
            )
        )
    return tuple(found)


def _is_past(value: str, published: datetime) -> bool:
    if int(value[:4]) != published.year:
        return int(value[:4]) < published.year
    if value[5:6] == "Q":
        return int(value[6]) < (published.month + 2) // 3
    return len(value) >= 7 and int(value[5:7]) < published.month


def _is_told_past(before: str) -> bool:
    """Tell whether the clause of a date without a year is about the past: "which took a stake in March"."""
    clause = _CLAUSES.split(before)[-1]
    return _PAST_CLAUSE.match(clause) is not None and pattern("dates", "future").search(clause) is None


def _is_of_publication(match: re.Match[str], value: str, published: datetime | None) -> bool:
    """Tell whether a day is that of the news, or lies before it, or stands in a dateline."""
    if _DATELINE_END.match(match.string, match.end()) and match.start() < _DATELINE:
        return True
    same_month = published is not None and value == f"{published.year}-{published.month:02d}"
    return same_month and published is not None and int(match["day"]) <= published.day


def _is_of_other_matter(before: str, after: str, words: str) -> bool:
    clause = re.split(r"[;:]\s|[,–—-]\s(?=(?:and|but|which|who|adding|up|with)\b)|[–—]", before)[-1]
    if pattern("dates", "other").search(f"{clause.rsplit(', ', 1)[-1]} {words} {after[:30]}"):
        return True
    if pattern("dates", "denied").search(clause) and not _UNTIL.search(f"{before} {words[:8]}"):
        return True
    wide = f"{clause} {after[:20]}"
    return pattern("context", "scope").search(wide) is not None or any(
        number.value >= 1_000_000 and not number.is_money for number in numbers_in(clause)
    )
