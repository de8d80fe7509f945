"""Appends responses to WARC files, each record a gzip member of its own.

What `append` wrote survives the death of the process; `sync` makes it survive that of the machine.

A file is called `crowsnest-<run>-<nnnnn>.warc.gz` and carries the suffix `.open` until its run has ended
well. A file that still has it when nobody holds its lock belongs to a run that was cut off (recovery.py).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import uuid
import zlib
from pathlib import Path
from typing import BinaryIO

from archive.response import Place, Response, warc_date
from market.clock import Clock
from market.errors import UnavailableError

OPEN_SUFFIX = ".open"
ROLL_BYTES = 1 << 30
_PACKED = ("gzip", "x-gzip", "br", "zstd", "deflate")
_DROPPED = {b"transfer-encoding"}


def _digest(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


def _record(kind: str, fields: list[tuple[str, str]], content_type: str, block: bytes) -> bytes:
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>",
        *(f"{name}: {value}" for name, value in fields),
        f"WARC-Block-Digest: {_digest(block)}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]
    return b"".join(("\r\n".join(head).encode(), b"\r\n\r\n", block, b"\r\n\r\n"))


def _member(data: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split())


class WarcWriter:
    """Writes one run's responses. Close it with `complete=True` only when the ledger has them all."""

    def __init__(
        self, folder: Path, run_id: str, now: Clock, *, agent: str = "", roll_bytes: int = ROLL_BYTES
    ) -> None:
        self._folder = folder
        self._run_id = run_id
        self._now = now
        self._agent = agent
        self._roll_bytes = roll_bytes
        self._number = 0
        self._written: list[Path] = []
        self._handle: BinaryIO | None = None
        self._handles: list[BinaryIO] = []
        self._dirty: set[BinaryIO] = set()
        self._file = ""
        self._size = 0

    def write(self, response: Response) -> Place:
        """Append one response, see it on disk and return where it stands. Raises UnavailableError."""
        place = self.append(response)
        self.sync()
        return place

    def sync(self) -> None:
        """Force all that was appended to disk; may run in a thread. Raises UnavailableError."""
        for handle in self._dirty.copy():
            # Unmarked first, so that what is appended meanwhile is marked for the next sync.
            self._dirty.discard(handle)
            try:
                os.fdatasync(handle.fileno())
            except OSError as error:
                self._dirty.add(handle)
                raise self._refused(error) from error

    def _refused(self, error: OSError) -> UnavailableError:
        return UnavailableError(
            "archive-write", f"Cannot write to the archive folder {self._folder} ({error}). Free space there."
        )

    def append(self, response: Response) -> Place:
        """Append one response and return where it stands. Raises UnavailableError when the disk refuses."""
        fields = [
            ("WARC-Target-URI", response.url),
            ("WARC-Date", warc_date(response.at)),
            ("WARC-Payload-Digest", _digest(response.body)),
            ("Crowsnest-Source", _one_line(response.tags.source_id)),
            ("Crowsnest-Run", _one_line(response.tags.run_id)),
            ("Crowsnest-Asked", response.tags.asked_url),
        ]
        if response.tags.reader:
            fields.append(("Crowsnest-Reader", response.tags.reader))
        if response.tags.hint:
            fields.append(("Crowsnest-Hint", _ascii(response.tags.hint.model_dump_json())))
        if response.cut_by:
            fields.append(("WARC-Truncated", response.cut_by))
        head = [
            f"HTTP/1.1 {response.status} {_one_line(response.reason)}".rstrip().encode("latin-1", "replace")
        ]
        for name, value in response.headers:
            # The body is kept without its transfer coding, so the header must not claim one.
            prefix = b"X-Archive-Orig-" if name.lower() in _DROPPED else b""
            head.append(prefix + name + b": " + b" ".join(value.split(b"\n")))
        block = b"\r\n".join(head) + b"\r\n\r\n" + response.body
        packed = response.header("content-encoding").lower() in _PACKED
        data = _member(
            _record("response", fields, "application/http; msgtype=response", block), 0 if packed else 4
        )
        return self._append(data)

    def close(self, *, complete: bool) -> None:
        """Close the files; `complete` takes the mark of an unfinished run from them."""
        for handle, path in zip(self._handles, self._written, strict=True):
            if complete:
                path.rename(path.with_name(path.name.removesuffix(OPEN_SUFFIX)))
            handle.close()
        self._handles, self._written, self._handle = [], [], None

    def _append(self, data: bytes) -> Place:
        try:
            handle = self._handle
            if handle is None or self._size >= self._roll_bytes:
                handle = self._open_next()
            place = Place(file=self._file, offset=self._size)
            # Unbuffered files may write a part only, when the disk fills up.
            written = 0
            while written < len(data):
                written += handle.write(data[written:]) or 0
            self._dirty.add(handle)
        except OSError as error:
            raise self._refused(error) from error
        self._size += len(data)
        return place

    def _open_next(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            self._number += 1
            name = f"crowsnest-{self._run_id}-{self._number:05d}.warc.gz"
            path = self._folder / (name + OPEN_SUFFIX)
            if (self._folder / name).exists() or path.exists():
                continue
            # Unbuffered, so that a write is one system call and a kill can only tear the last member.
            handle = path.open("xb", buffering=0)
            break
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._handle, self._file = handle, name
        self._handles.append(handle)
        self._written.append(path)
        about = f"software: Crowsnest\r\nformat: WARC File Format 1.1\r\nisPartOf: {self._run_id}\r\n"
        about += f"http-header-user-agent: {self._agent}\r\n" if self._agent else ""
        fields = [("WARC-Date", warc_date(self._now.now())), ("WARC-Filename", name)]
        data = _member(_record("warcinfo", fields, "application/warc-fields", about.encode()), 4)
        handle.write(data)
        self._size = len(data)
        return handle


def _ascii(json_text: str) -> str:
    """Escape what is not ASCII, so that every WARC tool reads the header line alike."""
    return "".join(c if c < "\x7f" else "".join(f"\\u{u:04x}" for u in _utf16(c)) for c in json_text)


def _utf16(char: str) -> tuple[int, ...]:
    raw = char.encode("utf-16-be", "surrogatepass")
    return tuple(int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2))
