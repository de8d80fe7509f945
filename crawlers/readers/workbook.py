"""An XLSX workbook's sheets as rows of cells, within limits that are checked before a sheet is unpacked."""

from __future__ import annotations

import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from crawlers.readers.page import Trouble
from crawlers.readers.table import Row

MAX_PARTS = 2_000
"""Files inside the workbook."""
MAX_UNPACKED = 400_000_000
"""Bytes of all of them together; a workbook packs about ten to one."""
MAX_STRINGS = 60_000_000
"""Bytes of the table of strings, which is held in memory."""
MAX_CELLS = 1_000_000
"""Cells of all sheets: the largest provider's label file has some ten
thousand, and a second is needed for seventy thousand."""
MAX_SHEETS = 60
MAX_WIDTH = 400
"""Columns of a sheet that are read."""
MAX_LINES = 1_048_576
"""Lines of a sheet; the format allows no more."""
_CHUNK = 1 << 20
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_REFERENCE = re.compile(rb' r="([A-Z]{1,3})\d')
_UNSTORED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ParseError, OSError, EOFError, RuntimeError,
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError,
)  # fmt: skip
"""What a damaged workbook makes the libraries raise."""


@dataclass
class Sheet:
    """One sheet. `hidden` sheets are read like others; their names are told."""

    name: str
    rows: list[Row]
    hidden: bool = False


@dataclass
class Workbook:
    """What a workbook gave; without sheets when it was not opened, and `troubles` then say why."""

    sheets: list[Sheet] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def read_workbook(body: bytes) -> Workbook:
    """Return the sheets of an XLSX file. Nothing is unpacked to disk, and nothing beyond the limits."""
    book = Workbook()
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            trouble = _refusal(packed)
            if trouble is not None:
                book.troubles.append(trouble)
                return book
            _open(packed, body, book)
    except _BROKEN as error:
        # openpyxl checks little: a part that is missing or holds another type fails somewhere inside of it.
        book.sheets.clear()
        book.troubles.append(_broken(f"{type(error).__name__} {error}"))
    return book


def _broken(why: str) -> Trouble:
    why = " ".join(why.split())[:120]
    return Trouble(
        "xlsx-broken",
        f"The workbook is damaged and was not read ({why}). Fetch it again, or save it anew as XLSX.",
        "error",
    )


def _refusal(packed: zipfile.ZipFile) -> Trouble | None:
    """Return why the packed file must not be opened, judged by its directory alone."""
    parts = packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    outside = [part.filename for part in parts if _leads_outside(part.filename)]
    if outside:
        return Trouble(
            "xlsx-unsafe",
            f"The workbook holds a file whose name leads outside of it ({outside[0][:80]!r}); it was not "
            "opened. Tell the provider.",
            "error",
            {"names": [name[:200] for name in outside[:20]]},
        )
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or strings > MAX_STRINGS:
        return Trouble(
            "xlsx-too-large",
            f"The workbook unpacks to {unpacked:,} bytes in {len(parts):,} files and was not opened; no "
            "price list is as large. Ask for a CSV, or split it.",
            "error",
            {"bytes": unpacked, "files": len(parts)},
        )
    if any(part.flag_bits & 1 for part in parts):
        return Trouble("xlsx-locked", "The workbook is locked by a password; ask for an open one.", "error")
    if not any(_SHEET.match(part.filename) for part in parts):
        return Trouble(
            "labels-format", "The file is a ZIP archive but no XLSX workbook; unpack it first.", "error"
        )
    return None


def _leads_outside(name: str) -> bool:
    steps = re.split(r"[\\/]", name)
    return ".." in steps or name.startswith(("/", "\\")) or ":" in steps[0]


@dataclass
class _Scan:
    """What a sheet's XML tells that the rows do not."""

    cells: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First line, first column, last line, last column; lines from 1, columns from 0."""
    unstored: int = 0
    """Formulas whose result is not kept."""
    width: int = 1
    """Columns, at most MAX_WIDTH."""


def _scan(packed: zipfile.ZipFile, name: str) -> _Scan:
    found = _Scan()
    tail = b""
    with packed.open(name) as handle:
        while chunk := handle.read(_CHUNK):
            whole = tail + chunk
            # Each chunk is cut behind its last whole tag, so that no element is counted twice or missed.
            cut = whole.rfind(b"</c>") + 4 if b"</c>" in whole else whole.rfind(b">") + 1
            part, tail = whole[:cut], whole[cut:][-_CHUNK:]
            _count(part, found)
            if found.cells > MAX_CELLS:
                return found
    _count(tail, found)
    return found


def _count(part: bytes, found: _Scan) -> None:
    found.cells += part.count(b"<c ") + part.count(b"<c>") + part.count(b":c ")
    for letters in set(_REFERENCE.findall(part)):
        found.width = max(found.width, min(MAX_WIDTH, _column(letters) + 1))
    if b"mergeCell " in part:
        found.merged += [(int(m[2]), _column(m[1]), int(m[4]), _column(m[3])) for m in _MERGED.finditer(part)]
    if b"<f" in part or b":f" in part:
        found.unstored += len(_UNSTORED.findall(part))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _open(packed: zipfile.ZipFile, body: bytes, book: Workbook) -> None:
    from openpyxl import load_workbook

    names = [name for name in packed.namelist() if _SHEET.match(name)]
    scans = {}
    cells = 0
    for name in names[: MAX_SHEETS + 1]:
        scans[f"/{name}"] = scans[name] = _scan(packed, name)
        cells += scans[name].cells
        if cells > MAX_CELLS:
            break
    if cells > MAX_CELLS or len(names) > MAX_SHEETS:
        book.troubles.append(
            Trouble(
                "xlsx-too-large",
                f"The workbook holds more than {MAX_CELLS:,} cells or {MAX_SHEETS} sheets and was not read; "
                "split it, or point the source at one part.",
                "error",
                {"cells": cells, "sheets": len(names)},
            )
        )
        return
    with warnings.catch_warnings():
        # openpyxl warns of validations and styles that it leaves out; none of them is a value.
        warnings.simplefilter("ignore")
        opened = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in opened.worksheets:
                scan = scans.get(getattr(sheet, "_worksheet_path", ""), _Scan())
                rows = _merge(list(_rows(sheet, scan.width)), scan)
                book.sheets.append(Sheet(sheet.title, rows, sheet.sheet_state != "visible"))
                if scan.unstored:
                    book.troubles.append(_unstored(sheet.title, scan.unstored))
        finally:
            opened.close()


def _unstored(title: str, count: int) -> Trouble:
    return Trouble(
        "xlsx-formulas",
        f"Sheet {title!r} holds {count} formulas without a stored result; these cells count as empty. Open "
        "the workbook, save it and read it again.",
        data={"sheet": title, "formulas": count},
    )


def _rows(sheet: Any, width: int) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=width), 1):
        if number > MAX_LINES:
            return
        cells = tuple(map(cell_words, values))
        while cells and not cells[-1]:
            cells = cells[:-1]
        if cells:
            yield Row(number, cells, sheet=sheet.title)


def cell_words(value: Any) -> str:
    """Return a cell's value as words: whole numbers without a point, days as 2026-11-24, TRUE and FALSE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Fifteen digits, as spreadsheets show them: 64.99 is stored as 64.989999999999995.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _merge(rows: list[Row], scan: _Scan) -> list[Row]:
    """Give each cell of a merged range the words of its first cell, which alone holds them."""
    if not scan.merged:
        return rows
    by_line = {row.line: at for at, row in enumerate(rows)}
    for top, left, bottom, right in scan.merged:
        first = by_line.get(top)
        if first is None or left >= len(rows[first].cells) or not rows[first].cells[left]:
            continue
        if right - left > MAX_WIDTH:
            continue
        words = rows[first].cells[left]
        for line in range(top, min(bottom, top + len(rows)) + 1):
            at = by_line.get(line)
            if at is not None:
                rows[at] = _filled(rows[at], left, right, words, top)
    return rows


def _filled(row: Row, left: int, right: int, words: str, top: int) -> Row:
    cells = [*row.cells, *[""] * (right + 1 - len(row.cells))]
    moved: Mapping[int, tuple[int, int]] = row.moved
    for at in range(left, right + 1):
        if (row.line, at) != (top, left) and not cells[at]:
            cells[at] = words
            moved = {**moved, at: (top, left)}
    return Row(row.line, tuple(cells), row.broken, row.part, row.sheet, moved)
