"""Gives archived responses back: by file and offset, or a whole file from its beginning."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.content import DECODED_LIMIT, decode
from archive.response import Place, Response, Tags
from archive.writer import OPEN_SUFFIX
from market.errors import UnavailableError
from market.records import Link


def _response(record: ArcWarcRecord) -> Response:
    get = record.rec_headers.get_header
    uri, date = get("WARC-Target-URI"), get("WARC-Date")
    if uri is None or date is None:
        # Bytes from the middle of a member can look like the head of a record.
        raise ArchiveLoadFailed("a record without address or date")
    hint = get("Crowsnest-Hint")
    status_line = record.http_headers.statusline if record.http_headers else ""
    code, _, reason = status_line.partition(" ")
    return Response(
        url=uri,
        status=int(code) if code.isdigit() else 0,
        reason=reason,
        headers=tuple(
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in (record.http_headers.headers if record.http_headers else ())
        ),
        body=record.raw_stream.read(),
        at=datetime.fromisoformat(date).astimezone(UTC),
        tags=Tags(
            source_id=get("Crowsnest-Source") or "",
            run_id=get("Crowsnest-Run") or "",
            asked_url=get("Crowsnest-Asked") or uri,
            reader=get("Crowsnest-Reader"),
            hint=Link.model_validate_json(hint) if hint else None,
        ),
        cut_by=get("WARC-Truncated"),
    )


def responses(handle: BinaryIO, file: str) -> Iterator[tuple[Place, Response]]:
    """Yield each response of an open WARC file with its place. Raises ArchiveLoadFailed on damage."""
    iterator = ArchiveIterator(handle)
    for record in iterator:
        if record.rec_type == "response":
            response = _response(record)
            yield Place(file=file, offset=iterator.get_record_offset()), response


class Archive:
    """The archive folder, read only. Safe to use from several processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """Return where `file` lies, whether its run has ended or not. Raises UnavailableError if nowhere."""
        if Path(file).name != file:
            raise UnavailableError("archive-name", f"{file!r} is no file name of the archive.")
        for path in (self._folder / file, self._folder / (file + OPEN_SUFFIX)):
            if path.exists():
                return path
        raise UnavailableError(
            "archive-missing",
            f"The archive file {file} is not in {self._folder}. Restore it from a backup; "
            "what was read from it can be searched but not verified.",
        )

    def record(self, file: str, offset: int) -> Response:
        """Return the response that begins at `offset`. Raises UnavailableError when it cannot be read."""
        path = self.path(file)
        try:
            with path.open("rb") as handle:
                handle.seek(offset)
                for _, response in responses(handle, file):
                    return response
        except (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error) as error:
            raise UnavailableError(
                "archive-damaged", f"{path} cannot be read at {offset}: {error}"
            ) from error
        raise UnavailableError("archive-damaged", f"{path} holds no response at {offset}.")

    def body(self, file: str, offset: int, limit: int = DECODED_LIMIT) -> bytes:
        """Return a response's body after content decoding, at most `limit` bytes of it."""
        response = self.record(file, offset)
        return decode(response.body, response.header("content-encoding"), limit).body
