"""Tables whose columns of prices are choices of one plan: terms, or homes and businesses."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.readers.cells import asks_for_quote, stated_money
from crawlers.readers.columns import Columns, looks_like_header
from crawlers.readers.labelgrid import HEADER_LINES, Found, below_header, beside_names
from crawlers.readers.labelproof import column_name, place_of
from crawlers.readers.table import Row
from crawlers.readers.tariffoptions import Option, options_in
from market.records import Cell
from market.units import cell_text

MAX_TIMES = 1.3
"""A month under a longer term costs less; prices that grow by more than this are those of whole terms."""


def find_labels(rows: Sequence[Row]) -> Found | None:
    """Return the labels of a table's rows, whichever way they lie; None when there are none."""
    return below_header(rows) or by_option(rows) or beside_names(rows)


def by_option(rows: Sequence[Row]) -> Found | None:
    """Return the labels of a table that has a column of prices a term or a segment; None where its structure
    leaves a doubt: a column of prices besides, cells that are no prices, prices that grow with the term.
    """
    for at, row in enumerate(rows[:HEADER_LINES]):
        options = options_in(row.cells)
        if not options:
            continue
        columns = Columns.of(row.cells)
        named = {"plan", "tier", "plan_id"} & set(columns.slots)
        fast = {"down", "speed"} & set(columns.slots)
        priced = {"price", "intro_price", "after_price"} & set(columns.slots)
        below = [each for each in rows[at + 1 :] if any(cell.strip() for cell in each.cells)]
        if named and fast and not priced and below and _are_prices(below, options):
            return _found(row, below, options, list(rows[:at]))
    return None


def _are_prices(rows: Sequence[Row], options: dict[int, Option]) -> bool:
    """Say whether the cells below the choices are prices of a month, a few slips apart."""
    filled = right = 0
    for row in rows:
        cells = [cell_text(row.cells[at]) for at in options if at < len(row.cells)]
        amounts = [stated_money(cell) for cell in cells if cell]
        filled += len(amounts)
        right += sum(amount is not None for amount in amounts) + sum(map(asks_for_quote, cells))
        stated = [amount.cents for amount in amounts if amount is not None]
        is_term = next(iter(options.values())).slot == "contract_term"
        if is_term and len(stated) > 1 and _months(options) and stated[-1] > MAX_TIMES * stated[0]:
            return False
    return filled > 0 and right * 5 >= filled * 4


def _months(options: dict[int, Option]) -> bool:
    """Say whether the terms stand from the shortest to the longest."""
    told = [int(each.value.split()[0]) if each.value[0].isdigit() else 0 for each in options.values()]
    return told == sorted(told)


def _found(header: Row, rows: Sequence[Row], options: dict[int, Option], preamble: list[Row]) -> Found:
    names = header.cells
    fixed = [at for at in range(len(names)) if at not in options]
    own = Columns.of(names)
    found: list[tuple[Columns, Row]] = []
    kept: dict[str, Columns] = {}
    for row in rows:
        if looks_like_header(row.cells):
            continue
        filled = any(at < len(row.cells) and cell_text(row.cells[at]) for at in options)
        if len(row.cells) > len(names) or (len(row.cells) < len(names) and not row.sheet) or not filled:
            # The reader of rows says that its cells may be shifted, or that no price is there.
            found.append((own, row))
            continue
        for at, option in options.items():
            if at >= len(row.cells) or not cell_text(row.cells[at]):
                continue
            title = (*(names[i] for i in fixed), "monthly_price", option.slot)
            columns = kept.setdefault(option.slot, Columns.of(title))
            cells = [row.cells[i] if i < len(row.cells) else "" for i in fixed]
            proofs = [place_of(own, row, i) for i in fixed]
            told = place_of(own, header, at) or (
                names[at],
                Cell(row=header.line, column=column_name(names, at), sheet=header.sheet),
            )
            found.append(
                (
                    columns,
                    Row(
                        row.line,
                        (*cells, row.cells[at], option.value),
                        row.broken,
                        f"column {names[at].strip()}",
                        row.sheet,
                        proofs=(*proofs, place_of(own, row, at), told),
                        option=names[at].strip(),
                    ),
                )
            )
    first = found[0][0] if found else own
    return Found(first, found, preamble)
