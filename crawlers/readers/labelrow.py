"""One row of a label file read into its offers, or into the reason why it could not be."""

from __future__ import annotations

import re
from typing import Any

from crawlers.readers.bundled import bundle_key
from crawlers.readers.cells import Cells
from crawlers.readers.columnnames import slot_of, words
from crawlers.readers.columns import Columns
from crawlers.readers.companies import company_id
from crawlers.readers.labelbundle import is_untold_bundle, is_untold_pair, services_of
from crawlers.readers.labelfees import checked
from crawlers.readers.labelnotes import Notes
from crawlers.readers.labelprice import UnreadableError, prices
from crawlers.readers.labelproof import Prover
from crawlers.readers.labelterms import market, segment, technologies, technology, terms
from crawlers.readers.page import Trouble
from crawlers.readers.table import Row
from market.ids import offer_id, slug
from market.records import Capture, Offer, Source
from market.records.offer import Service
from market.units import Span

VERSION = 6
"""Raised whenever a label file can be read differently."""
READER = "labels"
_CUT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
"""What a spreadsheet leaves of a long number: the digits behind are lost, and many plans share the rest."""
PLAN_ID = re.compile(r"[FM]\d{10}[A-Z0-9]{15}")
"""The bureau's plan identifier: fixed or mobile, ten digits, fifteen characters."""


class RowReader:
    """Reads one row; `trouble` says afterwards what could not be read."""

    def __init__(
        self,
        columns: Columns,
        row: Row,
        capture: Capture,
        source: Source,
        units: tuple[str, str],
        lag: int,
        notes: Notes,
        reader: tuple[str, int] = (READER, VERSION),
        *,
        decimal_comma: bool = False,
    ) -> None:
        self._row = row
        self._capture = capture
        self._source = source
        self._notes = notes
        self._reason = row.broken or _shifted(columns, row, lag)
        self._cells = Cells(columns, row.cells, units, decimal_comma)
        self._prover = Prover(self._cells, row, capture.id, *reader)

    def offers(self) -> list[Offer]:
        """Return the row's offers: one a technology, none when the row cannot be trusted."""
        if self._reason:
            return []
        try:
            return self._read()
        except UnreadableError as unreadable:
            self._reason = str(unreadable)
            return []

    def _mark(self, code: str) -> None:
        self._notes.add(code, self._row.place)

    def _read(self) -> list[Offer]:
        cells = self._cells
        plan_id, plan = cells.text("plan_id"), cells.text("plan") or cells.text("tier")
        if _CUT.fullmatch(plan_id):
            cells.problem("plan_id")
            plan_id = ""
        if not plan and not plan_id:
            raise UnreadableError("it names no plan")
        self._refuse_others(plan)
        services = self._services(plan)
        priced = prices(cells, self._mark)
        speeds = cells.speeds()
        labels = list(dict.fromkeys(label for spans in speeds.values() for label in spans if label))
        if not labels:
            labels = technologies(cells)
        provider = cells.text("provider")
        if plan_id and not PLAN_ID.fullmatch(plan_id):
            self._mark("plan-id")
        shared = {
            "capture_id": self._capture.id,
            "source_id": self._capture.source_id,
            "source_row": self._row.line,
            "company": company_id(self._source, provider),
            "provider_raw": provider,
            "plan_id": plan_id or None,
            "plan_name": plan or plan_id,
            "segment": segment(cells, self._source),
            "price_raw": cells.text("price") or cells.text("after_price") or cells.text("intro_price"),
            "observed_at": self._capture.fetched_at,
            "market": market(cells, self._source),
            "tax_raw": cells.text("tax"),
            "bundled_with": services,
            **priced,
            **terms(cells),
        }
        self._check_fees(shared)
        return [self._offer(shared, speeds, label) for label in labels or [""]]

    def _services(self, plan: str) -> tuple[Service, ...]:
        """Return the services of a bundle; raises for one that does not name them."""
        cells = self._cells
        if is_untold_pair(plan):
            raise UnreadableError(f"{plan[:60]!r} is a bundle and does not say of which services")
        if is_untold_bundle(plan):
            self._mark("bundle-untold")
        mobile = cells.text("connection").lower().startswith("mobile") or (
            technology(cells, "") == "mobile" and "internet" not in plan.lower()
        )
        return services_of(plan, mobile=mobile)

    def _check_fees(self, shared: dict[str, Any]) -> None:
        """Take the cents of fees in another unit than the price's, and note those that start at theirs."""
        in_cents = self._cells.in_cents()
        for slot in ("monthly_fees", "one_time_fees"):
            shared[slot], notes = checked(shared[slot], shared.get("currency", "USD"), in_cents=in_cents)
            for code in notes:
                self._mark(code)
        ends = self._cells.amount("termination")
        if ends is not None and ends.currency not in (None, shared.get("currency", "USD")):
            self._cells.problem("termination")
            shared["termination_cents"] = None

    def _refuse_others(self, plan: str) -> None:
        """Raise for lines that sum up others or sell another service."""
        rows, cells = words()["rows"], self._cells
        first = next((cell.strip() for cell in self._row.cells if cell.strip()), "")
        fast = any(cells.text(slot) for slot in ("down", "up", "speed"))
        summary = not fast and any(rows["opens"].match(text) for text in (first, plan))
        if summary or rows["words"].match(self._row.cells[0].strip()):
            raise UnreadableError("it sums up the lines above and names no plan")
        if not fast and rows["others"].search(plan):
            about = f"{plan} {cells.text('tier')} {cells.text('connection')} {cells.text('technology')}"
            if not rows["internet"].search(about):
                raise UnreadableError(f"{plan[:60]!r} names another service than internet")

    def _offer(self, shared: dict[str, Any], speeds: dict[str, dict[str, Span]], label: str) -> Offer:
        cells = self._cells
        values = dict(shared)
        for slot, target in (("down", "down_mbps"), ("up", "up_mbps"), ("latency", "latency_ms")):
            span = speeds[slot].get(label) or speeds[slot].get("")
            if span is not None:
                values[target], values[f"{target}_max"] = span.low, span.high
        base = shared["plan_id"] or slug(f"{shared['plan_name']} {cells.text('tier')}") or "plan"
        base = f"{base}-{slug(self._row.option)}" if self._row.option else base
        plan_key = f"{base}/{slug(label.replace('+', ' plus'))}" if label else base
        plan_key = bundle_key(plan_key, shared["bundled_with"])
        kind = technology(cells, label)
        at = f"row {self._row.line}" + "".join(
            f" {each}" for each in (self._row.sheet, self._row.part) if each
        )
        ident = offer_id(self._capture.id, at, plan_key, kind)
        return Offer(
            id=ident,
            plan_key=plan_key,
            technology=kind,
            technology_raw=label,
            evidence=tuple(
                self._prover.evidence(ident, values | {"technology": kind, "technology_raw": label})
            ),
            **values,
        )

    def trouble(self, read: bool) -> Trouble | None:
        """Return the row's trouble: unreadable as a whole, or some of its cells; None when all was read."""
        cells, place = self._cells, self._row.place
        at = {"line": self._row.line} | ({"sheet": self._row.sheet} if self._row.sheet else {})
        if not read:
            return Trouble(
                "row-unreadable",
                f"{place} was not read: {self._reason or 'it holds no offer'}. "
                "Correct the row or report it to the provider.",
                data=at
                | {
                    "cells": dict(zip(cells.columns.names, self._row.cells, strict=False)),
                    "all": list(self._row.cells),
                },
            )
        if not cells.problems:
            return None
        names = ", ".join(f"{name.strip()} {cell.strip()!r}" for name, cell in cells.problems.items())
        return Trouble(
            "cell-unreadable",
            f"{place} was read but for {names}; these slots are left unknown.",
            data=at | {"cells": cells.problems},
        )


def _shifted(columns: Columns, row: Row, lag: int) -> str:
    """Return why the row's cells may not stand below their names; "" when they do."""
    excess = len(row.cells) - len(columns.names)
    if any(cell.strip() for cell in row.cells[len(columns.names) + lag :]):
        return f"it has {excess} cells more than the header has names, so its cells may be shifted"
    missing = columns.names[len(row.cells) :]
    # A workbook's row ends with its last filled cell; in a delimited file the delimiters count the cells.
    if not row.sheet and any(slot_of(name) != "" for name in missing if name.strip()):
        return f"it ends {-excess} cells before the header does, so its cells may be shifted"
    return ""
