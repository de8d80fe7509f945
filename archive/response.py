"""What the archive keeps of one HTTP response, and how it is written as a WARC record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from market.records import Link
from market.records.base import Record, UtcTime
from market.records.capture import ReaderName

CutBy = Literal["length", "disconnect"]
"""WARC-Truncated: cut by us at the size limit, or by the other side going away."""


class Tags(Record):
    """What the WARC header says beside the standard's fields, so that a capture can be rebuilt from it."""

    source_id: str
    run_id: str
    asked_url: str
    """The URL that was asked for at first, before redirects."""
    reader: ReaderName | None = None
    """Who is to read the answer, should it hold something to read."""
    hint: Link | None = None


class Place(Record):
    """Where a record stands: the file's name in the archive folder, and its gzip member's first byte."""

    file: str
    offset: int


class Response(Record):
    """One response as it came over the wire (after transfer decoding, before content decoding)."""

    url: str
    status: int
    reason: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    at: UtcTime
    tags: Tags
    cut_by: CutBy | None = None

    def header(self, name: str) -> str:
        """Return a header's values joined by commas, "" when there is none; the name's case is ignored."""
        wanted = name.lower().encode()
        values = [value for key, value in self.headers if key.lower() == wanted]
        return ", ".join(value.decode("latin-1") for value in values).strip()

    @property
    def media_type(self) -> str:
        """The media type in lower case without parameters, "" when the server gave none."""
        return self.header("content-type").split(",")[0].split(";")[0].strip().lower()


def warc_date(moment: datetime) -> str:
    """Return a WARC 1.1 date with microseconds: "2026-11-24T09:00:00.000000Z"."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
