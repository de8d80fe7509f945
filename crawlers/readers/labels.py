"""A broadband label file (CSV, JSON or the label's HTML) read into Offers; each row becomes its offers or an
Issue with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawlers.readers.companies import company_id
from crawlers.readers.labelfile import file_tables, is_page, page_tables
from crawlers.readers.labelgrid import Found
from crawlers.readers.labelnotes import Notes, file_notes, note_troubles
from crawlers.readers.labelpage import LabelPage
from crawlers.readers.labelrow import PLAN_ID, READER, VERSION, RowReader
from crawlers.readers.labeltable import read_table
from crawlers.readers.labeltwice import Twice
from crawlers.readers.labelunits import default_speed_units, has_decimal_commas
from crawlers.readers.labelwords import label_regions
from crawlers.readers.page import Page, Trouble, decode
from crawlers.readers.visible import Flat, flatten
from market.ids import offer_id
from market.records import Capture, Offer, Source
from market.units import cell_text

__all__ = ["VERSION", "LabelFile", "read_labels", "read_table"]

MAX_BYTES = 40_000_000
"""A label file of the largest provider has some ten megabytes."""
MAX_ROWS = 10_000
"""Rows of a table that are read: ten seconds' work. The largest provider's file has some thousands."""
MAX_ROW_TROUBLES = 500
"""So many rows get an issue each; the lines of all further ones stand in one."""


@dataclass
class LabelFile:
    """What a file gave: offers, troubles and the count of its rows."""

    offers: list[Offer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


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
    if body[:5] == b"%PDF-":
        result.troubles.append(
            Trouble(
                "labels-format",
                "The file is a PDF; label files are read as CSV, XLSX, JSON or HTML. Read its price list "
                "with a source of kind page.",
                "error",
            )
        )
    elif is_page(body):
        _read_html(body, capture, source, result)
    else:
        tables = file_tables(body)
        result.troubles.extend(tables.troubles)
        for found in tables.found:
            read_rows(found, capture, source, result)
        if not tables.found and not tables.broken:
            result.troubles.append(
                Trouble(
                    "labels-no-header",
                    "No line of the file names the columns of a broadband label (a price, and a plan or "
                    "speed); check that the URL still leads to the label file.",
                    "error",
                    data={"begins": decode(body[:200])},
                )
            )
    result.offers = list(with_own_ids(result.offers))
    result.counts["offers"] = len(result.offers)
    return result


def with_own_ids(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Yield the offers; one that would have another's id is told apart by its number."""
    seen: Counter[str] = Counter()
    for offer in offers:
        seen[offer.id] += 1
        if seen[offer.id] > 1:
            ident = offer_id(
                offer.capture_id, f"{offer.id} {seen[offer.id]}", offer.plan_key, offer.technology
            )
            evidence = tuple(each.model_copy(update={"record_id": ident}) for each in offer.evidence)
            offer = offer.model_copy(update={"id": ident, "evidence": evidence})
        yield offer


def _read_html(body: bytes, capture: Capture, source: Source, result: LabelFile) -> None:
    page = Page(body)
    result.troubles.extend(page.troubles)
    flat = flatten(page.tree) if page.tree is not None else Flat()
    regions = label_regions(flat)
    notes, twice = Notes(), Twice()
    for region in regions:
        label = LabelPage(flat, region)
        shared: dict[str, Any] = {
            "capture_id": capture.id,
            "source_id": capture.source_id,
            "company": company_id(source, label.provider),
            "segment": source.options.segment,
            "market": source.options.market or (("US",) if source.company else ()),
            "observed_at": capture.fetched_at,
        }
        offer = label.offer(shared, READER, VERSION)
        result.counts["rows"] += 1
        result.counts["rows_read" if offer else "rows_reported"] += 1
        place = f"Label {result.counts['rows']} on the page"
        for code in label.notes:
            notes.add(code, place)
        if offer is not None:
            result.offers.append(offer)
            twice.add(place, [offer])
        if offer is None or label.problems:
            result.counts["rows_with_issue"] += 1
            result.troubles.append(
                _label_trouble(label, place, result.counts["rows"], read=offer is not None)
            )
    result.troubles.extend([*note_troubles(notes), *twice.troubles()])
    listed = list(page_tables(page)) if not regions else []
    for found in listed:
        read_rows(found, capture, source, result)
    if not regions and not listed and page.tree is not None:
        result.troubles.append(
            Trouble(
                "labels-no-header",
                'The page holds no label: nothing in it is headed "Broadband Facts", and no table has the '
                "columns of one. Point the source at the label file, or read the page's plans with a source "
                "of kind page.",
                "error",
            )
        )


def _label_trouble(label: LabelPage, place: str, number: int, *, read: bool) -> Trouble:
    """Return the issue of a label on a page that was not read, or of its rows that were not."""
    told = ", ".join(f"{name} {words!r}" for name, words in label.problems.items())
    if read:
        return Trouble(
            "cell-unreadable",
            f"{place} was read but for {told}; these slots are left unknown.",
            data={"label": number, "cells": label.problems},
        )
    price = label.problems.get("Monthly Price")
    return Trouble(
        "row-unreadable",
        f"{place} states no monthly price that can be read{f' ({price!r})' if price else ''}. Open the page "
        "and compare.",
        data={"label": number, "begins": label.begins},
    )


def read_rows(found: Found, capture: Capture, source: Source, result: LabelFile) -> None:
    """Read a table's rows into `result`, each into its offers or an issue."""
    unread: list[int] = []
    notes = Notes()
    lag = _consistent_excess(found)
    _find_plan_ids(found)
    units = default_speed_units(found)
    commas = has_decimal_commas(found)
    told, twice = 0, Twice()
    for columns, row in found.rows[:MAX_ROWS]:
        result.counts["rows"] += 1
        reader = RowReader(columns, row, capture, source, units, lag, notes, decimal_comma=commas)
        offers = reader.offers()
        result.counts["rows_read" if offers else "rows_reported"] += 1
        result.offers.extend(offers)
        twice.add(row.place, offers)
        trouble = reader.trouble(bool(offers))
        if trouble is None:
            continue
        result.counts["rows_with_issue"] += 1
        told += 1
        if told <= MAX_ROW_TROUBLES:
            result.troubles.append(trouble)
        else:
            unread.append(row.line)
    if unread:
        result.troubles.append(
            Trouble(
                "row-unreadable",
                f"{len(unread)} more rows could not be read whole; the file is not what its header says. "
                "Their lines are listed with this issue.",
                data={"lines": unread},
            )
        )
    if not found.rows:
        result.troubles.append(
            Trouble(
                "labels-empty",
                "The header of a label file stands here and no row below it; fetch the file again, or ask "
                "the provider for one with its plans.",
                data={"columns": list(found.columns.names[:100])},
            )
        )
    beyond = found.rows[MAX_ROWS:]
    if beyond:
        result.counts["rows"] += len(beyond)
        result.counts["rows_reported"] += len(beyond)
        result.troubles.append(
            Trouble(
                "rows-beyond",
                f"Only the first {MAX_ROWS:,} of {len(found.rows):,} rows were read; split the file.",
                "error",
                {"first": beyond[0][1].line, "last": beyond[-1][1].line},
            )
        )
    result.troubles.extend(file_notes(found, "kbps" in units, lag, notes))
    result.troubles.extend(twice.troubles())


def _consistent_excess(found: Found) -> int:
    """Return by how many cells nearly all rows are longer than the header, which lacks the last names."""
    excess = Counter(len(row.cells) - len(columns.names) for columns, row in found.rows)
    if not excess:
        return 0
    common, count = excess.most_common(1)[0]
    return common if 0 < common <= 3 and count >= 3 and count >= 0.8 * len(found.rows) else 0


def _find_plan_ids(found: Found) -> None:
    """Take a column of an unknown name for the plan's id if its cells are such identifiers."""
    for columns in {id(columns): columns for columns, _ in found.rows}.values():
        if "plan_id" in columns.slots:
            continue
        rows = [row for own, row in found.rows[:1000] if own is columns]
        for at, name in enumerate(columns.names):
            cells = [cell for row in rows if at < len(row.cells) and (cell := cell_text(row.cells[at]))]
            if name in columns.unknown and cells and all(map(PLAN_ID.fullmatch, cells)):
                columns.slots["plan_id"] = at
                columns.unknown.remove(name)
                break
