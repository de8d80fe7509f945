"""The parts of a price list, its pages or tables, as lines of cells that know where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.readers.tariffgrid import Cellule, cells_of
from market.records import PageLine
from market.records.evidence import Locator

Proof = tuple[str, Locator]


@dataclass(frozen=True)
class Line:
    """A line's cells, each with its words and their place."""

    number: int
    cells: tuple[Cellule, ...]
    proofs: tuple[Proof, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Part:
    """A page or a table of the list, named for the reader of an issue: "page 3"."""

    name: str
    lines: tuple[Line, ...]


def pdf_parts(pages: Sequence[Sequence[str]]) -> Iterator[Part]:
    """Yield the pages of a PDF with the cells of their lines; the place of a cell is its line."""
    for number, lines in enumerate(pages, 1):
        made = []
        for at, line in enumerate(lines, 1):
            cells = tuple(cells_of(line))
            quote = " ".join(line.split())
            made.append(Line(at, cells, ((quote, PageLine(page=number, line=at)),) * len(cells)))
        yield Part(f"page {number}", tuple(made))
