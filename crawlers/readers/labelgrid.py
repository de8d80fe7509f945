"""Rows of cells as a label table, whichever way it lies: records as rows below a header, records as columns
beside the names of the label's lines, or lines of a name and a value, one label after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crawlers.readers.columnnames import normal, slot_of
from crawlers.readers.columns import Columns, looks_like_header
from crawlers.readers.table import Row
from market.records import Cell

HEADER_LINES = 40
"""The header stands within the first so many records."""
NAME_COLUMNS = 3
"""The names of a label's lines stand in one of the first so many columns."""
MIN_NAMES = 4
"""So many different slots make a column one of names, whatever else is in it; fewer must be half of it."""
_FIRST = frozenset({"plan_id", "provider", "plan", "tier", "connection", "price"})
"""Slots that a label states once; a name of theirs that comes again begins another label."""
_UNIT_LINE = re.compile(
    r"\(?(?:[kmg]bps|[kmg]b(?:it)?s?/s|ms|milliseconds|s|seconds|[mgt]b|usd|us dollars|dollars|cents|cad|eur"
    r"|gbp|(?:us|c)?\$(?:/mo(?:nth)?|/gb)?|months?|years?)\)?",
    re.IGNORECASE,
)
"""A cell of a line of units below the header."""
_UNIT_HEADS = frozenset({"unit", "units", "uom"})
_NOTE_HEADS = frozenset(
    {"note", "notes", "comment", "comments", "description", "source", "required", "instructions", "help"}
)
"""Headings of columns beside the values that hold none."""


@dataclass(frozen=True)
class Found:
    """A header and the rows below it."""

    columns: Columns
    rows: list[tuple[Columns, Row]]
    preamble: list[Row]
    mended: tuple[str, ...] = ()
    """Header cells in which names of columns, or a row, were glued together and have been parted."""
    passed: list[Row] = field(default_factory=list)
    """Lines among the records that hold no cell of a label: headings, notes."""


def header_of(rows: Sequence[Row], at: int) -> tuple[Columns, int] | None:
    """Return the columns of the header that begins at rows[at], of one line or two, and how many they are."""
    cells = rows[at].cells
    columns = Columns.of(cells)
    known, alone = len(columns.slots), is_header(columns)
    if at + 1 < len(rows):
        both = _joined(cells, rows[at + 1].cells)
        if both is not None:
            two = Columns.of(both)
            least = max(known, len(Columns.of(rows[at + 1].cells).slots), 2)
            if two.usable and len(two.slots) > least:
                return two, 2
    if alone and at + 1 < len(rows):
        units = _with_units(cells, rows[at + 1].cells)
        if units is not None:
            return Columns.of(units), 2
    return (columns, 1) if alone else None


def _with_units(names: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return names with the units that the line below them holds and nothing else; None for other lines."""
    told = [cell.strip() for cell in below if cell.strip()]
    if not told or len(below) > len(names) or not all(_UNIT_LINE.fullmatch(cell) for cell in told):
        return None
    units = [*below, *[""] * (len(names) - len(below))]
    return tuple(
        f"{name.strip()} ({unit.strip(' ()')})" if name.strip() and unit.strip() else name
        for name, unit in zip(names, units, strict=True)
    )


def is_header(columns: Columns) -> bool:
    """Say whether the cells of a line name columns; a word or two of a line of values may do so as well."""
    filled = sum(1 for name in columns.names if name.strip())
    return columns.usable and (len(columns.slots) >= 3 or len(columns.unknown) * 2 <= filled)


def _joined(above: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the names of a header of two lines; None when the second line is none.

    A name of the first line stands over its column and the nameless ones behind it.
    """
    named = [cell for cell in below if cell.strip()]
    if not named or any(any(c.isdigit() for c in cell) for cell in named):
        return None
    width = max(len(above), len(below))
    top = [*above, *[""] * (width - len(above))]
    low = [*below, *[""] * (width - len(below))]
    names, over = [], ""
    for first, second in zip(top, low, strict=True):
        over = first.strip() or (over if second.strip() else "")
        inside = second.strip()
        names.append(f"{over} {inside}".strip() if over.lower() != inside.lower() else inside)
    return tuple(names)


def below_header(rows: Sequence[Row]) -> Found | None:
    """Return the labels that are rows below a header; None when no line is one."""
    for at in range(min(len(rows), HEADER_LINES)):
        told = header_of(rows, at)
        if told is None:
            continue
        columns, lines = told
        below = list(under_header(columns, rows[at + lines :]))
        if below:
            return Found(columns, below, list(rows[:at]))
    return None


def under_header(columns: Columns, rows: Sequence[Row]) -> Iterator[tuple[Columns, Row]]:
    """Yield the rows below a header; where it comes again, its columns hold from there on."""
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        if looks_like_header(row.cells):
            again = Columns.of(row.cells)
            if again.usable:
                columns = again
                continue
        yield columns, row


def beside_names(rows: Sequence[Row]) -> Found | None:
    """Return the labels of a table whose lines are the label's: a column of names, and values beside it."""
    best, slots = 0, 0
    for at in range(NAME_COLUMNS):
        told = {slot_of(row.cells[at]) for row in rows if at < len(row.cells) and row.cells[at].strip()}
        count = len(told - {None, ""})
        if count > slots:
            best, slots = at, count
    names = tuple(row.cells[best] for row in rows if best < len(row.cells))
    filled = len({normal(name) for name in names if name.strip()})
    if slots < MIN_NAMES and slots * 2 < filled:
        return None
    if not Columns.of(names).usable:
        return None
    found: list[tuple[Columns, Row]] = []
    passed: list[Row] = []
    for heads, block in _blocks(rows, best, passed):
        found.extend(_records(heads, block, best))
    if not found:
        return None
    return Found(found[0][0], found, [], passed=passed)


def _blocks(rows: Sequence[Row], at: int, passed: list[Row]) -> Iterator[tuple[Row | None, list[Row]]]:
    """Yield the lines of each label with the heading above them; a name that comes again begins a label."""
    heads: Row | None = None
    block: list[Row] = []
    seen: set[str] = set()
    for row in rows:
        name = row.cells[at].strip() if at < len(row.cells) else ""
        slot = slot_of(name) if name else None
        others = [cell for cell in row.cells[at + 1 :] if cell.strip()]
        again = heads is not None and row.cells == heads.cells
        if slot is None and (again or not (name and others and block)):
            if not any(cell.strip() for cell in row.cells):
                continue
            # A heading: of several cells it names the columns below it and ends the label above.
            if others:
                if block:
                    yield heads, block
                heads, block, seen = row, [], set()
            passed.append(row)
            continue
        key = normal(name)
        if key in seen and (slot in _FIRST or key == normal(block[0].cells[at])):
            yield heads, block
            block, seen = [], set()
        block.append(row)
        seen.add(key)
    if block:
        yield heads, block


def _records(above: Row | None, block: Sequence[Row], at: int) -> Iterator[tuple[Columns, Row]]:
    heads = above.cells if above is not None else ()
    names = tuple(row.cells[at] if at < len(row.cells) else "" for row in block)
    columns = Columns.of(names)
    width = max(len(row.cells) for row in block)
    unit = next((i for i in range(at + 1, len(heads)) if heads[i].strip().lower() in _UNIT_HEADS), None)
    values = _value_columns(heads, block, range(at + 1, width), at)
    titles = _titles(heads, width)
    lines = list(block)
    if above is not None and not {"plan", "tier", "plan_id"} & set(columns.slots) and len(values) > 1:
        # The heading names the plans: it is one more line of the labels.
        columns, lines = Columns.of((*names, "plan_name")), [*block, above]
    for i in values:
        cells, proofs = [], []
        for row in lines:
            cell = row.cells[i] if i < len(row.cells) else ""
            beside = row.cells[unit].strip() if unit is not None and unit < len(row.cells) else ""
            cells.append(f"{cell} {beside}" if beside and cell.strip() else cell)
            moved = row.proofs[i] if row.proofs and i < len(row.proofs) else None
            proofs.append(moved or (cell, Cell(row=row.line, column=titles[i], sheet=row.sheet)))
        part = f"column {titles[i]}" if len(values) > 1 else ""
        yield columns, Row(block[0].line, tuple(cells), "", part, block[0].sheet, proofs=tuple(proofs))


def _value_columns(heads: tuple[str, ...], block: Sequence[Row], among: range, at: int) -> list[int]:
    """Return the columns that hold values: filled in at least half as many lines as the fullest one."""
    filled = {
        i: sum(i < len(row.cells) and bool(row.cells[i].strip()) for row in block if slot_of(row.cells[at]))
        for i in among
        if i >= len(heads) or heads[i].strip().lower() not in _NOTE_HEADS | _UNIT_HEADS
    }
    most = max(filled.values(), default=0)
    return [i for i, count in filled.items() if count and count * 2 >= most]


def _titles(heads: tuple[str, ...], width: int) -> list[str]:
    """Return what each column is called: its heading where that is one of a kind, else its letter."""
    named = [heads[i].strip() if i < len(heads) else "" for i in range(width)]
    return [name if name and named.count(name) == 1 else column_letter(i) for i, name in enumerate(named)]


def column_letter(at: int) -> str:
    """Return a column's letter as spreadsheets have it: 0 -> "A", 26 -> "AA"."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
