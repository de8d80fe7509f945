"""Capture: the archived answer of one URL at one moment, and what is known to ask for it again."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime

ReaderName = Literal["feed", "article", "offers", "labels"]


class Link(Record):
    """A page that a feed told of: the frontier of what is still to be captured."""

    source_id: str
    url: str
    """Absolute http(s) URL of the page."""
    title: str = ""
    """The feed's title for it."""
    published_raw: str = ""
    """The feed's date as it stands there, "" when it gives none."""
    updated_raw: str = ""
    """The feed's date of its last change, "" when it gives none; a new one asks for the page again."""
    state: Literal["pending", "done", "failed"] = "pending"
    """"failed": given up after the settings' number of attempts; an issue says why."""
    attempts: int = 0
    seen_at: UtcTime
    """When the feed first told of it."""

    @property
    def told(self) -> tuple[str, str, str]:
        """What the feed says of the page; where it says something else, the page is asked for again."""
        return self.title, self.published_raw, self.updated_raw


class Validator(Record):
    """What a conditional GET needs to ask whether a URL has changed."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    sha256: str
    """SHA-256 of the last good body after content decoding."""
    capture_id: str
    """The capture that holds that body."""


class Capture(Record):
    """One response as it came over the wire, in the archive. Redirects, 304s and refusals count too."""

    id: str
    source_id: str
    run_id: str
    url: str
    """The URL that was asked for at first (before redirects)."""
    final_url: str
    """The URL that answered this response."""
    fetched_at: UtcTime
    status: int
    """HTTP status."""
    media_type: str = ""
    """Lower-case media type without parameters; "" when the server gave none."""
    sha256: str
    """SHA-256 of the body after content decoding; of the empty string for 304 and empty bodies."""
    warc_file: str
    """File name inside the archive folder."""
    warc_offset: int
    """Byte offset of the record's gzip member in that file."""
    changed: bool
    """False when the body equals the URL's last good one (by 304 or by hash)."""
    same_as: str | None = None
    """The earlier capture that holds the same body, when `changed` is False."""
    reader: ReaderName | None = None
    """Who reads it; None for answers that hold nothing to read (redirect, refusal)."""
    truncated: bool = False
    """True when the body was cut at the size limit."""
    hint: Link | None = None
    """The feed's word for an article page."""
