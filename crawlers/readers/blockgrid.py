"""A grid made of blocks instead of a table: plans as rows, or names, speeds and prices in a row each."""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement

from crawlers.readers.grid import MAX_CELLS, Grid
from crawlers.readers.sheet import TokenSheet

MAX_WRAPPERS = 4
"""Elements around a row's cells that are looked through."""
Row = list[HtmlElement]
_NO_ROW = frozenset({"dl", "table", "nav", "header", "footer", "aside"})


def read_blocks(element: HtmlElement, sheet: TokenSheet) -> Grid | None:
    """Return the grid that an element's children make as rows, and theirs as cells, or None.

    They do where all rows with a price or a speed have as many cells, no cell holds a plan of its own, and
    either the first row is a header above values, or names, speeds and prices stand in a row each.
    """
    rows = [cells_of(row, sheet) for row in element if row in sheet.flat.spans and row.tag not in _NO_ROW]
    widths = Counter(len(row) for row in rows if any(_bears(cell, sheet) for cell in row))
    if len(widths) != 1:
        return None
    width = next(iter(widths))
    rows = [row for row in rows if len(row) == width]
    if width < 2 or len(rows) < 2 or len(rows) * width > MAX_CELLS:
        return None
    if any(sheet.whole(cell) for row in rows for cell in row):
        return None
    bearing = [sum(_bears(cell, sheet) for cell in row) for row in rows]
    headed = not bearing[0] and all(bearing[1:])
    parted = not any(any(map(sheet.has_price, row)) and any(map(sheet.has_speed, row)) for row in rows)
    across = sum(count > 1 for count in bearing)
    return Grid(rows) if headed or (parted and across > 1) else None


def cells_of(row: HtmlElement, sheet: TokenSheet) -> Row:
    """Return a row's cells, empty ones too; a wrapper around the row is looked through."""
    for _ in range(MAX_WRAPPERS):
        cells = [cell for cell in row if cell in sheet.flat.spans]
        if len(cells) != 1 or not len(cells[0]) or sheet.text_of(cells[0]) != sheet.text_of(row):
            break
        row = cells[0]
    return cells


def _bears(cell: HtmlElement, sheet: TokenSheet) -> bool:
    return sheet.has_price(cell) or sheet.has_speed(cell)
