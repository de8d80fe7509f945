"""Terms as sources write them, in months."""

from __future__ import annotations

import re

from market.celltext import cell_text

_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24, "thirty-six": 36,
}  # fmt: skip
NUMBER_WORD = "|".join(sorted(_WORD_NUMBERS, key=len, reverse=True))
TERM = (
    r"(?P<figure>\d{1,3}|"
    + NUMBER_WORD
    + r")\s*(?:\(\d+\))?\s*[-‑ ]?\s*(?P<unit>months?|mos?\b\.?|mths?|years?|yrs?\b\.?)"
)
"""A term in a regular expression, with the groups `figure` and `unit`."""
_TERM = re.compile(
    r"^(?:first|for|up to)?\s*" + TERM + r"\s*(?:term|contract|agreement|commitment)?\s*[*†.]*$",
    re.IGNORECASE,
)
_NO_TERM = re.compile(
    r"^(?:no (?:annual )?(?:contracts?|term|commitment)(?: required)?|month[- ]to[- ]month|none)\.?$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^\d{1,3}(?:\.0+)?$")


def term_months(figure: str, unit: str) -> int | None:
    """Return the months that a term's figure ("12", "two") and unit ("months", "yr") make; None for 0."""
    count = int(figure) if figure.isdigit() else _WORD_NUMBERS.get(figure.lower())
    if not count:
        return None
    return count * 12 if unit.lower().startswith("y") else count


def parse_term(raw: str) -> int | None:
    """Return the months that a whole cell states: "12", "12 months", "2 years", "month-to-month" (0); or
    None.
    """
    text = cell_text(raw)
    if not text or len(text) > 60:
        return None
    if _NO_TERM.match(text):
        return 0
    if _BARE.match(text):
        return int(text.split(".")[0])
    found = _TERM.match(text)
    return term_months(found["figure"], found["unit"]) if found else None
