"""One row of a label file read into its offers, or into the reason why it could not be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from crawlers.readers.cells import Cells
from crawlers.readers.columns import Columns, slot_of, words
from crawlers.readers.companies import company_id
from crawlers.readers.page import Trouble
from crawlers.readers.table import Row
from market.ids import offer_id, slug
from market.records import Capture, Cell, Evidence, JsonPointer, Offer, Source
from market.records.offer import Technology
from market.records.source import Segment
from market.units import Money, Span, parse_term

VERSION = 3
"""Raised whenever a label file can be read differently."""
READER = "labels"
_YES_BEFORE = re.compile(r"^(?:yes|y|required)\b[\s,;:–-]*", re.IGNORECASE)
_PLAN_ID = re.compile(r"[FM]\d{10}[A-Z0-9]{15}")


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
        if words()["totals"]["words"].match(self._row.cells[0].strip()):
            self._reason = "it sums up the lines above and names no plan"
            return []
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
        months = cells.months("contract_months")
        # "Yes, 1 year" and "24 months" tell the term where a yes or no is asked for.
        told = parse_term(_YES_BEFORE.sub("", words_).strip("() ")) if re.search("[a-z]", words_) else None
        required: bool | None
        if told and not months:
            required, months = True, told
        elif told == 0 or (not words_ and months == 0 and "contract" not in cells.columns.slots):
            required = False
        else:
            required = (
                cells.flag("contract")
                if words_ and not words_.lower().startswith("requires a business")
                else None
            )
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
        parted = cells.parted_fees()
        terms["monthly_fees"] = cells.fees("monthly_names", "monthly_amounts")
        terms["monthly_fees"] += tuple(fee for columns, fee in parted if not columns.once)
        once = cells.fees("one_time_names", "one_time_amounts")
        once += cells.fees("equipment_names", "equipment_amounts")
        terms["one_time_fees"] = once + tuple(fee for columns, fee in parted if columns.once)
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
            ("monthly_names", "monthly_fees.name"),
            ("one_time_amounts", "one_time_fees"),
            ("one_time_names", "one_time_fees.name"),
            ("equipment_amounts", "one_time_fees"),
            ("equipment_names", "one_time_fees.name"),
        ):
            value = values.get(target.split(".")[0])
            if value is None or value == () or slot not in cells.columns.slots or not cells.text(slot):
                continue
            quote, where = self._place(slot)
            if where is None:
                continue
            yield Evidence(
                capture_id=self._capture.id,
                record_id=record,
                slot=target,
                quote=quote,
                where=where,
                reader=READER,
                reader_version=VERSION,
            )

        yield from self._fee_evidence(record, values)

    def _fee_evidence(self, record: str, values: dict[str, Any]) -> Iterator[Evidence]:
        """Yield the cell of each fee that has columns of its own; they stand behind the packed ones."""
        parted = self._cells.parted_fees()
        for once, slot in ((False, "monthly_fees"), (True, "one_time_fees")):
            own = [columns for columns, _ in parted if columns.once == once]
            first = len(values[slot]) - len(own)
            for number, columns in enumerate(own, first):
                for at, target in ((columns.amount_at, ""), (columns.name_at, ".name")):
                    quote, where = self._place_at(at) if at is not None else ("", None)
                    if where is None:
                        continue
                    yield Evidence(
                        capture_id=self._capture.id,
                        record_id=record,
                        slot=f"{slot}[{number}]{target}",
                        quote=quote,
                        where=where,
                        reader=READER,
                        reader_version=VERSION,
                    )

    def _place(self, slot: str) -> tuple[str, Cell | JsonPointer | None]:
        """Return a slot's words and their place; none for a JSON list's names, told by its amounts."""
        return self._place_at(self._cells.columns.slots[slot])

    def _place_at(self, at: int) -> tuple[str, Cell | JsonPointer | None]:
        name = self._cells.columns.names[at]
        if self._row.pointer is None:
            quote = self._row.cells[at] if at < len(self._row.cells) else ""
            return quote, Cell(row=self._row.line, column=name)
        if name not in self._row.quotes:
            return "", None
        pointer = f"{self._row.pointer}/{self._row.steps[name]}"
        return self._row.quotes[name], JsonPointer(script=0, pointer=pointer)

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
