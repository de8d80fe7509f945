"""Reading: what a reader found on a capture."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime


class Reading(Record):
    """One reader's pass over one capture. "Unseen" differs from "withdrawn" by it."""

    capture_id: str
    reader: str
    """"article", "offers" or "labels"."""
    reader_version: int
    """Raised whenever the reader's answers can differ; a higher one re-reads the archive."""
    outcome: Literal["read", "empty", "failed"]
    """"empty": whole, but holds nothing of its kind. "failed": see the issues of the same capture."""
    records: int
    """How many records came of it."""
    counts: dict[str, int] = {}
    """Reader's own counts, e.g. {"rows": 348, "rows_read": 347, "rows_reported": 1}."""
    read_at: UtcTime
