"""A table as a grid: whether its rows or its columns are plans, and each plan's cells with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.readers.visible import words

MAX_CELLS = 20_000
"""A table with more cells holds no plans."""
MAX_HEAD = 3
"""Rows that a header may have."""
MAX_SPAN = 60
"""Rows or columns that one cell may cover."""

Test = Callable[[HtmlElement], bool]


@dataclass(frozen=True)
class PlanCells:
    """One plan's cells in a table, each with the label of its row or column."""

    cells: tuple[tuple[HtmlElement, HtmlElement | None], ...]
    name: HtmlElement | None
    option: HtmlElement | None = None
    """Header of the one price that the row's other prices are alternatives to: "2 years"."""
    how: str = "table row"
    section: HtmlElement | None = None
    """The row of one cell that stands above the plan's among others: "Fiber"."""


class Grid:
    """The cells by row and column; a cell that covers several stands in each."""

    def __init__(self, rows: list[list[HtmlElement]]) -> None:
        self.rows = rows
        self.width = max(map(len, rows))

    def plans(
        self, text: Callable[[HtmlElement], str], priced: Test, fast: Test, asked: Test
    ) -> list[PlanCells]:
        """Return the plans' cells; none when neither rows nor columns are plans.

        `text` gives a cell's words; the tests tell whether it holds a price, a speed, or "contact us".
        """
        if self._by_column(text, priced, fast):
            return self._columns(text, priced, fast, asked)
        return self._rows(text, priced, fast, asked)

    def _by_column(self, text: Callable[[HtmlElement], str], priced: Test, fast: Test) -> bool:
        slots = words()["patterns"]["row_label"]
        option = words()["patterns"]["option_label"]
        head = self._head(priced, fast)
        if len(head) > 2 and sum(bool(option.match(text(cell))) for cell in head[1:]) > 1:
            return False
        beside = sum(bool(slots.search(text(row[0]))) for row in self.rows[1:])
        above = sum(bool(slots.search(text(cell))) for cell in dict.fromkeys(self.rows[0][1:]))
        if beside != above:
            return beside > above
        for test in (fast, priced):
            across = max(len({cell for cell in row if test(cell)}) for row in self.rows)
            along = max(
                len({row[at] for row in self.rows if at < len(row) and test(row[at])})
                for at in range(self.width)
            )
            if across != along:
                return across > along
        return False

    def _head(self, priced: Test, fast: Test) -> list[HtmlElement]:
        """Return the last of the rows above the first value: below "Price per month" may stand the terms."""
        head: list[HtmlElement] = []
        for row in self.rows[:MAX_HEAD]:
            if any(priced(cell) or fast(cell) for cell in row) or len(row) != self.width:
                break
            if len(set(row)) > 1 or not head:
                head = row
        return head

    def _rows(
        self, text: Callable[[HtmlElement], str], priced: Test, fast: Test, asked: Test
    ) -> list[PlanCells]:
        header = self._head(priced, fast) or (self.rows[0] if not any(map(priced, self.rows[0])) else [])
        option, once = words()["patterns"]["option_label"], words()["patterns"]["once_label"]
        found: list[PlanCells] = []
        section: HtmlElement | None = None
        stated = Counter(at for row in self.rows for at, cell in enumerate(row) if priced(cell))
        for row in self.rows:
            if row is header or len(set(row)) < 2:
                if len(set(row)) == 1 and len(row) == self.width and not priced(row[0]) and text(row[0]):
                    section = row[0]
                continue
            labels = header if len(header) == len(row) else [None] * len(row)
            quoted = any(map(fast, row)) and any(map(asked, row))
            if not (any(map(priced, row)) or quoted or self._on_request(row, labels, text, stated)):
                continue
            names = [cell for cell in row if not priced(cell) and text(cell)]
            cells = dict(zip(row, labels, strict=True))
            name = names[0] if names else None
            costs = [(cell, label) for cell, label in cells.items() if priced(cell)]
            choices = [each for each in costs if each[1] is not None and option.match(text(each[1]))]
            others = [
                text(label) for cell, label in costs if label is not None and (cell, label) not in choices
            ]
            options = sum(label is not None and bool(option.match(text(label))) for label in cells.values())
            # Beside the prices by term may stand what is paid once; other terms may be on request.
            if (
                choices
                and options > 1
                and len(choices) + sum(map(bool, map(once.search, others))) == len(costs)
            ):
                rest = [each for each in cells.items() if each not in choices]
                found.extend(
                    PlanCells((*rest, choice), name, choice[1], section=section) for choice in choices
                )
                continue
            found.append(PlanCells(tuple(cells.items()), name, section=section))
        return found

    def _on_request(
        self,
        row: list[HtmlElement],
        labels: Sequence[HtmlElement | None],
        text: Callable[[HtmlElement], str],
        stated: Mapping[int, int],
    ) -> bool:
        """Say whether a row asks to call where the other rows of its table state their price; `stated` counts
        those by column.
        """
        patterns = words()["patterns"]
        for at, (cell, label) in enumerate(zip(row, labels, strict=True)):
            if label is None or not at or not patterns["quote_cell"].fullmatch(text(cell)):
                continue
            if stated[at] > 1 and patterns["price_label"].search(text(label)):
                return bool(text(row[0]))
        return False

    def _columns(
        self, text: Callable[[HtmlElement], str], priced: Test, fast: Test, asked: Test
    ) -> list[PlanCells]:
        body = [row for row in self.rows if len(row) == self.width]
        # One cell above all columns ("Speed") is their title, and no value of any.
        body = body[1:] if len(body) > 2 and len(set(body[0][1:])) == 1 and self.width > 2 else body
        if self.width < 2 or len(body) < 2:
            return []
        labelled = not any(priced(row[0]) for row in body)
        first = 1 if labelled else 0
        header = body[0] if not any(map(priced, body[0])) else None
        if (
            first
            and words()["patterns"]["row_label"].search(text(body[0][0]))
            and any(map(fast, body[0][1:]))
        ):
            # "Download | 20 Mbps" is a row of values; nothing above names the plans.
            header = None
        titles = [text(cell) for cell in body[0][first:]]
        # Headers that are all alike ("Internet", "Internet") name nothing.
        named = header is not None and len(set(titles)) > (1 if len(titles) > 1 else 0)
        found: list[PlanCells] = []
        for at in range(first, self.width):
            cells = {row[at]: row[0] if labelled and row[0] is not row[at] else None for row in body}
            choices = [(cell, label) for cell, label in cells.items() if priced(cell)]
            heads = [text(label) if label is not None else "" for _, label in choices]
            if len(choices) > 1 and all(map(words()["patterns"]["option_label"].match, heads)):
                name = header[at] if header and named else None
                rest = [(cell, label) for cell, label in cells.items() if not priced(cell)]
                found.extend(PlanCells((*rest, each), name, each[1], "table column") for each in choices)
            elif any(priced(cell) or asked(cell) for cell in cells):
                name = header[at] if header and named else None
                found.append(PlanCells(tuple(cells.items()), name, how="table column"))
        return found


def read_grid(table: HtmlElement) -> Grid | None:
    """Return a table's grid; None for a single row, a layout (tables inside) or too many cells."""
    if any(True for _ in table.iterdescendants("table")):
        return None
    rows: list[dict[int, HtmlElement]] = []
    held: dict[tuple[int, int], HtmlElement] = {}
    size = 0
    for line in table.iter("tr"):
        row: dict[int, HtmlElement] = {}
        at = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (len(rows), at) in held:
                row[at] = held[(len(rows), at)]
                at += 1
            wide, high = _count(cell, "colspan"), _count(cell, "rowspan")
            size += wide * high
            if size > MAX_CELLS:
                return None
            for step in range(wide):
                row[at + step] = cell
                for below in range(1, high):
                    held[(len(rows) + below, at + step)] = cell
            at += wide
        while (len(rows), at) in held:
            row[at] = held[(len(rows), at)]
            at += 1
        if row:
            rows.append(row)
    while rows and len(rows) > 2 and len(set(rows[0].values())) == 1:
        # A single cell above the header is the table's title.
        del rows[0]
    if len(rows) < 2:
        return None
    return Grid([[row[at] for at in sorted(row)] for row in rows])


def _count(cell: HtmlElement, attribute: str) -> int:
    raw = (cell.get(attribute) or "").strip()
    return min(MAX_SPAN, max(1, int(raw))) if raw.isascii() and raw.isdigit() else 1
