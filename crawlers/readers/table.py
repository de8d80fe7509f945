"""A delimited text file as rows of cells with their line numbers, through quoting slips and glued headers."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from market.records.evidence import Locator

MAX_SPAN = 200
"""A quoted cell that runs over more lines is a quote that was never closed."""

MAX_OPEN = 200
"""After so many of those the ends of further ones are not looked for: each search reads MAX_SPAN lines."""


@dataclass(frozen=True)
class Row:
    """One record of the file."""

    line: int
    """1-based physical line on which it begins; the record's number in JSON, the row's in a workbook."""
    cells: tuple[str, ...]
    broken: str = ""
    """What is wrong with its quoting; "" when nothing is."""
    part: str = ""
    """What tells it from other records of the same line and sheet: its column where columns are records."""
    sheet: str = ""
    """The sheet of a workbook."""
    moved: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Cells that stand elsewhere (merged ones), by index: their line and index."""
    proofs: tuple[tuple[str, Locator] | None, ...] | None = None
    """Of each cell its words and their place; None where a cell's place follows from its line and column."""

    named: str = ""
    """The record's place in words where it is no line of a file: "Page 2, line 7"."""

    option: str = ""
    """The heading of its price where a record's line has one a choice: "12 Months"."""

    @property
    def place(self) -> str:
        """The record's place in words: "Line 7", "Sheet 'Rates', line 7, column C"."""
        if self.named:
            return self.named
        where = f"Sheet {self.sheet!r}, line {self.line}" if self.sheet else f"Line {self.line}"
        return f"{where}, {self.part}" if self.part else where


def _one(lines: list[str], delimiter: str, *, strict: bool) -> tuple[str, ...]:
    """Return the only record of `lines`; raises csv.Error when they hold an open quote, a slip or more
    records.
    """
    rows = list(csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=True))
    if len(rows) != 1:
        raise csv.Error(f"{len(rows)} records")
    return tuple(rows[0])


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the records of `text` in order; blank lines are left out.

    A record with an unclosed quote is `broken` and ends with its own line, so that the next is read again.
    """
    lines = _lines(text)
    at, open_quotes = 0, 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        row, used = _row(lines, at, delimiter, MAX_SPAN if open_quotes < MAX_OPEN else 1)
        open_quotes += bool(row.broken)
        yield row
        at += used


def _lines(text: str) -> list[str]:
    # str.splitlines would also split at form feeds and U+2028, which are characters of cells.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _row(lines: list[str], at: int, delimiter: str, span: int) -> tuple[Row, int]:
    line = lines[at]
    try:
        return Row(at + 1, _one([line], delimiter, strict=True)), 1
    except csv.Error as error:
        if "unexpected end" not in str(error):
            return _lenient(line, at, delimiter)
    quotes = line.count('"')
    for end in range(at + 1, min(len(lines), at + span)):
        quotes += lines[end].count('"')
        if quotes % 2:
            continue
        whole = [part + "\n" for part in lines[at : end + 1]]
        whole[-1] = whole[-1][:-1]
        try:
            return Row(at + 1, _one(whole, delimiter, strict=True)), end + 1 - at
        except csv.Error:
            continue
    cells = tuple(cell.strip().strip('"') for cell in line.split(delimiter))
    return Row(at + 1, cells, "a quote is opened and never closed"), 1


def _lenient(line: str, at: int, delimiter: str) -> tuple[Row, int]:
    try:
        return Row(at + 1, _one([line], delimiter, strict=False)), 1
    except csv.Error as error:
        return Row(at + 1, tuple(line.split(delimiter)), str(error)), 1
