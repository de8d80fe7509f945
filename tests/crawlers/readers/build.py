"""What the reader tests share: captures and sources of invented providers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers.readers import ReadResult, read_capture
from market.records import Capture, Link, Source

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CASES = Path(__file__).resolve().parents[2] / "cases"


def capture(reader: str, url: str = "https://www.acme-fiber.example/plans", **changes: Any) -> Capture:
    """Return a capture of an invented page."""
    values: dict[str, Any] = {
        "id": "c0",
        "source_id": "acme",
        "run_id": "r1",
        "url": url,
        "final_url": url,
        "fetched_at": NOW,
        "status": 200,
        "sha256": "",
        "warc_file": "crowsnest-r1-00000.warc.gz",
        "warc_offset": 0,
        "changed": True,
        "reader": reader,
    }
    return Capture(**{**values, **changes})


def link(title: str = "", published_raw: str = "") -> Link:
    """Return a feed's word for a page."""
    url = "https://www.acme-fiber.example/news/a"
    return Link(source_id="acme", url=url, title=title, published_raw=published_raw, seen_at=NOW)


def source(kind: str = "page", **changes: Any) -> Source:
    """Return a source of the invented Acme Fiber."""
    values: dict[str, Any] = {
        "id": "acme",
        "kind": kind,
        "url": "https://www.acme-fiber.example/",
        "company": "acme",
    }
    return Source(**{**values, **changes})


def read(reader: str, body: bytes | str, **changes: Any) -> ReadResult:
    """Read a body with the named reader."""
    raw = body.encode() if isinstance(body, str) else body
    kinds = {"labels": "labels", "article": "feed"}
    return read_capture(capture(reader, **changes), raw, source(kinds.get(reader, "page")), NOW)
