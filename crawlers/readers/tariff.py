"""Price lists (PDF, and pages that are tables of prices only) read into Offers: rows below a header, lines of
a name, a speed and a price, and labels that give each value a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crawlers.readers.bundled import bundle_key
from crawlers.readers.columns import Columns
from crawlers.readers.labelbundle import services_of
from crawlers.readers.labelgrid import beside_names
from crawlers.readers.labelnotes import Notes, note_troubles
from crawlers.readers.labelrow import RowReader
from crawlers.readers.labelterms import technology_in
from crawlers.readers.page import Trouble
from crawlers.readers.table import Row
from crawlers.readers.tariffgrid import Cellule, Head, placed, tables
from crawlers.readers.tariffparts import Line, Part, Proof
from crawlers.readers.tariffwords import is_fast, patterns, proof_of, segments_in, unread_trouble
from market.ids import slug
from market.records import Capture, Offer, Source
from market.units import cell_text, parse_money

READER = "offers"
MAX_HEADING = 90
"""Characters. A longer line by itself is a note and heads no section."""
TITLE_LINES = 8
"""Lines at the top of a list that may say whom it is for."""

_PRICES = ("price", "intro_price", "after_price")


@dataclass
class Tariff:
    """What a price list gave."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def read_parts(parts: Sequence[Part], capture: Capture, source: Source, version: int) -> Tariff:
    """Return the offers of a list's parts, in their order, and an issue a part for amounts not read."""
    return TariffReader(parts, capture, source, version).read()


class TariffReader:
    """Reads one price list; a header holds on for the pages behind it, a section until the next one."""

    def __init__(self, parts: Sequence[Part], capture: Capture, source: Source, version: int) -> None:
        self._parts, self._capture, self._source, self._version = parts, capture, source, version
        self._result = Tariff()
        self._notes = Notes()
        self._section: Line | None = None
        self._head: Head | None = None
        self._heads: tuple[Line, ...] = ()
        top = [line for part in parts[:1] for line in part.lines[:TITLE_LINES]]
        self._title = next((line for line in top if segments_in(line.text)), None)
        told = {name for line in top for name in segments_in(line.text)}
        if len(told) != 1:
            self._title = None
        self._monthly = any(patterns()["monthly"].search(line.text) for part in parts for line in part.lines)

    def read(self) -> Tariff:
        """Return the list's offers, issues and counts."""
        for part in self._parts:
            self._read_part(part)
        self._result.troubles.extend(note_troubles(self._notes))
        self._result.counts["offers"] = len(self._result.offers)
        return self._result

    def _read_part(self, part: Part) -> None:
        lines = [line.cells for line in part.lines]
        found = list(tables(lines))
        unread: list[Line] = []
        before = len(self._result.offers)
        first = found[0][1].start - found[0][0].lines if found else len(lines)
        for line in part.lines[:first]:
            self._line(part, line, self._head, unread)
        for head, below in found:
            self._head = head
            self._heads = part.lines[below.start - head.lines : below.start]
            for number in below:
                self._line(part, part.lines[number], head, unread)
        if len(self._result.offers) == before and self._labels(part):
            return
        if unread:
            self._result.troubles.append(unread_trouble(part, unread))

    def _line(self, part: Part, line: Line, head: Head | None, unread: list[Line]) -> None:
        if not line.cells:
            return
        priced = bool(patterns()["amount"].search(line.text))
        if len(line.cells) == 1 and not priced:
            if len(line.text) <= MAX_HEADING:
                self._section = line
            return
        read = bool(head and self._below(part, line, head)) or self._alone(part, line)
        if priced and not read:
            unread.append(line)

    def _below(self, part: Part, line: Line, head: Head) -> bool:
        """Read a line below a header; False when it is no line of the table."""
        where = placed(head, line.cells)
        if where is None:
            return False
        cells = [line.cells[at].text if at is not None else "" for at in where]
        proofs = [line.proofs[at] if at is not None else None for at in where]
        if not head.options:
            return self._row(part, line, tuple(name.text for name in head.names), cells, proofs)
        read = False
        fixed = [at for at in range(len(cells)) if at not in head.options]
        if not any(parse_money(cells[at]) for at in head.options):
            return False
        for at, choice in head.options.items():
            if not cell_text(cells[at]):
                continue
            option = head.names[at].text
            own = [name.text for name in head.names]
            if not {"plan", "tier", "down", "speed", "plan_id"} & set(head.columns.slots):
                if not is_fast(cells[0]):
                    return False
                own[0] = "speed"
            read |= self._row(
                part,
                line,
                (*(own[i] for i in fixed), "monthly_price", choice.slot),
                [*(cells[i] for i in fixed), cells[at], choice.value],
                [*(proofs[i] for i in fixed), proofs[at], self._proof_of(head.names[at])],
                option,
            )
        return read

    def _proof_of(self, name: Cellule) -> Proof | None:
        """Return the place of a name of the header, of one of its lines where it takes several."""
        for line in self._heads:
            for cell, proof in zip(line.cells, line.proofs, strict=True):
                if cell.text in name.text and name.start <= cell.start and cell.end <= name.end:
                    return proof
        return None

    def _alone(self, part: Part, line: Line) -> bool:
        """Read a line that is a name, a speed and a monthly price, whatever stands above it."""
        prices = [at for at, cell in enumerate(line.cells) if "$" in cell.text and parse_money(cell.text)]
        speeds = [at for at, cell in enumerate(line.cells) if is_fast(cell.text)]
        if len(prices) != 1 or len(speeds) != 1 or not (self._monthly or "mo" in line.cells[prices[0]].text):
            return False
        others = [at for at in range(len(line.cells)) if at not in (prices[0], speeds[0])]
        named = others[0] if others and others[0] == 0 else speeds[0]
        wanted = (named, speeds[0], prices[0])
        return self._row(
            part,
            line,
            ("plan_name", "speed", "monthly_price"),
            [line.cells[at].text for at in wanted],
            [line.proofs[at] for at in wanted],
        )

    def _row(
        self,
        part: Part,
        line: Line,
        names: tuple[str, ...],
        cells: list[str],
        proofs: list[Proof | None],
        option: str = "",
    ) -> bool:
        """Read cells below their names as one plan; False when they are none or cannot be read.

        `option` is what tells it from other plans of its line: the heading of its price.
        """
        columns = Columns.of(names)
        fast = [at for slot in ("speed", "down") if (at := columns.slots.get(slot)) is not None]
        added: list[tuple[str, str, Proof | None]] = []
        if "plan" not in columns.slots and "tier" not in columns.slots and fast:
            added.append(("plan_name", cells[fast[0]], proofs[fast[0]]))
        plan = columns.slots.get("plan")
        if not fast and plan is not None and is_fast(cells[plan]):
            added.append(("speed", cells[plan], proofs[plan]))
        added.extend(self._around(columns))
        columns = Columns.of((*names, *(name for name, _, _ in added)))
        cells = [*cells, *(cell for _, cell, _ in added)]
        proofs = [*proofs, *(proof for _, _, proof in added)]
        price = next((at for slot in _PRICES if (at := columns.slots.get(slot)) is not None), None)
        kind = self._product(columns, cells)
        if kind != "internet":
            self._result.counts["other_products"] += kind == "other" and price is not None
            return kind == "other"
        if price is None or not cell_text(cells[price]):
            return False
        self._offers(columns, part, line.number, tuple(cells), tuple(proofs), option)
        return True

    def _around(self, columns: Columns) -> Iterator[tuple[str, str, Proof | None]]:
        """Yield what the section's heading and the list's title say: whom the plans are for, over what."""
        section = self._section
        if "segment" not in columns.slots:
            told = next((line for line in (section, self._title) if line and segments_in(line.text)), None)
            if told is not None:
                yield "customer segment", told.text, proof_of(told)
        if section is not None and "technology" not in columns.slots and technology_in(section.text):
            yield "technology", section.text, proof_of(section)

    def _offers(
        self,
        columns: Columns,
        part: Part,
        number: int,
        cells: tuple[str, ...],
        proofs: tuple[Proof | None, ...],
        option: str = "",
    ) -> None:
        place = f"{part.name.capitalize()}, line {number}"
        row = Row(number, cells, part=f"{part.name} {option}", proofs=proofs, named=place)
        reader = RowReader(
            columns,
            row,
            self._capture,
            self._source,
            ("Mbps", "Mbps"),
            0,
            self._notes,
            (READER, self._version),
        )
        offers = reader.offers()
        self._result.counts["rows"] += 1
        self._result.counts["rows_read" if offers else "rows_reported"] += 1
        for offer in offers:
            key = offer.plan_key
            if option:
                name, _, _ = key.partition("~")
                key = bundle_key(f"{name}-{slug(option)}", offer.bundled_with)
            self._result.offers.append(offer.model_copy(update={"source_row": None, "plan_key": key}))
        trouble = reader.trouble(bool(offers))
        if trouble is not None:
            self._result.troubles.append(trouble)

    def _product(self, columns: Columns, cells: Sequence[str]) -> str:
        """Return "internet", "other" for what is sold beside it, or "" for a line that is no product."""

        def of(slot: str) -> str:
            at = columns.slots.get(slot)
            return cells[at] if at is not None else ""

        named = f"{of('plan')} {of('tier')}".strip() or of("plan_id")
        if not named or not re.search(r"[A-Za-z0-9]", named):
            return ""
        told = patterns()
        fast = any(is_fast(of(slot), "Mbps") for slot in ("speed", "down"))
        about = f"{named} {of('technology')} {self._section.text if self._section else ''}"
        joined = fast and services_of(named)
        if told["other"].search(named) and not told["internet"].search(named) and not joined:
            return "other"
        if fast:
            return "internet"
        if told["equipment"].search(named):
            return "other"
        return "internet" if told["internet"].search(about) else "other"

    def _labels(self, part: Part) -> bool:
        """Read a part that gives each of a label's values a line; False when it is no such part."""
        rows = [
            Row(line.number, tuple(c.text for c in line.cells), proofs=line.proofs)
            for line in part.lines
            if len(line.cells) > 1
        ]
        found = beside_names(rows)
        if found is None or not any(slot in found.columns.slots for slot in ("down", "speed")):
            return False
        for columns, row in found.rows:
            self._offers(columns, part, row.line, row.cells, row.proofs or ())
        return True
