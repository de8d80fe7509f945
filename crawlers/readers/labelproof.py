"""The evidence of a label row's offer: for each slot the cell it was read from, and that cell's place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.readers.cells import Cells
from crawlers.readers.columnnames import words
from crawlers.readers.columns import Columns
from crawlers.readers.labelgrid import column_letter
from crawlers.readers.labelterms import technology_in
from crawlers.readers.table import Row
from market.records import Cell, Evidence
from market.records.evidence import Locator

SLOTS = (
    ("plan", "plan_name"),
    ("plan_id", "plan_id"),
    ("intro_months", "promo_months"),
    ("down", "down_mbps"),
    ("up", "up_mbps"),
    ("latency", "latency_ms"),
    ("data", "data_cap_gb"),
    ("data", "unlimited_data"),
    ("termination", "termination_cents"),
    ("tax", "tax_raw"),
    ("monthly_amounts", "monthly_fees"),
    ("monthly_names", "monthly_fees.name"),
    ("one_time_amounts", "one_time_fees"),
    ("one_time_names", "one_time_fees.name"),
    ("equipment_amounts", "one_time_fees"),
    ("equipment_names", "one_time_fees.name"),
)
"""The columns that prove a slot as they stand; those of prices, speeds and terms may be several."""


_SPANS = (("down_mbps", "down"), ("up_mbps", "up"), ("latency_ms", "latency"))
"""Figures that may be a range, each with its column."""


def place_of(columns: Columns, row: Row, at: int) -> tuple[str, Locator] | None:
    """Return the words of a row's cell and where they stand; None for a cell without a place of its own."""
    if row.proofs is not None:
        return row.proofs[at] if at < len(row.proofs) else None
    words = row.cells[at] if at < len(row.cells) else ""
    line, index = row.moved.get(at, (row.line, at))
    return words, Cell(row=line, column=column_name(columns.names, index), sheet=row.sheet)


def column_name(names: tuple[str, ...], at: int) -> str:
    """Return what a column is called: its name, with its letter where an earlier one has the same."""
    name = names[at]
    return name if names.index(name) == at else f"{name} [{column_letter(at)}]"


def told_by(cells: Cells, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the column that told the segment, the technology and the market of an offer, with the slot."""
    for entry in words()["segment"]:
        for slot in ("segment", "plan", "tier", "connection"):
            if entry["name"] == values["segment"] and entry["words"].search(cells.text(slot)):
                yield slot, "segment"
    kind, label = values["technology"], values["technology_raw"]
    if kind != "unknown":
        # A packed cell names several; the plan's is the one that its figures stand behind.
        if label and label in cells.text("technology"):
            yield "technology", "technology"
        for slot in ("technology", "tier", "plan", "connection"):
            if technology_in(cells.text(slot)) == kind:
                yield slot, "technology"
        yield (
            ("connection" if cells.text("connection").lower().startswith("mobile") else "down"),
            "technology",
        )
    places = [each.split(",")[0].removesuffix(" County").lstrip("0") for each in values["market"]]
    for slot in ("zip", "city", "county", "place", "state"):
        text = cells.text(slot)
        if text and (any(place in text for place in places) or words()["rows"]["nationwide"].match(text)):
            yield slot, "market"


class Prover:
    """Yields the evidence of one row's offers."""

    def __init__(self, cells: Cells, row: Row, capture_id: str, reader: str, version: int) -> None:
        self._cells, self._row = cells, row
        self._shared = {"capture_id": capture_id, "reader": reader, "reader_version": version}

    def evidence(self, record: str, values: dict[str, Any]) -> Iterator[Evidence]:
        """Yield the evidence of the offer with the id `record` and the slots `values`."""
        cells, seen = self._cells, set()
        columns = [*self._prices(values), *self._read_elsewhere(values), *SLOTS, *told_by(cells, values)]
        for slot, target in columns:
            value = values.get(target.split(".")[0])
            if value is None or value == () or target in seen or not cells.text(slot):
                continue
            proof = self._proof(record, target, cells.columns.slots[slot])
            if proof is not None:
                if not target.endswith(("fees", "name")):
                    seen.add(target)
                yield proof
        yield from self._fees(record, values)
        # A bundle's name states its services.
        name = "plan" if cells.text("plan") else "tier"
        for number in range(len(values.get("bundled_with", ())) if cells.text(name) else 0):
            proof = self._proof(record, f"bundled_with[{number}]", cells.columns.slots[name])
            if proof is not None:
                yield proof

    def _proof(self, record: str, target: str, at: int) -> Evidence | None:
        found = place_of(self._cells.columns, self._row, at)
        if found is None:
            return None
        return Evidence(record_id=record, slot=target, quote=found[0], where=found[1], **self._shared)

    def _read_elsewhere(self, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the columns of slots that may stand in several: speeds of pairs, the contract's length."""
        for target, slot in self._cells.origins.items():
            yield slot, target
        for target, slot in (*self._cells.origins.items(), *_SPANS):
            yield slot, f"{target}_max"
        yield ("contract_months" if values.get("contract_months") else "contract"), "contract_months"
        yield "contract_months", "contract_months"
        if not self._cells.text("plan"):
            yield "tier", "plan_name"

    def _prices(self, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield which column each price was read from: the first of the three that states the amount."""
        for target, order in (
            ("monthly_cents", ("after_price", "price", "intro_price", "intro")),
            ("promo_cents", ("intro_price", "price", "intro")),
            ("price_from", ("price", "after_price", "intro_price")),
            ("quote_only", ("price",)),
            ("currency", ("price", "after_price", "intro_price", "intro")),
        ):
            value = values.get(target)
            if not value and value != 0:
                continue
            for slot in order:
                amount = self._cells.amount(slot)
                if target == "currency" and not self._cells.text(slot):
                    continue
                if target == "price_from":
                    if amount is None or not amount.least:
                        continue
                    yield slot, target
                    break
                if target in ("quote_only", "currency") or (amount is not None and amount.cents == value):
                    yield slot, target
                    break

    def _fees(self, record: str, values: dict[str, Any]) -> Iterator[Evidence]:
        """Yield the cell of each fee that has columns of its own; they stand behind the packed ones."""
        parted = self._cells.parted_fees()
        for once, slot in ((False, "monthly_fees"), (True, "one_time_fees")):
            own = [columns for columns, _ in parted if columns.once == once]
            first = len(values[slot]) - len(own)
            for number, columns in enumerate(own, first):
                for at, target in ((columns.amount_at, ""), (columns.name_at, ".name")):
                    proof = self._proof(record, f"{slot}[{number}]{target}", at) if at is not None else None
                    if proof is not None:
                        yield proof
