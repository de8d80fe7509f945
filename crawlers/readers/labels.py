"""A broadband label file (CSV, JSON or the label's HTML) read into Offers; each row becomes its offers or an
Issue with its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawlers.readers.companies import company_id
from crawlers.readers.labeljson import read_json_table
from crawlers.readers.labelpage import LabelPage, label_regions
from crawlers.readers.labelrow import READER, VERSION, RowReader
from crawlers.readers.labeltable import Found, read_table
from crawlers.readers.page import Page, Trouble, decode
from crawlers.readers.visible import Flat, flatten
from market.records import Capture, Offer, Source
from market.units import cell_text, parse_speed

__all__ = ["VERSION", "LabelFile", "read_labels", "read_table"]

MAX_BYTES = 100_000_000
"""A label file of the largest provider has some ten megabytes."""
MAX_ROW_TROUBLES = 500
"""So many rows get an issue each; the lines of all further ones stand in one."""
MAX_MBPS_PER_LABEL = 100_000
"""Labels are for the mass market: unit-less figures beyond 100 Gbps are kbps."""


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
    if body[:4] == b"PK\x03\x04" or body[:5] == b"%PDF-":
        kind = "an XLSX workbook" if body[:2] == b"PK" else "a PDF"
        result.troubles.append(
            Trouble(
                "labels-format",
                f"The file is {kind}; label files are read as CSV, JSON or HTML. Save it as CSV.",
                "error",
            )
        )
        return result
    text = decode(body).replace("\x00", "")
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":
        _read_html(body, capture, source, result)
        return result
    found = read_json_table(text) if text.lstrip()[:1] in ("{", "[") else read_table(text)
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


def _read_html(body: bytes, capture: Capture, source: Source, result: LabelFile) -> None:
    page = Page(body)
    result.troubles.extend(page.troubles)
    flat = flatten(page.tree) if page.tree is not None else Flat()
    regions = label_regions(flat)
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
        if offer is not None:
            result.offers.append(offer)
            continue
        result.counts["rows_with_issue"] += 1
        result.troubles.append(
            Trouble(
                "row-unreadable",
                f"Label {result.counts['rows']} on the page states no monthly price that can be read. "
                "Open the page and compare.",
                data={"label": result.counts["rows"], "begins": label.begins},
            )
        )
    result.counts["offers"] = len(result.offers)
    if not regions:
        result.troubles.append(
            Trouble(
                "labels-no-header",
                'The page holds no label: nothing in it is headed "Broadband Facts". Point the source at the '
                "label file, or read the page's plans with a source of kind page.",
                "error",
            )
        )


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
            f"{len(lines)} lines above the header were passed over; read them where a plan is missing.",
            "info",
            {"lines": lines},
        )
    if found.mended:
        yield Trouble(
            "header-glued",
            "Names in the header are glued together and were parted; compare a row with its label, and tell "
            f"the provider: {', '.join(cell.strip()[:60] for cell in found.mended[:5])}.",
            data={"cells": list(found.mended)},
        )
    unknown = [*found.columns.unknown, *found.columns.twice]
    if unknown:
        yield Trouble(
            "column-unknown",
            "Columns not of the label were passed over; what they say stands in no offer: "
            f"{', '.join(name.strip() for name in unknown)}.",
            "info",
            {"columns": unknown},
        )
    if lag:
        yield Trouble(
            "header-short",
            f"Most rows have {lag} cells more than the header has names; the last were passed over. "
            "Tell the provider.",
            "info",
            {"cells": lag},
        )
    if assumed:
        yield Trouble(
            "speed-unit-assumed",
            "Speeds without a unit go beyond 100 Gbps and were read as kbps; compare a row with its label.",
            "info",
        )
    texts = {
        "plan-id": "rows whose plan id is not F or M, ten digits and fifteen characters; it is kept as it "
        "stands",
        "intro-above": "rows with an introductory price above the monthly one; the lower was read as the "
        "promotion. Compare one with its label",
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
