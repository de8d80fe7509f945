"""The cited rows of a table file, as they stand in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from typing import NamedTuple

csv.field_size_limit(10_000_000)


class CellView(NamedTuple):
    """One cell; `cited` is True when a quote stands in it."""

    column: str
    value: str
    cited: bool


class RowView(NamedTuple):
    """A row by the 1-based line it begins on."""

    line: int
    cells: tuple[CellView, ...]


def cited_rows(text: str, cited: Collection[tuple[int, str]]) -> list[RowView]:
    """Return the rows of CSV `text` that `cited` names by (line, column header), whole and in order.

    Columns compare without outer blanks. A row the CSV rules cannot part into cells is left out.
    """
    lines = {line for line, _ in cited}
    wanted = {(line, column.strip()) for line, column in cited}
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows: list[RowView] = []
    header: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if begins == 1:
                header = [cell.strip() for cell in cells]
            elif begins in lines:
                named = [
                    (header[at] if at < len(header) else f"column {at + 1}", value)
                    for at, value in enumerate(cells)
                ]
                rows.append(
                    RowView(
                        begins, tuple(CellView(n, v, (begins, n) in wanted) for n, v in named if v.strip())
                    )
                )
            begins = reader.line_num + 1
    except csv.Error:
        return rows
    return rows
