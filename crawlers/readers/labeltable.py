"""A delimited label file's header and rows, found by the names of its columns, also where lines are glued."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crawlers.readers.columnnames import names_column, slot_of
from crawlers.readers.columns import Columns, looks_like_header
from crawlers.readers.gluednames import cut_glued_header, cut_glued_row, unglue
from crawlers.readers.labelgrid import HEADER_LINES, Found, header_of, is_header
from crawlers.readers.labeloptions import by_option, find_labels
from crawlers.readers.table import Row, read_rows

DELIMITERS = (",", ";", "\t", "|")
VERTICAL_LINES = 400
"""So many lines tell by which delimiter names and values are parted where each has a line."""


def read_table(text: str) -> Found | None:
    """Return the header of a label file and its rows, or None when no line is one.

    The delimiter is the one under which the header has most known names. A header that comes again (files
    joined together) starts anew; one glued to a row is cut from it. Files that give each value a line, and
    those whose columns are plans, are turned.
    """
    lines = text.split("\n")
    head = "\n".join(lines[:HEADER_LINES])
    delimiter = _delimiter(head, tuple) or _delimiter(head, unglue)
    if delimiter is not None:
        found = _below_header(list(read_rows(text, delimiter)))
        if found is not None:
            return found
    for delimiter in DELIMITERS:
        if by_option(list(read_rows(head, delimiter))) is not None:
            found = by_option(list(read_rows(text, delimiter)))
            if found is not None:
                return found
    delimiter = _vertical_delimiter("\n".join(lines[:VERTICAL_LINES]))
    return find_labels(list(read_rows(text, delimiter))) if delimiter is not None else None


def _below_header(rows: list[Row]) -> Found | None:
    for at, row in enumerate(rows[:HEADER_LINES]):
        cells, first = row.cells, None
        fits = _fits(len(cells), rows[at + 1 :])
        told = header_of(rows, at) if fits else None
        if told is not None and told[1] == 2:
            return Found(told[0], list(_under(told[0], rows[at + 2 :])), rows[:at])
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
        if is_header(columns):
            mended = [cell for cell in cells if cell not in parted]
            if glued:
                mended.append(next(cell for cell in row.cells if cell not in cells))
            return Found(columns, list(_under(columns, below)), rows[:at], tuple(mended))
    return None


def _fits(width: int, rows: list[Row]) -> bool:
    """Say whether most rows have as many cells as the header, in which nothing then is glued together."""
    return sum(len(row.cells) == width for row in rows) * 2 > len(rows)


def _delimiter(head: str, part: Callable[[tuple[str, ...]], tuple[str, ...]]) -> str | None:
    """Return the delimiter under which a line of `head` has most known names (three at least), or None."""
    best: tuple[int, str] = (2, "")
    for delimiter in DELIMITERS:
        for row in read_rows(head, delimiter):
            known = len({slot for cell in part(row.cells[:200]) if (slot := slot_of(cell))})
            if known > best[0]:
                best = (known, delimiter)
    return best[1] or None


def _vertical_delimiter(head: str) -> str | None:
    """Return the delimiter under which the cells beside others are known names most often, or None."""
    best: tuple[int, str] = (1, "")
    for delimiter in DELIMITERS:
        known = sum(
            bool(slot_of(cell))
            for row in read_rows(head, delimiter)
            if len(row.cells) > 1
            for cell in row.cells[:-1][:3]
        )
        if known > best[0]:
            best = (known, delimiter)
    return best[1] or None


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
        if cells[0] and names_column(cells[0]) and looks_like_header(cells):
            again = Columns.of(cells if len(cells) == width else unglue(cells))
            if again.usable:
                columns = again
                continue
        if row.broken or any(cell.strip() for cell in cells):
            yield columns, row
