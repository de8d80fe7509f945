"""The cited rows of a label file, as they stand in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from crawlers.readers.labels import read_table
from crawlers.readers.page import decode


class CellView(NamedTuple):
    """One cell; `cited` is True when a quote stands in it."""

    column: str
    value: str
    cited: bool


class RowView(NamedTuple):
    """A row by the 1-based line it begins on."""

    line: int
    cells: tuple[CellView, ...]


def cited_rows(body: bytes, cited: Collection[tuple[int, str]]) -> list[RowView]:
    """Return the rows of a label file that `cited` names by (line, column header), without empty cells."""
    found = read_table(decode(body).replace("\x00", "")) if cited else None
    if found is None:
        return []
    lines = {line for line, _ in cited}
    rows = []
    for columns, row in found.rows:
        if row.line in lines:
            names = [
                *columns.names,
                *(f"column {at + 1}" for at in range(len(columns.names), len(row.cells))),
            ]
            cells = (CellView(n, v, (row.line, n) in cited) for n, v in zip(names, row.cells, strict=False))
            rows.append(RowView(row.line, tuple(cell for cell in cells if cell.value.strip())))
    return rows
