"""A label file's header and rows: found by the names of its columns, through joined and glued lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.readers.columns import (
    Columns,
    cut_glued_header,
    cut_glued_row,
    looks_like_header,
    slot_of,
    unglue,
)
from crawlers.readers.table import Row, read_rows

HEADER_LINES = 20
"""The header stands within the first so many records."""


@dataclass(frozen=True)
class Found:
    """A header and the rows below it."""

    columns: Columns
    rows: list[tuple[Columns, Row]]
    preamble: list[Row]
    mended: tuple[str, ...] = ()
    """Header cells in which names of columns, or a row, were glued together and have been parted."""


def read_table(text: str) -> Found | None:
    """Return the header of a label file and its rows, or None when no line is one.

    The delimiter is the one under which the header has most known names. A header that comes again (files
    joined together) starts anew; one glued to a row is cut from it.
    """
    delimiter = _delimiter("\n".join(text.split("\n")[:HEADER_LINES]))
    if delimiter is None:
        return None
    rows = list(read_rows(text, delimiter))
    for at, row in enumerate(rows[:HEADER_LINES]):
        cells, first = row.cells, None
        fits = _fits(len(cells), rows[at + 1 :])
        glued = None if fits else cut_glued_header(cells)
        if glued:
            cells, first = glued[0], Row(row.line, glued[1], row.broken)
        parted = cells if fits else unglue(cells)
        below = [first, *rows[at + 1 :]] if first else rows[at + 1 :]
        if below and len(below[0].cells) > len(parted):
            # The rows tell that names are missing, so a name known by some of its words may be two names.
            doubted = unglue(cells, doubted=True)
            parted = doubted if len(doubted) == len(below[0].cells) else parted
        columns = Columns.of(parted)
        if columns.usable:
            mended = [cell for cell in cells if cell not in parted]
            if glued:
                mended.append(next(cell for cell in row.cells if cell not in cells))
            return Found(columns, list(_under(columns, below)), rows[:at], tuple(mended))
    return None


def _fits(width: int, rows: list[Row]) -> bool:
    """Say whether most rows have as many cells as the header, in which nothing then is glued together."""
    return sum(len(row.cells) == width for row in rows) * 2 > len(rows)


def _delimiter(head: str) -> str | None:
    """Return the delimiter under which a line of `head` has most known names (three at least), or None."""
    for part in (tuple, unglue):
        best: tuple[int, str] = (2, "")
        for delimiter in (",", ";", "\t", "|"):
            for row in read_rows(head, delimiter):
                known = sum(bool(slot_of(cell)) for cell in part(row.cells[:200]))
                if known > best[0]:
                    best = (known, delimiter)
        if best[1]:
            return best[1]
    return None


def _under(columns: Columns, rows: list[Row]) -> Iterator[tuple[Columns, Row]]:
    width = len(columns.names)
    first = columns.names[0]
    for row in rows:
        cells = row.cells
        if len(cells) > width:
            glued = cut_glued_row(cells, first)
            if glued:
                yield columns, Row(row.line, glued[0], row.broken)
                columns = Columns.of(unglue(glued[1]))
                continue
        if cells[0] and slot_of(cells[0]) is not None and looks_like_header(cells):
            again = Columns.of(cells if len(cells) == width else unglue(cells))
            if again.usable:
                columns = again
                continue
        if any(cell.strip() for cell in cells):
            yield columns, row
