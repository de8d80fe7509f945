"""After a run was cut off: cuts its WARC files to the last whole member and says what they hold."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.reader import responses
from archive.response import Place, Response
from archive.writer import OPEN_SUFFIX
from market.records.base import Record

_CHUNK = 1 << 20


class TornFile(Record):
    """A WARC file whose run did not end well, already cut to whole members."""

    folder: Path
    file: str
    """Its final name, as captures know it."""
    cut_bytes: int
    """How many bytes of a half-written record were cut off its end."""

    @property
    def path(self) -> Path:
        """Where it lies until it is settled."""
        return self.folder / (self.file + OPEN_SUFFIX)

    def responses(self) -> Iterator[tuple[Place, Response]]:
        """Yield each whole response in order, one at a time in memory."""
        with self.path.open("rb") as handle:
            yield from responses(handle, self.file)

    def settle(self) -> None:
        """Mark it as done; call this once the ledger has what it holds."""
        self.path.rename(self.folder / self.file)


def whole_bytes(handle: BinaryIO) -> int:
    """Return the length of the longest run of whole gzip members from the file's beginning."""
    handle.seek(0)
    whole = 0
    position = 0
    data = b""
    inflater = zlib.decompressobj(wbits=31)
    while True:
        if not data:
            data = handle.read(_CHUNK)
            if not data:
                return whole
        try:
            inflater.decompress(data)
        except zlib.error:
            return whole
        if not inflater.eof:
            position += len(data)
            data = b""
            continue
        position += len(data) - len(inflater.unused_data)
        whole = position
        data = inflater.unused_data
        inflater = zlib.decompressobj(wbits=31)


def recover(folder: Path) -> list[TornFile]:
    """Cut the files that runs left open, oldest first. Files of a run that still goes on are left alone.

    A file without one whole member is removed. Repeating it changes nothing.
    """
    found: list[TornFile] = []
    for path in sorted(folder.glob("*.warc.gz" + OPEN_SUFFIX)):
        with path.open("r+b", buffering=0) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            size = path.stat().st_size
            whole = whole_bytes(handle)
            if whole == 0:
                path.unlink()
                continue
            if whole < size:
                handle.truncate(whole)
        name = path.name.removesuffix(OPEN_SUFFIX)
        found.append(TornFile(folder=folder, file=name, cut_bytes=size - whole))
    return found
