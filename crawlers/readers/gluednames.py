"""Headers whose names, or whose last name and first row, were written together by a lost delimiter."""

from __future__ import annotations

from functools import cache

from crawlers.readers.columnnames import normal, slot_of, words
from crawlers.readers.columns import looks_like_header

MAX_GLUED = 3_000
"""Characters. The names of a whole header have some six hundred."""


def unglue(cells: tuple[str, ...], *, doubted: bool = False) -> tuple[str, ...]:
    """Return a header's cells with names that were written together parted ("uniqueplanidprovidername").

    With `doubted` names that are known by some of their words only are parted as well.
    """
    parted: list[str] = []
    for cell in cells:
        whole = normal(cell) in words()["known"] if doubted else slot_of(cell) is not None
        pieces = None if whole else _segments(normal(cell))
        parted.extend(pieces or [cell])
    return tuple(parted)


@cache
def _names() -> tuple[frozenset[str], tuple[int, ...]]:
    """Return the known names of three letters and more, and their lengths, longest first."""
    known = frozenset(name for name in words()["known"] if len(name) > 2)
    return known, tuple(sorted({len(name) for name in known}, reverse=True))


def _segments(glued: str) -> list[str] | None:
    """Return known names that together are `glued`, two or more, longest first; None when there are none."""
    known, lengths = _names()
    if len(glued) > MAX_GLUED or not any(glued.endswith(name) for name in known):
        return None
    best: dict[int, list[str]] = {len(glued): []}
    for start in range(len(glued) - 1, -1, -1):
        for length in lengths:
            rest = best.get(start + length)
            if rest is not None and glued[start : start + length] in known:
                best[start] = [glued[start : start + length], *rest]
                break
    found = best.get(0)
    return found if found and len(found) > 1 else None


def cut_glued_header(cells: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Part a header from the first row when the line break between them is lost; None when it is not so.

    The last name and the row's first value then share one cell: "customer_support_webF0012...".
    """
    for at, cell in enumerate(cells):
        if slot_of(cell) is not None:
            continue
        if at < 5:
            return None
        for length in range(len(cell) - 1, 3, -1):
            name = cell[:length]
            if normal(name) in words()["known"] and not name.endswith(" "):
                return (*cells[:at], name), (cell[length:], *cells[at + 1 :])
        return None
    return None


def cut_glued_row(cells: tuple[str, ...], first: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Part a row from the header of a file that was appended without a line break; None when it is not so.

    `first` is the header's first name as it stands in the file.
    """
    for at, cell in enumerate(cells):
        if cell.endswith(first) and looks_like_header((first, *cells[at + 1 :])):
            return (*cells[:at], cell[: len(cell) - len(first)]), (first, *cells[at + 1 :])
    return None
