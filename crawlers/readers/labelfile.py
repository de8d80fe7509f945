"""A label file's tables, whatever it is written in: delimited text, XLSX, JSON or the tables of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawlers.readers.grid import read_grid
from crawlers.readers.labelgrid import Found
from crawlers.readers.labeljson import read_json_table
from crawlers.readers.labeljsonfile import json_trouble
from crawlers.readers.labeloptions import find_labels
from crawlers.readers.labelproof import place_of
from crawlers.readers.labeltable import read_table
from crawlers.readers.labeltext import encoding_trouble, text_of
from crawlers.readers.page import Page, Trouble, decode
from crawlers.readers.table import Row
from crawlers.readers.visible import css_path, visible_text
from crawlers.readers.workbook import Sheet, read_workbook
from market.records import Cell, CssPath

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Tables:
    """The tables of a file that hold labels, and what is to be said of the others."""

    found: list[Found] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether the file could not be opened."""
        return any(trouble.level == "error" for trouble in self.troubles)


def is_workbook(body: bytes) -> bool:
    """Say whether a body is a ZIP file, as XLSX workbooks are."""
    return body[:4] == b"PK\x03\x04"


def is_page(body: bytes) -> bool:
    """Say whether a body begins like HTML."""
    return decode(body[:2000]).lstrip("\ufeff \t\r\n")[:1] == "<"


def file_tables(body: bytes) -> Tables:
    """Return the tables of a delimited file, a workbook or a JSON file."""
    if is_workbook(body):
        return _workbook_tables(body)
    if body.startswith(_OLE):
        return Tables(
            troubles=[
                Trouble(
                    "labels-format",
                    "The file is a workbook of the old kind (XLS) or locked by a password, and was not read. "
                    "Save it as XLSX without a password, or ask for a CSV.",
                    "error",
                )
            ]
        )
    text, other = text_of(body)
    text = text.replace("\x00", "").lstrip("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        found, trouble = read_json_table(text), json_trouble(text)
    else:
        found, trouble = read_table(text), None
    tables = Tables([found] if found is not None else [], [trouble] if trouble is not None else [])
    if other:
        tables.troubles.append(encoding_trouble(other))
    return tables


def _workbook_tables(body: bytes) -> Tables:
    book = read_workbook(body)
    tables = Tables(troubles=book.troubles)
    shown = [(sheet, find_labels(sheet.rows)) for sheet in book.sheets if not sheet.hidden]
    hidden = [sheet for sheet in book.sheets if sheet.hidden]
    if hidden and not any(found for _, found in shown):
        shown, hidden = [(sheet, find_labels(sheet.rows)) for sheet in book.sheets], []
    tables.found.extend(found for _, found in shown if found is not None)
    passed = [sheet for sheet, found in shown if found is None and sheet.rows]
    if hidden:
        tables.troubles.append(_hidden(hidden))
    if passed and tables.found:
        tables.troubles.append(
            Trouble(
                "sheets-passed",
                "Sheets without the columns of a label were passed over; read them where a plan is missing: "
                f"{', '.join(repr(sheet.name) for sheet in passed)}.",
                "info",
                {"sheets": {sheet.name: len(sheet.rows) for sheet in passed}},
            )
        )
    return tables


def _hidden(sheets: list[Sheet]) -> Trouble:
    return Trouble(
        "sheets-hidden",
        f"{len(sheets)} hidden sheets were not read: {', '.join(repr(sheet.name) for sheet in sheets)}. Show "
        "them in the workbook if their plans count.",
        data={"sheets": {sheet.name: len(sheet.rows) for sheet in sheets}},
    )


def page_tables(page: Page) -> Iterator[Found]:
    """Yield the tables of a page that list labels; the place of a cell is its CSS path."""
    if page.tree is None:
        return
    line = 0
    for table in page.tree.iter("table"):
        rows = table_rows(table, line)
        line += len(rows)
        found = find_labels(rows)
        if found is not None:
            yield found


def table_rows(table: HtmlElement, before: int) -> list[Row]:
    """Return the rows of a page's table, numbered behind `before`; a cell over several stands in each."""
    grid = read_grid(table)
    if grid is None:
        return []
    words: dict[HtmlElement, tuple[str, CssPath]] = {}
    rows = []
    for number, line in enumerate(grid.rows, before + 1):
        for cell in line:
            if cell not in words:
                words[cell] = (visible_text(cell), CssPath(path=css_path(cell)))
        proofs = tuple(words[cell] for cell in line)
        rows.append(Row(number, tuple(text for text, _ in proofs), proofs=proofs))
    return rows


class CellIndex:
    """The cells of a file's tables by their place."""

    def __init__(self, tables: Tables) -> None:
        self._lines: dict[tuple[str, int], list[tuple[Found, int]]] = {}
        for found in tables.found:
            for at, (_, row) in enumerate(found.rows):
                for line in _lines_of(row):
                    self._lines.setdefault((row.sheet, line), []).append((found, at))

    def words(self, where: Cell) -> str | None:
        """Return what stands in a cell, or None when the file has none there."""
        for found, number in self._lines.get((where.sheet, where.row), ()):
            columns, row = found.rows[number]
            for at in range(min(len(row.cells), len(columns.names))):
                place = place_of(columns, row, at)
                if place is not None and place[1] == where:
                    return place[0]
        return None


def _lines_of(row: Row) -> set[int]:
    if row.proofs is None:
        return {row.line, *(line for line, _ in row.moved.values())}
    return {proof[1].row for proof in row.proofs if proof is not None and isinstance(proof[1], Cell)}
