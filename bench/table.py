"""What every measurement gives: a table with the command that makes it, so that it can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One table of BENCHMARKS.md. Cells are text as shown; `note` says what a reader must know beside it."""

    title: str
    command: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown, columns padded so that it reads well as plain text too."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]

        def drawn(cells: Sequence[str]) -> str:
            return (
                "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
            )

        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        body = "\n".join([drawn(self.columns), rule, *(drawn(row) for row in self.rows)])
        note = f"\n\n{self.note}" if self.note else ""
        return f"### {self.title}\n\n`{self.command}`\n\n{body}{note}\n"


def skipped(title: str, command: str, why: str) -> Table:
    """Return a table that says why nothing was measured."""
    return Table(title, command, ("not measured", "why"), ((title, why),))
