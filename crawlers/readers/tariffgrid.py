"""Lines of a price list cut into the cells of its tables: by the blanks between them and the header above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.readers.columns import Columns
from crawlers.readers.tariffoptions import Option, options_in

_CELL = re.compile(r"\S+(?: \S+)*")
MAX_HEADER = 3
"""Lines that a header may take."""
DRIFT = 10
"""Characters by which laid out words of one column may stand apart, since letters differ in width."""


@dataclass(frozen=True)
class Cellule:
    """Words of a line and the columns of characters that they take."""

    text: str
    start: int
    end: int


def cells_of(line: str) -> list[Cellule]:
    """Return the cells of a line; two blanks and more part them."""
    return [Cellule(found[0], found.start(), found.end()) for found in _CELL.finditer(line)]


@dataclass(frozen=True)
class Head:
    """A table's header: the names with the place of each, and how many lines it takes."""

    names: tuple[Cellule, ...]
    lines: int
    columns: Columns
    options: dict[int, Option]
    """Columns of prices that are choices of one plan: terms, or segments."""


def header_at(lines: Sequence[Sequence[Cellule]], at: int) -> Head | None:
    """Return the header that begins at lines[at], of as many lines as tell most, or None."""
    best: Head | None = None
    for count in range(1, MAX_HEADER + 1):
        block = lines[at : at + count]
        if len(block) < count or not block[0] or any(_is_data(line) for line in block):
            break
        head = _head(_stacked(block), count)
        if head is not None and (best is None or _told(head) > _told(best)):
            best = head
    if best is None:
        return None
    # A title above the header is no part of it: the header tells as much without it.
    for skip in range(1, best.lines):
        rest = _head(_stacked(lines[at + skip : at + best.lines]), best.lines - skip)
        if rest is not None and _told(rest) >= _told(best):
            return None
    return best


def _told(head: Head) -> int:
    return len(head.columns.slots) + len(head.options)


def _is_data(line: Sequence[Cellule]) -> bool:
    return any("$" in cell.text and re.search(r"\d", cell.text) for cell in line)


def _stacked(block: Sequence[Sequence[Cellule]]) -> tuple[Cellule, ...]:
    """Return the names of a header whose words stand on top of each other, joined by their place."""
    widest = max(block, key=len)
    names = list(widest)
    for order, line in enumerate(block):
        if line is widest:
            continue
        for cell in line:
            near = max(range(len(names)), key=lambda i: _overlap(names[i], cell))
            if _overlap(names[near], cell) < -DRIFT:
                continue
            old = names[near]
            above = order < block.index(widest)
            text = f"{cell.text} {old.text}" if above else f"{old.text} {cell.text}"
            names[near] = Cellule(text, min(old.start, cell.start), max(old.end, cell.end))
    return tuple(names)


def _overlap(one: Cellule, other: Cellule) -> int:
    """Return how many characters two cells share; below zero, how far they lie apart."""
    return min(one.end, other.end) - max(one.start, other.start)


def _head(names: tuple[Cellule, ...], lines: int) -> Head | None:
    if len(names) < 2:
        return None
    texts = tuple(name.text for name in names)
    columns = Columns.of(texts)
    options = options_in(texts)
    unknown = [name for name in columns.unknown if name not in {texts[at] for at in options}]
    named = any(slot in columns.slots for slot in ("plan", "tier", "down", "speed", "plan_id"))
    # Beside choices a single column is the plans', whatever it is called.
    named = named or (len(options) == len(texts) - 1 and 0 not in options)
    priced = any(slot in columns.slots for slot in ("price", "intro_price", "after_price"))
    if not named or not (priced or options) or len(unknown) * 2 > len(names):
        return None
    return Head(names, lines, columns, options)


def placed(head: Head, line: Sequence[Cellule]) -> list[int | None] | None:
    """Return which cell of a line stands under each of the header's names; None when two stand under one.

    A line of as many cells as names has them in order; else each cell stands under the name it overlaps most,
    or lies nearest to.
    """
    if len(line) == len(head.names):
        return list(range(len(line)))
    found: list[int | None] = [None] * len(head.names)
    for number, cell in enumerate(line):
        at = max(range(len(head.names)), key=lambda i: _overlap(head.names[i], cell))
        if found[at] is not None:
            return None
        found[at] = number
    return found


def tables(lines: Sequence[Sequence[Cellule]]) -> Iterator[tuple[Head, range]]:
    """Yield each header with the lines below it, up to the next header."""
    at, heads = 0, []
    while at < len(lines):
        head = header_at(lines, at)
        if head is not None:
            heads.append((head, at + head.lines))
            at += head.lines
        else:
            at += 1
    for number, (head, first) in enumerate(heads):
        last = heads[number + 1][1] - heads[number + 1][0].lines if number + 1 < len(heads) else len(lines)
        yield head, range(first, last)
