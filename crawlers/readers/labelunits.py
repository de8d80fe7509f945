"""What the cells of a whole label file tell of its figures: the unit of bare speeds, and decimal commas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.readers.cells import MAX_UNITLESS_MBPS
from crawlers.readers.columnnames import unit_in
from crawlers.readers.labelgrid import Found
from market.units import SPEED_UNIT, cell_text, decimal, parse_speed, speed_factor

HIGH_MBPS, LOW_KBPS = 10_000, 200
"""Figures above the one are rare in Mbps, and such below the other in kbps."""
MAX_ROWS = 5_000
"""So many rows tell how a file is written."""
SAME = 1.5
"""A plan's typical speed lies within this factor of the one that its name states."""
MIN_NAMED = 100
"""A figure of a plan's name without a unit is taken for its speed from here on: "Fiber 2" may be 2 Gbps."""
_NAMED = re.compile(rf"(?<![\w.,$])(\d[\d,]*(?:\.\d+)?)(?:\s*({SPEED_UNIT})\b|(?![\w.,%]))", re.IGNORECASE)


def has_decimal_commas(found: Found) -> bool:
    """Say whether the prices have decimal commas ("49,90"), and none of them a decimal point."""
    cells = [
        row.cells[at]
        for columns, row in found.rows[:1000]
        for slot in ("price", "intro_price", "after_price")
        if (at := columns.slots.get(slot)) is not None and at < len(row.cells)
    ]
    return any(re.search(r"\d,\d\d(?!\d)", cell) for cell in cells) and not any(
        re.search(r"\d\.\d\d(?!\d)", cell) for cell in cells
    )


def default_speed_units(found: Found) -> tuple[str, str]:
    """Return the units of down- and upload speeds that stand without one; other ones than Mbps are assumed by
    their size.

    Plans whose names state a speed decide; without them figures beyond all Mbps do, if they are many.
    """
    at = found.columns.slots.get("down")
    if at is None or unit_in(found.columns.names[at]) is not None or not _in_kbps(found, at):
        return "Mbps", "Mbps"
    up = found.columns.slots.get("up")
    slow = [figure for _, row in found.rows[:MAX_ROWS] if (figure := _bare(row.cells, up))]
    return "kbps", "Mbps" if slow and max(slow) < LOW_KBPS else "kbps"


def _in_kbps(found: Found, at: int) -> bool:
    bare: list[float] = []
    in_kbps = in_mbps = 0
    for columns, row in found.rows[:MAX_ROWS]:
        figure = _bare(row.cells, at)
        if figure is None:
            continue
        bare.append(figure)
        named = list(_named(row.cells, columns.slots.get("plan"), columns.slots.get("tier")))
        in_kbps += any(1 / SAME <= figure / 1000 / each <= SAME for each in named)
        in_mbps += any(1 / SAME <= figure / each <= SAME for each in named)
    if in_kbps or in_mbps:
        return in_kbps > in_mbps
    # One figure beyond all others is a slip of its row; of a file in kbps many are too high for Mbps.
    beyond, below = sum(figure > HIGH_MBPS for figure in bare), sum(0 < figure < LOW_KBPS for figure in bare)
    return bool(bare) and max(bare) > MAX_UNITLESS_MBPS and beyond > below and beyond * 3 >= len(bare)


def _bare(cells: tuple[str, ...], at: int | None) -> float | None:
    """Return the figure of a speed's cell that names no unit, or None."""
    if at is None or at >= len(cells) or not re.fullmatch(r"[\d.,\s-]+", cell_text(cells[at])):
        return None
    span = parse_speed(cells[at], default_unit="Mbps")
    return (span.high or span.low) if span is not None else None


def _named(cells: tuple[str, ...], *slots: int | None) -> Iterator[float]:
    """Yield the speeds in Mbps that the names in a row's cells state."""
    for at in slots:
        for found in _NAMED.finditer(cells[at]) if at is not None and at < len(cells) else ():
            figure = decimal(found[1])
            if figure and (found[2] or figure >= MIN_NAMED):
                yield float(figure * speed_factor(found[2])) if found[2] else float(figure)
