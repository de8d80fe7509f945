"""What all values have in common: a cell's words, figures, and lists packed into one cell."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

NOTHING = frozenset(
    {"", "null", "none", "n/a", "na", "nan", "-", "--", "\u2013", "\u2014", "not applicable", "nil", "#n/a"}
)
"""What a cell says when it says nothing (lower case)."""

_EXCEL = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
"""A figure in a regular expression, with commas between thousands."""
RANGE = r"(?:-|–|—|−|\bto\b|\bthrough\b)"
"""What stands between the ends of a range, in a regular expression."""


@lru_cache(maxsize=8192)
def cell_text(raw: str) -> str:
    """Return a cell's words: blanks collapsed, NULs, BOMs and Excel's ="..." taken off; "" for NULL, N/A."""
    text = " ".join(raw.replace("\x00", "").replace("\ufeff", "").replace("\u200b", "").split())
    excel = _EXCEL.match(text)
    if excel:
        text = " ".join(excel[1].replace('""', '"').split())
    return "" if text.lower() in NOTHING else text


def decimal(figure: str) -> Decimal | None:
    """Return a figure such as "1,234.50" or "8.95" as a Decimal; None when it is none."""
    if not re.fullmatch(FIGURE, figure.strip()):
        return None
    try:
        return Decimal(figure.strip().replace(",", ""))
    except InvalidOperation:
        return None


def split_list(raw: str) -> list[str]:
    """Return the entries of a packed cell, parted by ";" or "|" or line breaks; blank entries are kept."""
    text = cell_text(re.sub(r"[\r\n]+", ";", raw.strip("\r\n ")))
    if not text:
        return []
    return [cell_text(entry) for entry in re.split(r"\s*[;|]\s*", text.rstrip(";| "))]
