"""A page or file as a capture, to be read outside of a run."""

from __future__ import annotations

from datetime import UTC, datetime

from market.records import Capture, Source
from market.records.capture import ReaderName

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def frame(reader: ReaderName, url: str) -> tuple[Capture, Source]:
    """Return a capture and a source for a page that is read outside of a run."""
    capture = Capture(
        id="c-bench",
        source_id="bench",
        run_id="bench",
        url=url,
        final_url=url,
        fetched_at=NOW,
        status=200,
        sha256="",
        warc_file="",
        warc_offset=0,
        changed=True,
        reader=reader,
    )
    return capture, Source(id="bench", kind="labels" if reader == "labels" else "page", url=url)
