"""Plan tables whose cells were flattened to text: header cells, then rows of a speed and its prices.

A page's table often reaches a text as one cell a line. The header cells say which column is the regular price
and which one holds for the first year; a row has as many amounts as the header has price cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.document import Span
from nlp.offers_amounts import Amount, amounts, months_of
from nlp.offers_connections import SpeedAt, speeds
from nlp.offers_patterns import pattern

_LINE = re.compile(r"[^\n]+")
_TERM = re.compile(r"\b(\d{1,2})[\s-]?(yr|year|mo|month)s?\b", re.IGNORECASE)
_LONGEST_CELL = 60
_MOST_COLUMNS = 6
_LEAST_COLUMNS = 2
_BAR = re.compile(r"[|\t]")
_MONTHLY = re.compile(r"month|/\s?mo\b|\bper\smo\b", re.IGNORECASE)
_RULE = re.compile(r"[\s|:+=-]*")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,5}")
_ROW = 200
"""Characters within which a row's prices follow its speed."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One plan of a table; positions are those of the text."""

    start: int
    end: int
    down_mbps: float | None
    monthly_cents: int | None
    promo_cents: int | None
    promo_months: int | None
    header_start: int
    header_end: int
    up_mbps: float | None = None


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


Cell = tuple[int, int, str]
"""Where a cell's words start and end, and they."""


def grid_rows(text: str) -> Iterator[TableRow]:
    """Yield the plans of tables whose cells stand side by side, between bars or tabs, in order.

    The header's words say what a column holds: a table without a price among them is none of plans.
    """
    if "|" not in text and "\t" not in text:
        return
    columns: dict[str, int] = {}
    header, last = Span(0, 0), -1
    for line in _LINE.finditer(text):
        if "|" not in line.group() and "\t" not in line.group():
            continue
        cells = _cells(text, line)
        if len(cells) < _LEAST_COLUMNS:
            continue
        if line.start() > last + _ROW:
            columns = {}
        if not amounts(text, line.start(), line.end()):
            if not _RULE.fullmatch(line.group()) and (found := _columns(cells)):
                columns, header = found, Span(line.start(), line.end())
            last = line.end() if columns else last
        elif columns and (row := _grid_row(text, cells, columns, header)):
            last = line.end()
            yield row


def _cells(text: str, line: re.Match[str]) -> list[Cell]:
    """Return the cells of a line, without the empty ones before its first bar and behind its last."""
    ends = [bar.start() for bar in _BAR.finditer(text, line.start(), line.end())]
    found = []
    for start, end in zip([line.start(), *(end + 1 for end in ends)], [*ends, line.end()], strict=True):
        words = text[start:end].strip(" *")
        first = start + (text[start:end].index(words) if words else 0)
        found.append((first, first + len(words), words))
    return found[not found[0][2] : len(found) - (not found[-1][2])]


def _columns(cells: Sequence[Cell]) -> dict[str, int]:
    """Return the columns by what they hold; none where no column holds prices or two cannot be told apart."""
    found: dict[str, int] = {}
    for number, (_, _, words) in enumerate(cells[: _MOST_COLUMNS + 2]):
        for name in ("fee", "up", "promo", "regular", "price", "down"):
            if pattern("table", "column", name).search(words):
                found.setdefault(name, number)
                break
    if "price" not in found and "regular" not in found:
        return {}
    return found


def _grid_row(text: str, cells: Sequence[Cell], columns: dict[str, int], header: Span) -> TableRow | None:
    def cents(name: str) -> int | None:
        number = columns.get(name, len(cells))
        told = amounts(text, *cells[number][:2]) if number < len(cells) else []
        return told[0].cents or None if len(told) == 1 else None

    def fastest(name: str) -> SpeedAt | None:
        number = columns.get(name, len(cells))
        if number >= len(cells):
            return None
        start, end, words = cells[number]
        if _FIGURE.fullmatch(words) and "mbps" in text[header.start : header.end].lower():
            return SpeedAt(start, end, float(words.replace(",", "")), None)
        return next(iter(speeds(text, start, end)), None)

    down, up = fastest("down"), fastest("up")
    if down is None:
        down = next((found for cell in cells[:2] for found in speeds(text, *cell[:2])), None)
    regular, promo = cents("regular") or cents("price"), cents("promo")
    if "regular" in columns and "price" in columns and promo is None and cents("regular"):
        price = cents("price")
        promo = price if price and regular and price < regular else None
    name, row = text[header.start : header.end], text[cells[0][0] : cells[-1][1]]
    if not (regular or promo):
        return None
    if down is None and (
        "down" in columns or not _MONTHLY.search(name + row) or pattern("clause_not").search(row)
    ):
        # A table of prices without speed is one of plans only if it says that they are a month's.
        return None
    term = _TERM.search(name) if promo else None
    return TableRow(
        start=cells[0][0],
        end=cells[-1][1],
        down_mbps=down.down if down else None,
        monthly_cents=regular,
        promo_cents=promo,
        promo_months=months_of(term[1], "year" if term[2].lower().startswith("y") else "month")
        if term
        else None,
        header_start=header.start,
        header_end=header.end,
        up_mbps=(up.up or up.down) if up else down.up if down else None,
    )
