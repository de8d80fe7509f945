"""A delimited text file as rows of cells with their line numbers, through quoting slips and glued headers."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MAX_SPAN = 200
"""A quoted cell that runs over more lines is a quote that was never closed."""


@dataclass(frozen=True)
class Row:
    """One record of the file."""

    line: int
    """1-based physical line on which it begins."""
    cells: tuple[str, ...]
    broken: str = ""
    """What is wrong with its quoting; "" when nothing is."""
    pointer: str | None = None
    """Where the row stands in a JSON file (RFC 6901); None for a row of a delimited file."""
    quotes: Mapping[str, str] = field(default_factory=dict)
    """A JSON row's values by name, as they are quoted."""
    steps: Mapping[str, str] = field(default_factory=dict)
    """Where each of them stands below `pointer`."""


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
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        row, used = _row(lines, at, delimiter)
        yield row
        at += used


def _lines(text: str) -> list[str]:
    # str.splitlines would also split at form feeds and U+2028, which are characters of cells.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _row(lines: list[str], at: int, delimiter: str) -> tuple[Row, int]:
    line = lines[at]
    try:
        return Row(at + 1, _one([line], delimiter, strict=True)), 1
    except csv.Error as error:
        if "unexpected end" not in str(error):
            return _lenient(line, at, delimiter)
    quotes = line.count('"')
    for end in range(at + 1, min(len(lines), at + MAX_SPAN)):
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
