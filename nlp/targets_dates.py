"""Dates as sentences tell them, of what is to come, and each as a value: "2026", "2026-Q4", "2026-12"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from market.dates import month_number
from market.numbers import numbers_in
from nlp.patterns import Folded
from nlp.stems import may_match

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


def _by_first(words: Iterable[str]) -> str:
    """Alternatives in groups by their first letter: so the search passes over most places at once."""
    groups = groupby(sorted(words, key=lambda word: word[0]), key=lambda word: word[0])
    return "|".join(f"{first}(?:{'|'.join(word[1:] for word in group)})" for first, group in groups)


_MONTHS = frozenset(_MONTH.split("|"))
_SMALL_MONTHS = frozenset(map(str.lower, _MONTHS))
_ANCHOR = Folded(
    _by_first(
        (
            *(r"20\d\d", "year", r"months?\b", "quarter", "q[1-4]", "spring", "summer", r"fall\b", "autumn"),
            *("winter", "holiday", "half of"),
            *_HOLIDAY.split("|"),
            *(rf"{name[0]}(?<=\b{name[0]}){name[1:]}\b" for name in _MONTH.lower().split("|")),
        )
    )
)
"""What every date holds; the full pattern is tried around these only."""
_AROUND = 34
_LONGEST = 96
"""Months; more is the life of a loan or a lease."""


def dates_in(sentence: str) -> Iterator[re.Match[str]]:
    """Yield the dates of a sentence in order, sought around what each of them holds."""
    if not may_match(sentence, "dates", "told"):
        return
    windows: list[list[int]] = []
    for anchor in _ANCHOR.finditer(sentence):
        if anchor.group() in _SMALL_MONTHS and sentence[anchor.start() : anchor.end()] not in _MONTHS:
            # "It may march on."
            continue
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


def value_of(match: re.Match[str], published: datetime | None) -> str | None:
    """Return a date as coarse as it is told; None where only the missing day of publication would tell."""
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
