"""When a build is to be done, in the words of the quote that says so: never finer or other than they are."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

_MONTHS = {name[:3].casefold(): number for number, name in enumerate(calendar.month_name) if name}
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
# A season or half as the quarter that the tagger files it under.
_SEASONS = {"spring": 2, "summer": 3, "fall": 4, "autumn": 4}
_HALVES = {"first": 2, "second": 4}
_WHEN = re.compile(
    r"""
    (?:(?:the[ ])?(?:early|mid|late|(?:end|close|start|beginning|middle)[ ]of(?:[ ]the)?)[ -])?
    (?:
        (?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?
          |oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?:[ ](?P<day>\d{1,2})(?:st|nd|rd|th)?)?(?:[ ]of|,)?[ ]
      | (?:the[ ])?(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)[ -]quarter(?:[ ]of|,)?[ ]
      | (?P<q>q[1-4])(?:[ ]of|,)?[ ]?
      | (?P<season>spring|summer|fall|autumn)(?:[ ]of|,)?[ ]
      | (?:the[ ])?(?P<half>first|second)[ ]half(?:[ ]of|,)?[ ]
    )?
    \b(?P<year>20\d\d)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def target_words(target: str, quotes: Sequence[str]) -> str:
    """Return the words by which a quote gives `target` ("2027", "2027-Q3", "2027-05", "2027-12-31").

    "2027-Q3" is "summer of 2027" where the quote says so. Without such words it is the year alone, which a
    quote of another wording may still hold.
    """
    for quote in quotes:
        plain = " ".join(quote.split())
        for match in _WHEN.finditer(plain):
            if _means(match) == target:
                return re.sub(r"^the\s+", "", match.group(), flags=re.I)
    return target[:4]


def _means(match: re.Match[str]) -> str:
    """Return a date expression as a fact writes it."""
    year = match["year"]
    if match["month"]:
        month = f"{year}-{_MONTHS[match['month'][:3].casefold()]:02d}"
        return f"{month}-{int(match['day']):02d}" if match["day"] else month
    if match["quarter"]:
        return f"{year}-Q{_QUARTERS[match['quarter'].casefold()]}"
    if match["q"]:
        return f"{year}-Q{match['q'][1]}"
    if match["season"]:
        return f"{year}-Q{_SEASONS[match['season'].casefold()]}"
    if match["half"]:
        return f"{year}-Q{_HALVES[match['half'].casefold()]}"
    return str(year)
