"""A broadband label file (CSV) read into Offers, each row into its offers or into an Issue with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawlers.readers.cells import Cells
from crawlers.readers.columns import (
    Columns,
    cut_glued_header,
    cut_glued_row,
    looks_like_header,
    slot_of,
    unglue,
    words,
)
from crawlers.readers.companies import company_id
from crawlers.readers.page import Trouble, decode
from crawlers.readers.table import Row, read_rows
from market.ids import offer_id, slug
from market.records import Capture, Cell, Evidence, Offer, Source
from market.records.offer import Technology
from market.records.source import Segment
from market.units import Money, Span, cell_text, parse_speed

VERSION = 1
"""Raised whenever a label file can be read differently."""
READER = "labels"
MAX_BYTES = 100_000_000
"""A label file of the largest provider has some ten megabytes."""
MAX_ROW_TROUBLES = 500
"""So many rows get an issue each; the lines of all further ones stand in one."""
HEADER_LINES = 20
"""The header stands within the first so many records."""
MAX_MBPS_PER_LABEL = 100_000
"""Labels are for the mass market: unit-less figures beyond 100 Gbps are kbps."""
_PLAN_ID = re.compile(r"[FM]\d{10}[A-Z0-9]{15}")


@dataclass
class LabelFile:
    """What a file gave: offers, troubles and the count of its rows."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Found:
    """A header and the rows below it."""

    columns: Columns
    rows: list[tuple[Columns, Row]]
    preamble: list[Row]


def read_table(text: str) -> Found | None:
    """Return the header of a label file and its rows, or None when no line is one.

    The delimiter is the one under which the header has most known names. A header that comes again (files
    joined together) starts anew; one glued to a row is cut from it.
    """
    delimiter = _delimiter("\n".join(text.split("\n")[:HEADER_LINES]))
    if delimiter is None:
        return None
    rows = list(read_rows(text, delimiter))
    for at, row in enumerate(rows[:HEADER_LINES]):
        cells, first = row.cells, None
        glued = cut_glued_header(cells)
        if glued:
            cells, first = glued[0], Row(row.line, glued[1], row.broken)
        columns = Columns.of(unglue(cells))
        if columns.usable:
            below = [first, *rows[at + 1 :]] if first else rows[at + 1 :]
            return Found(columns, list(_under(columns, below)), rows[:at])
    return None


def _delimiter(head: str) -> str | None:
    """Return the delimiter under which a line of `head` has most known names (three at least), or None."""
    for part in (tuple, unglue):
        best: tuple[int, str] = (2, "")
        for delimiter in (",", ";", "\t", "|"):
            for row in read_rows(head, delimiter):
                known = sum(bool(slot_of(cell)) for cell in part(row.cells[:200]))
                if known > best[0]:
                    best = (known, delimiter)
        if best[1]:
            return best[1]
    return None


def _under(columns: Columns, rows: list[Row]) -> Iterator[tuple[Columns, Row]]:
    width = len(columns.names)
    first = columns.names[0]
    for row in rows:
        cells = row.cells
        if len(cells) > width:
            glued = cut_glued_row(cells, first)
            if glued:
                yield columns, Row(row.line, glued[0], row.broken)
                columns = Columns.of(unglue(glued[1]))
                continue
        if cells[0] and slot_of(cells[0]) is not None and looks_like_header(cells):
            again = Columns.of(unglue(cells))
            if again.usable:
                columns = again
                continue
        if any(cell.strip() for cell in cells):
            yield columns, row


def read_labels(capture: Capture, body: bytes, source: Source, now: datetime) -> LabelFile:
    """Read a label file; `now` is not used, since an offer is observed when its file was captured."""
    result = LabelFile()
    if len(body) > MAX_BYTES:
        result.troubles.append(
            Trouble(
                "file-too-large",
                f"Only the first {MAX_BYTES:,} of {len(body):,} bytes were read; split the file.",
                data={"bytes": len(body)},
            )
        )
        body = body[:MAX_BYTES]
    if body[:4] == b"PK\x03\x04" or body[:5] == b"%PDF-":
        kind = "an XLSX workbook" if body[:2] == b"PK" else "a PDF"
        result.troubles.append(
            Trouble(
                "labels-format", f"The file is {kind}; label files are read as CSV. Save it as CSV.", "error"
            )
        )
        return result
    found = read_table(decode(body).replace("\x00", ""))
    if found is None:
        result.troubles.append(
            Trouble(
                "labels-no-header",
                "No line of the file names the columns of a broadband label (a price, and a plan or speed); "
                "check that the URL still leads to the label file.",
                "error",
                data={"begins": decode(body[:200])},
            )
        )
        return result
    _read_rows(found, capture, source, result)
    return result


def _read_rows(found: Found, capture: Capture, source: Source, result: LabelFile) -> None:
    unread: list[int] = []
    notes: Counter[str] = Counter()
    lag = _consistent_excess(found)
    default_speed, assumed = _default_speed(found)
    for columns, row in found.rows:
        result.counts["rows"] += 1
        reader = RowReader(columns, row, capture, source, default_speed, lag, notes)
        offers = reader.offers()
        result.counts["rows_read" if offers else "rows_reported"] += 1
        result.offers.extend(offers)
        trouble = reader.trouble(bool(offers))
        if trouble is None:
            continue
        result.counts["rows_with_issue"] += 1
        if result.counts["rows_with_issue"] <= MAX_ROW_TROUBLES:
            result.troubles.append(trouble)
        else:
            unread.append(row.line)
    result.counts["offers"] = len(result.offers)
    if unread:
        result.troubles.append(
            Trouble(
                "row-unreadable",
                f"{len(unread)} more rows could not be read whole; the file is not what its header says. "
                "Their lines are listed with this issue.",
                data={"lines": unread},
            )
        )
    result.troubles.extend(_file_notes(found, assumed, lag, notes))


def _file_notes(found: Found, assumed: bool, lag: int, notes: Counter[str]) -> Iterator[Trouble]:
    if found.preamble:
        lines = [row.line for row in found.preamble]
        yield Trouble(
            "labels-preamble",
            f"{len(lines)} lines above the header were passed over.",
            "info",
            {"lines": lines},
        )
    unknown = [*found.columns.unknown, *found.columns.twice]
    if unknown:
        yield Trouble(
            "column-unknown",
            f"Columns not of the label were passed over: {', '.join(name.strip() for name in unknown)}.",
            "info",
            {"columns": unknown},
        )
    if lag:
        yield Trouble(
            "header-short",
            f"Most rows have {lag} cells more than the header has names.",
            "info",
            {"cells": lag},
        )
    if assumed:
        yield Trouble(
            "speed-unit-assumed",
            "Speeds without a unit go beyond 100 Gbps and were read as kbps.",
            "info",
        )
    texts = {
        "plan-id": "plans have an id that is not F or M, ten digits and fifteen characters",
        "intro-above": "rows have an introductory price above the monthly one; the lower is the promotion",
    }
    for code, count in sorted(notes.items()):
        yield Trouble(f"label-{code}", f"{count} {texts[code]}.", "info", {"count": count})


def _consistent_excess(found: Found) -> int:
    """Return by how many cells nearly all rows are longer than the header, which lacks the last names."""
    excess = Counter(len(row.cells) - len(columns.names) for columns, row in found.rows)
    if not excess:
        return 0
    common, count = excess.most_common(1)[0]
    return common if 0 < common <= 3 and count >= 3 and count >= 0.8 * len(found.rows) else 0


def _default_speed(found: Found) -> tuple[str, bool]:
    """Return the unit of speeds that stand without one, and whether their size had to tell it."""
    at = found.columns.slots.get("down")
    if at is None:
        return "Mbps", False
    bare = []
    for _, row in found.rows[:5000]:
        if at < len(row.cells):
            span = parse_speed(row.cells[at], default_unit="Mbps")
            if span is not None and re.fullmatch(r"[\d.,\s-]+", cell_text(row.cells[at])):
                bare.append(span.high or span.low)
    return ("kbps", True) if bare and max(bare) > MAX_MBPS_PER_LABEL else ("Mbps", False)


class RowReader:
    """Reads one row; `trouble` says afterwards what could not be read."""

    def __init__(
        self,
        columns: Columns,
        row: Row,
        capture: Capture,
        source: Source,
        default_speed: str,
        lag: int,
        notes: Counter[str],
    ) -> None:
        self._row = row
        self._capture = capture
        self._source = source
        self._notes = notes
        self._reason = row.broken
        excess = len(row.cells) - len(columns.names)
        spare = [cell for cell in row.cells[len(columns.names) + lag :] if cell.strip()]
        if not self._reason and spare:
            self._reason = (
                f"it has {excess} cells more than the header has names, so its cells may be shifted"
            )
        missing = columns.names[len(row.cells) :]
        if not self._reason and any(slot_of(name) != "" for name in missing if name.strip()):
            self._reason = f"it ends {-excess} cells before the header does, so its cells may be shifted"
        self._cells = Cells(columns, row.cells, default_speed)

    def offers(self) -> list[Offer]:
        """Return the row's offers: one a technology, none when the row cannot be trusted."""
        if self._reason:
            return []
        cells = self._cells
        plan_id, plan = cells.text("plan_id"), cells.text("plan") or cells.text("tier")
        if not plan and not plan_id:
            self._reason = "it names no plan"
            return []
        prices = self._prices()
        if prices is None:
            return []
        speeds = {slot: cells.spans(slot) for slot in ("down", "up", "latency")}
        labels = list(dict.fromkeys(label for spans in speeds.values() for label in spans if label))
        provider = cells.text("provider")
        if plan_id and not _PLAN_ID.fullmatch(plan_id):
            self._notes["plan-id"] += 1
        shared = {
            "capture_id": self._capture.id,
            "source_id": self._capture.source_id,
            "source_row": self._row.line,
            "company": company_id(self._source, provider),
            "provider_raw": provider,
            "plan_id": plan_id or None,
            "plan_name": plan or plan_id,
            "segment": self._segment(),
            "price_raw": cells.text("price") or cells.text("intro_price"),
            "observed_at": self._capture.fetched_at,
            "market": self._source.options.market or (("US",) if self._source.company else ()),
            "tax_raw": cells.text("tax"),
            **prices,
            **self._terms(),
        }
        return [self._offer(shared, speeds, label) for label in labels or [""]]

    def _offer(self, shared: dict[str, Any], speeds: dict[str, dict[str, Span]], label: str) -> Offer:
        cells = self._cells
        values = dict(shared)
        for slot, target in (("down", "down_mbps"), ("up", "up_mbps"), ("latency", "latency_ms")):
            span = speeds[slot].get(label) or speeds[slot].get("")
            if span is not None:
                values[target], values[f"{target}_max"] = span.low, span.high
        base = shared["plan_id"] or slug(f"{shared['plan_name']} {cells.text('tier')}") or "plan"
        plan_key = f"{base}/{slug(label.replace('+', ' plus'))}" if label else base
        technology = self._technology(label)
        ident = offer_id(self._capture.id, f"row {self._row.line}", plan_key, technology)
        return Offer(
            id=ident,
            plan_key=plan_key,
            technology=technology,
            technology_raw=label,
            evidence=tuple(self._evidence(ident, values)),
            **values,
        )

    def _prices(self) -> dict[str, Any] | None:
        """Return the price slots; None, with a reason, when the row has no price that can be read."""
        cells = self._cells
        if cells.asks_for_quote("price"):
            return {"quote_only": True}
        price, intro, after = cells.money("price"), cells.money("intro_price"), cells.money("after_price")
        flag = cells.flag("intro")
        months = cells.months("intro_months")
        if flag is False or (flag is None and intro is None and after is None):
            if price is None:
                self._reason = "its monthly price cannot be read"
                return None
            if flag is False and _says_more(intro, price):
                cells.problem("intro_price")
            return {"monthly_cents": price.cents, "currency": price.currency or "USD"}
        return self._promotion(price, intro, after, months)

    def _promotion(
        self, price: Money | None, intro: Money | None, after: Money | None, months: int | None
    ) -> dict[str, Any] | None:
        regular, promo = price, intro
        if after is not None:
            # Files with a column for the price afterwards put the introductory one into the price column.
            regular, promo = after, intro or price
        elif intro is None:
            regular, promo = None, price
        elif price is not None and intro.cents > price.cents:
            self._notes["intro-above"] += 1
            regular, promo = intro, price
        if regular is None and promo is None:
            self._reason = "its monthly price cannot be read"
            return None
        named = next((money.currency for money in (regular, promo) if money and money.currency), "USD")
        return {
            "monthly_cents": regular.cents if regular else None,
            "promo_cents": promo.cents if promo else None,
            "promo_months": months or None,
            "currency": named,
        }

    def _terms(self) -> dict[str, Any]:
        cells = self._cells
        terms: dict[str, Any] = {}
        words_ = cells.text("contract")
        required = (
            cells.flag("contract")
            if words_ and not words_.lower().startswith("requires a business")
            else None
        )
        months = cells.months("contract_months")
        if required is False:
            if months:
                cells.problem("contract_months")
            else:
                terms["contract_months"] = 0
        elif months:
            terms["contract_months"] = months
        if cells.text("termination"):
            amount = cells.money("termination")
            terms["termination_cents"] = amount.cents if amount else None
        data = cells.data()
        if data is not None:
            terms["data_cap_gb"], terms["unlimited_data"] = data.gb, data.unlimited
        terms["monthly_fees"] = cells.fees("monthly_names", "monthly_amounts")
        once = cells.fees("one_time_names", "one_time_amounts")
        terms["one_time_fees"] = once + cells.fees("equipment_names", "equipment_amounts")
        return terms

    def _segment(self) -> Segment:
        named = " ".join(self._cells.text(slot) for slot in ("plan", "tier", "connection"))
        for entry in words()["segment"]:
            if entry["words"].search(named):
                segment: Segment = entry["name"]
                return segment
        return self._source.options.segment

    def _technology(self, label: str) -> Technology:
        cells = self._cells
        if cells.text("connection").lower().startswith("mobile"):
            return "mobile"
        for named in (
            cells.text("technology"),
            cells.text("tier"),
            cells.text("plan"),
            cells.text("connection"),
            label,
        ):
            for entry in words()["technology"]:
                if named and entry["words"].search(named):
                    technology: Technology = entry["name"]
                    return technology
        return "unknown"

    def _evidence(self, record: str, values: dict[str, Any]) -> Iterator[Evidence]:
        cells = self._cells
        prices = self._price_columns(values)
        for slot, target in (
            *prices,
            ("plan", "plan_name"),
            ("plan_id", "plan_id"),
            ("intro_months", "promo_months"),
            ("contract_months" if values.get("contract_months") else "contract", "contract_months"),
            ("down", "down_mbps"),
            ("up", "up_mbps"),
            ("latency", "latency_ms"),
            ("data", "data_cap_gb"),
            ("data", "unlimited_data"),
            ("termination", "termination_cents"),
            ("monthly_amounts", "monthly_fees"),
            ("one_time_amounts", "one_time_fees"),
        ):
            value = values.get(target)
            if value is None or value == () or slot not in cells.columns.slots or not cells.text(slot):
                continue
            yield Evidence(
                capture_id=self._capture.id,
                record_id=record,
                slot=target,
                quote=cells.raw(slot),
                where=Cell(row=self._row.line, column=cells.name(slot)),
                reader=READER,
                reader_version=VERSION,
            )

    def _price_columns(self, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield which column each price was read from: the first of the three that states the amount."""
        for target, order in (
            ("monthly_cents", ("after_price", "price", "intro_price")),
            ("promo_cents", ("intro_price", "price")),
            ("quote_only", ("price",)),
        ):
            value = values.get(target)
            if not value and value != 0:
                continue
            for slot in order:
                amount = self._cells.money(slot) if slot in self._cells.columns.slots else None
                if target == "quote_only" or (amount is not None and amount.cents == value):
                    yield slot, target
                    break

    def trouble(self, read: bool) -> Trouble | None:
        """Return the row's trouble: unreadable as a whole, or some of its cells; None when all was read."""
        line, cells = self._row.line, self._cells
        if not read:
            return Trouble(
                "row-unreadable",
                f"Line {line} was not read: {self._reason or 'it holds no offer'}. "
                "Correct the row or report it to the provider.",
                data={
                    "line": line,
                    "cells": dict(zip(cells.columns.names, self._row.cells, strict=False)),
                    "all": list(self._row.cells),
                },
            )
        if not cells.problems:
            return None
        names = ", ".join(f"{name.strip()} {cell.strip()!r}" for name, cell in cells.problems.items())
        return Trouble(
            "cell-unreadable",
            f"Line {line} was read but for {names}; these slots are left unknown.",
            data={"line": line, "cells": cells.problems},
        )


def _says_more(intro: Money | None, price: Money) -> bool:
    return intro is not None and intro.cents not in (0, price.cents)
