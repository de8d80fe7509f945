"""After a run was cut off: cuts its WARC files to the last whole member and says what they hold.

Files of runs that ended well are read again here too, for a ledger that was lost."""

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


class WarcFile(Record):
    """A WARC file of whole members; one whose run did not end well has been cut to them."""

    folder: Path
    file: str
    """Its final name, as captures know it."""
    torn: bool = True
    """Whether its run was cut off."""
    cut_bytes: int = 0
    """How many bytes of a half-written record were cut off its end."""

    @property
    def path(self) -> Path:
        """Where it lies; a torn one until it is settled."""
        return self.folder / (self.file + (OPEN_SUFFIX if self.torn else ""))

    def responses(self) -> Iterator[tuple[Place, Response]]:
        """Yield each whole response in order, one at a time in memory."""
        with self.path.open("rb") as handle:
            yield from responses(handle, self.file)

    def settle(self) -> None:
        """Mark it as done; call this once the ledger has what it holds."""
        if self.torn:
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


def recover(folder: Path) -> list[WarcFile]:
    """Cut the files that runs left open, oldest first. Files of a run that still goes on are left alone.

    A file without one whole member is removed. Repeating it changes nothing.
    """
    found: list[WarcFile] = []
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
        found.append(WarcFile(folder=folder, file=name, cut_bytes=size - whole))
    return found


def settled(folder: Path) -> list[WarcFile]:
    """Return the files of runs that ended well, oldest first."""
    return [WarcFile(folder=folder, file=path.name, torn=False) for path in sorted(folder.glob("*.warc.gz"))]
