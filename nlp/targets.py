"""When a build is to be finished, as coarse as the text says, and whether the text dates its announcement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from market.dates import month_number
from market.numbers import numbers_in
from nlp.patterns import may_match, pattern, plain

_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SEASONS = {"winter": 1, "spring": 2, "summer": 3, "fall": 4, "autumn": 4}
_HOLIDAYS = {
    "easter": 4, "memorial day": 5, "independence day": 7, "fourth of july": 7, "labor day": 9,
    "halloween": 10, "veterans day": 11, "thanksgiving": 11, "christmas": 12, "holidays": 12,
    "holiday season": 12, "new year's": 12, "new year’s": 12,
}  # fmt: skip
_HOLIDAY = "|".join(re.escape(name) for name in sorted(_HOLIDAYS, key=len, reverse=True))
_LEAD = (
    r"(?:by|before|until|till|this|next|come|through|in|late|early|mid|end\s+of|start\s+of|middle\s+of|around"
    r"|beginning|and|date:|for)"
)
_NUMBER = "two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty-four|thirty-six"

_DATE = re.compile(
    rf"""
    (?P<day_month>\b(?-i:{_MONTH}))\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<day_year>20\d\d)
  | (?P<month>\b(?-i:{_MONTH}))\.?(?:\s+of)?,?\s+(?P<month_year>20\d\d|(?:this|next)\s+year)
  | (?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter(?:\s+of)?\s+
    (?P<quarter_year>20\d\d|(?:this|next)\s+year)
  | \b(?P<q>Q[1-4])\s*(?:of\s+)?,?\s*(?P<q_year>20\d\d|(?:this|next)\s+year)
  | (?P<season>winter|spring|summer|fall|autumn)(?:\s+of)?\s+(?P<season_year>20\d\d|(?:this|next)\s+year)
  | (?P<half>first|second)\s+half(?:\s+of)?\s+(?P<half_year>20\d\d|(?:this|next)\s+year)
  | (?P<holiday>{_HOLIDAY})\b(?:\s+(?:of\s+)?(?P<holiday_year>20\d\d))?
  | (?P<year_holiday>20\d\d)\s+(?P<holiday_after>holidays|holiday\s+season)
  | (?:(?:the\s+)?(?:end|close|early|late|mid|middle|beginning|start)[ -](?:of\s+)?(?:the\s+)?(?:year\s+)?)?
    (?<![\d,$.])(?P<year>20[0-4]\d)(?![\d%]|,\d)(?!\s+(?:homes|addresses|locations|households|miles|premises))
  | (?P<part_relative>end|close|later)\s+(?:of\s+)?(?:this|the|next)\s+year
  | (?P<that>(?:end|close)\s+of\s+that\s+year)
  | (?P<year_end>year[- ]end|year['’]s\s+end|the\s+year\s+is\s+(?:out|over)|the\s+end\s+of\s+the\s+year)
  | (?P<from_now>(?:a|one|(?P<years_from>\d|{_NUMBER}))\s+years?\s+from\s+(?:now|today)
      |this\s+time\s+next\s+year)
  | \b{_LEAD}\s+(?:the\s+)?(?:(?:this|next|late|early|mid|end\s+of|start\s+of|first\s+week\s+of)[ -]+)*
    (?:(?P<bare_month>(?-i:{_MONTH}))\b\.?
      (?!(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,?)?(?:\s+of)?,?\s+\d{{4}})(?:\s+\d{{1,2}}\b)?
      | (?P<bare_season>winter|spring|summer|fall|autumn)\b
        (?!(?:\s+of)?,?\s+(?:\d{{4}}|(?:this|next)\s+year)))
  | \b(?P<relative>(?:(?:later|by|before|sometime|through|until|of)\s+)this\s+year|next\s+year)\b(?!['’]s)
  | \b(?:within|in(?:\s+(?:about|roughly|some))?|over(?:\s+the\s+(?:next|coming))?|in\s+the\s+next
      |take(?:s|n)?(?:\s+about)?|needs?(?:\s+about)?|lasts?|another|ha[sd]|have|given)\s+(?:the\s+next\s+)?
    (?P<count>\d+|{_NUMBER})[ -](?P<unit>years?|months?)\b
  | \b(?:within|in|takes?|needs?|lasts?)(?:\s+(?:about|roughly|some))?\s+(?P<one_year>an?\s+year)\b(?!\s+ago)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANCHOR = re.compile(
    rf"20\d\d|year|months?\b|quarter|Q[1-4]|spring|summer|fall\b|autumn|winter|holiday|half of|{_HOLIDAY}"
    rf"|\b(?-i:{_MONTH})\b",
    re.IGNORECASE,
)
"""What every date holds; the full pattern is tried around these only."""
_DATED = (
    *(
        "20",
        "year",
        "month",
        "quarter",
        "spring",
        "summer",
        "fall",
        "autumn",
        "winter",
        "holiday",
        "half of",
        " q",
    ),
    *_HOLIDAYS,
    *(name.lower() for name in _MONTH.split("|")),
)
"""One of these stands in every sentence with a date: looking for them first is much faster."""
_AROUND = 34
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
_ROW = re.compile(r"\s[/|]\s[^/|]*\s[/|]\s")
"""A line of a table: its dates need no word of the future."""
_DATELINE = 60
_DATELINE_END = re.compile(r"\s*(?:\([^)]{2,30}\)\s*)?(?:/|[–—-])")
_CLAUSE = 110
_LONGEST = 96
"""Months; more is the life of a loan or a lease."""


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
    return may_match(plain(sentence), *words) and pattern(*words).search(sentence) is not None


@lru_cache(maxsize=32)
def targets(sentence: str, published: datetime | None) -> tuple[Target, ...]:
    """Return the dates by which a sentence says that something will be done or begin.

    A month or season without a year is the next one after the day of publication, "next year" needs that day
    too. Dates before it are history; those of prices, deals and of the whole company are left out.
    """
    lowered = sentence.lower()
    if not any(map(lowered.__contains__, _DATED)):
        return ()
    found: list[Target] = []
    row = _ROW.search(sentence) is not None
    for match in _dates(sentence):
        before = sentence[max(0, match.start() - _CLAUSE) : match.start()]
        after = sentence[match.end() : match.end() + 60]
        words = match.group(0)
        if not (row or pattern("dates", "future").search(f"{before} {words} {after}")):
            continue
        value = _value(match, published)
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


def _dates(sentence: str) -> Iterator[re.Match[str]]:
    """The dates of a sentence in order, sought around what each of them holds."""
    windows: list[list[int]] = []
    for anchor in _ANCHOR.finditer(sentence):
        low, high = max(0, anchor.start() - _AROUND), anchor.end() + _AROUND
        if windows and low <= windows[-1][1]:
            windows[-1][1] = high
        else:
            # A window begins with a word.
            while low < anchor.start() and low and sentence[low - 1].isalnum():
                low += 1
            windows.append([low, high])
    for low, high in windows:
        yield from _DATE.finditer(sentence, low, high)


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


def _value(match: re.Match[str], published: datetime | None) -> str | None:
    """The date as coarse as it is told; None where only the missing day of publication would tell."""
    if match["day_year"]:
        return f"{match['day_year']}-{month_number(match['day_month']):02d}"
    for name in ("month", "quarter", "q", "season", "half", "holiday"):
        if match[name] and (name != "holiday" or match["holiday_year"]):
            year = _year(match[f"{name}_year"], published)
            return f"{year}-{_part(name, match[name])}" if year else None
    if match["year_holiday"]:
        return f"{match['year_holiday']}-12"
    if match["year"]:
        return match["year"]
    if match["that"]:
        years = re.findall(r"\b20\d\d\b", match.string[: match.start()])
        return years[-1] if years else None
    if published is None:
        return None
    if match["holiday"]:
        return _next(_HOLIDAYS[match["holiday"].lower()], published)
    if match["bare_month"]:
        month = month_number(match["bare_month"]) or 1
        if re.search(r"\bnext\s", match.group(0), re.IGNORECASE):
            return f"{published.year + 1}-{month:02d}"
        return _next(month, published)
    if match["bare_season"]:
        return _next_season(match["bare_season"].lower(), published, "next" in match.group(0).lower())
    if match["from_now"]:
        ahead = int(next(iter(numbers_in(match["years_from"]))).value) if match["years_from"] else 1
        return f"{published.year + ahead}-{published.month:02d}"
    if match["one_year"]:
        return str(published.year + 1)
    if match["count"]:
        count = int(next(iter(numbers_in(match["count"]))).value)
        months = count * (12 if match["unit"].lower().startswith("year") else 1)
        if months > _LONGEST:
            return None
        return str(published.year + (published.month - 1 + months) // 12)
    return str(published.year + ("next" in match.group(0).lower()))


def _part(name: str, word: str) -> str:
    word = word.lower()
    if name == "month":
        return f"{month_number(word) or 1:02d}"
    if name == "holiday":
        return f"{_HOLIDAYS[word]:02d}"
    if name == "half":
        return f"Q{2 if word == 'first' else 4}"
    if name == "q":
        return word.upper()
    return f"Q{_QUARTERS[word] if name == 'quarter' else _SEASONS[word]}"


def _next(month: int, published: datetime) -> str:
    return f"{published.year + (month < published.month)}-{month:02d}"


def _next_season(season: str, published: datetime, is_next: bool) -> str:
    """ "This summer" is the coming one; "next summer" in June, as summer begins, that of the next year."""
    quarter = _SEASONS[season]
    now = (published.month + 2) // 3
    begun = quarter == now or (quarter == now + 1 and published.month % 3 == 0)
    return f"{published.year + (quarter < now or (is_next and begun))}-Q{quarter}"


def _year(text: str, published: datetime | None) -> int | None:
    if text[:2] == "20":
        return int(text)
    if published is None:
        return None
    return published.year + (1 if text.lower().startswith("next") else 0)
