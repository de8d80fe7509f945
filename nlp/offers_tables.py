"""Plan tables whose cells were flattened to text: header cells, then rows of a speed and its prices.

A page's table often reaches a text as one cell a line. The header cells say which column is the regular price
and which one holds for the first year; a row has as many amounts as the header has price cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.offers_amounts import Amount, amounts, months_of, pattern, speeds

_LINE = re.compile(r"[^\n]+")
_TERM = re.compile(r"\b(\d{1,2})[\s-]?(yr|year|mo|month)s?\b", re.IGNORECASE)
_LONGEST_CELL = 60
_MOST_COLUMNS = 6
_ROW = 200
"""Characters within which a row's prices follow its speed."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One plan of a table; positions are those of the text."""

    start: int
    end: int
    down_mbps: float
    monthly_cents: int | None
    promo_cents: int | None
    promo_months: int | None
    header_start: int
    header_end: int


def table_rows(text: str) -> Iterator[TableRow]:
    """Yield the plans of flattened tables with more than one price column, in order."""
    header: list[tuple[int, int, str]] = []
    position = 0
    for line in _LINE.finditer(text):
        cell = line.group().strip()
        if not cell or line.start() < position:
            continue
        if len(cell) <= _LONGEST_CELL and "$" not in cell and pattern("table", "price").search(cell):
            if header and _is_row_between(text, header[-1][1], line.start()):
                header = []
            header.append((line.start(), line.end(), cell))
            continue
        if not 2 <= len(header) <= _MOST_COLUMNS or len(cell) > _LONGEST_CELL:
            continue
        speed = next((found for found in speeds(cell, 0, len(cell)) if found.down), None)
        if speed is None or speed.down is None:
            continue
        cells = amounts(text, line.end(), min(len(text), line.end() + _ROW))[: len(header)]
        if len(cells) < len(header) or not _is_bare(text, line.end(), cells):
            continue
        position = cells[-1].end
        yield _row(header, cells, speed.down, line.start() + line.group().index(cell))


def _is_row_between(text: str, start: int, end: int) -> bool:
    return "$" in text[start:end]


def _is_bare(text: str, start: int, cells: list[Amount]) -> bool:
    """Tell whether nothing but blanks stands between the prices of a row."""
    for cell in cells:
        if text[start : cell.start].strip():
            return False
        start = cell.end
    return True


def _row(header: list[tuple[int, int, str]], cells: list[Amount], down: float, start: int) -> TableRow:
    regular: int | None = None
    promo: tuple[int, int] | None = None
    for (_, _, name), cell in zip(header, cells, strict=True):
        term = _TERM.search(name)
        if pattern("table", "regular").search(name):
            regular = cell.cents or None
        elif term and promo is None and cell.cents:
            months = months_of(term.group(1), "year" if term.group(2).lower().startswith("y") else "month")
            promo = (cell.cents, months) if months else None
    return TableRow(
        start=start,
        end=cells[-1].end,
        down_mbps=down,
        monthly_cents=regular,
        promo_cents=promo[0] if promo else None,
        promo_months=promo[1] if promo else None,
        header_start=header[0][0],
        header_end=header[-1][1],
    )
