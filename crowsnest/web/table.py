"""The cited rows of a label file, as they stand in it: delimited text, a workbook's sheet, JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from crawlers.readers.columns import Columns
from crawlers.readers.labelfile import file_tables
from crawlers.readers.labelproof import column_name, place_of
from crawlers.readers.table import Row
from market.records.evidence import Locator


class CellView(NamedTuple):
    """One cell; `cited` is True when a quote stands in it."""

    column: str
    value: str
    cited: bool


class RowView(NamedTuple):
    """A row by its place in words: "Line 7", "Sheet 'Rates', line 7"."""

    place: str
    cells: tuple[CellView, ...]


def cited_rows(body: bytes, cited: Collection[Locator]) -> list[RowView]:
    """Return the rows of a label file that hold a cited cell, without their empty cells."""
    if not cited:
        return []
    found = []
    for table in file_tables(body).found:
        for columns, row in table.rows:
            cells = tuple(_cells(columns, row, cited))
            if any(cell.cited for cell in cells):
                found.append(RowView(row.place, tuple(cell for cell in cells if cell.value.strip())))
    return found


def _cells(columns: Columns, row: Row, cited: Collection[Locator]) -> Iterator[CellView]:
    for at, words in enumerate(row.cells):
        place = place_of(columns, row, at)
        known = at < len(columns.names)
        name = column_name(columns.names, at) if known else f"column {at + 1}"
        yield CellView(name, words, known and place is not None and place[1] in cited)
