"""When a build is to be finished, as coarse as the text says, and whether the text dates its announcement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from nlp.patterns import pattern

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SEASONS = {"spring": 2, "summer": 3, "fall": 4, "autumn": 4}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_DATE = re.compile(
    rf"""
    (?P<day_month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<day_year>20\d\d)
  | (?P<month>{_MONTH})\.?(?:\s+of)?,?\s+(?P<month_year>20\d\d)
  | (?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter(?:\s+of)?\s+
    (?P<quarter_year>20\d\d|(?:this|next)\s+year)
  | (?P<q>[Qq][1-4])\s*(?:of\s+)?,?\s*(?P<q_year>20\d\d)
  | (?P<season>spring|summer|fall|autumn)(?:\s+of)?\s+(?P<season_year>20\d\d)
  | (?P<half>first|second)\s+half(?:\s+of)?\s+(?P<half_year>20\d\d)
  | (?:(?:the\s+)?(?:end|close|early|late|mid|middle|beginning|start)[ -](?:of\s+)?(?:the\s+)?(?:year\s+)?)?
    (?P<year>20\d\d)
  | (?P<part_relative>end|close|later)\s+(?:of\s+)?(?:this|the)\s+year
  | (?P<relative>next\s+(?:year|spring|summer|fall))
  | (?P<that>(?:end|close)\s+of\s+that\s+year)
  | (?P<year_end>year[- ]end|the\s+end\s+of\s+the\s+year)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A date to come: "2026", "2026-Q4", "2026-12", "2026-12-31"; offsets count from the sentence's start."""

    value: str
    start: int
    end: int
    is_end: bool
    """False when it says when work begins."""


def announced_today(sentence: str) -> bool:
    """Tell whether a sentence says that its news is of the day of publication."""
    return pattern("dates", "announced").search(sentence) is not None


@lru_cache(maxsize=32)
def targets(sentence: str, published: datetime | None) -> tuple[Target, ...]:
    """Return the dates by which a sentence says that something will be done or begin.

    A year alone needs a word of the future beside it; "next year" needs the day of publication. Dates before
    the day of publication are history and left out.
    """
    if "20" not in sentence and "year" not in sentence and "next " not in sentence:
        return ()
    found = []
    for match in _DATE.finditer(sentence):
        before = sentence[max(0, match.start() - 110) : match.start()]
        if not pattern("dates", "future").search(before + " " + sentence[match.end() : match.end() + 25]):
            continue
        value = _value(match, published)
        if value is None or (published and int(value[:4]) < published.year):
            continue
        if published and len(value) >= 7 and value[5] != "Q" and value[:7] < published.date().isoformat()[:7]:
            continue
        near = before[-70:]
        begins = pattern("dates", "begins").search(near)
        done = pattern("dates", "done").search(near)
        if begins and (done is None or begins.start() > done.start()):
            found.append(Target(value, match.start(), match.end(), False))
        elif done or pattern("dates", "expected").search(near):
            found.append(Target(value, match.start(), match.end(), True))
    return tuple(found)


def _value(match: re.Match[str], published: datetime | None) -> str | None:
    if match["day_year"]:
        return f"{match['day_year']}-{_MONTHS[match['day_month'].lower()]:02d}-{int(match['day']):02d}"
    if match["month_year"]:
        return f"{match['month_year']}-{_MONTHS[match['month'].lower()]:02d}"
    if match["quarter_year"]:
        year = _year(match["quarter_year"], published)
        return f"{year}-Q{_QUARTERS[match['quarter'].lower()]}" if year else None
    if match["q_year"]:
        return f"{match['q_year']}-Q{match['q'][1]}"
    if match["season_year"]:
        return f"{match['season_year']}-Q{_SEASONS[match['season'].lower()]}"
    if match["half_year"]:
        return f"{match['half_year']}-Q{2 if match['half'].lower() == 'first' else 4}"
    if match["year"]:
        return match["year"]
    if match["that"]:
        years = re.findall(r"\b20\d\d\b", match.string[: match.start()])
        return years[-1] if years else None
    if published is None:
        return None
    return str(published.year + (1 if (match["relative"] or "").lower().startswith("next") else 0))


def _year(text: str, published: datetime | None) -> int | None:
    if text[:2] == "20":
        return int(text)
    if published is None:
        return None
    return published.year + (1 if text.lower().startswith("next") else 0)
