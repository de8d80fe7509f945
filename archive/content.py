"""Content codings: from the bytes on the wire to the body, never beyond a limit of decoded bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

import brotli
from backports import zstd

ACCEPT_ENCODING = b"gzip, deflate, br, zstd"
DECODED_LIMIT = 64 * 1024 * 1024
"""Decoded bytes kept of one body unless the caller says otherwise."""
_CHUNK = 1 << 16

Problem = Literal["too-large", "broken", "unknown-coding"]


class Decoded(NamedTuple):
    """A body after content decoding; with `problem` set it holds what could be had."""

    body: bytes
    problem: Problem | None = None


def _inflated(data: bytes, wbits: int) -> Iterator[bytes]:
    """Yield the decoded pieces of `data`, following further gzip members. Raises zlib.error on bad data."""
    rest = data
    while rest:
        inflater = zlib.decompressobj(wbits=wbits)
        pending = rest
        while pending and not inflater.eof:
            yield inflater.decompress(pending, _CHUNK)
            pending = inflater.unconsumed_tail
        if not inflater.eof:
            yield inflater.flush()
            raise EOFError
        rest = inflater.unused_data.lstrip(b"\0")
        if wbits != 31 or not rest.startswith(b"\x1f\x8b"):
            return


def _gzip(data: bytes) -> Iterator[bytes]:
    return _inflated(data, 31)


def _deflate(data: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib; some servers send a raw deflate stream under the same name.
    zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflated(data, 15 if zlib_header else -15)


def _brotli(data: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    piece = decoder.process(data, output_buffer_limit=_CHUNK)
    while piece:
        yield piece
        piece = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=_CHUNK)
    if not decoder.is_finished():
        raise EOFError


def _zstd(data: bytes) -> Iterator[bytes]:
    rest = data
    while rest:
        decoder = zstd.ZstdDecompressor()
        pending = rest
        while not decoder.eof:
            piece = decoder.decompress(pending, _CHUNK)
            pending = b""
            if not piece and decoder.needs_input:
                raise EOFError
            yield piece
        rest = decoder.unused_data


_CODINGS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}


def _one(data: bytes, coding: str, limit: int) -> Decoded:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _CODINGS[coding](data):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                return Decoded(b"".join(pieces)[:limit], "too-large")
    except EOFError:
        return Decoded(b"".join(pieces), "broken")
    except (zlib.error, brotli.error, zstd.ZstdError):
        # A plain body under a coding's name is common; what is no such stream from its first byte is plain.
        return Decoded(b"".join(pieces), "broken") if size else Decoded(data[:limit])
    return Decoded(b"".join(pieces))


def decode(data: bytes, content_encoding: str, limit: int = DECODED_LIMIT) -> Decoded:
    """Undo the codings of a Content-Encoding header ("gzip", "br, gzip"), the last one first.

    An empty body and "identity" pass as they are; an unknown coding leaves the bytes undecoded.
    """
    codings = [name for part in content_encoding.lower().split(",") if (name := part.strip())]
    problem: Problem | None = None
    for coding in reversed(codings):
        if coding in ("identity", "none") or not data:
            continue
        if coding not in _CODINGS:
            return Decoded(data[:limit], "unknown-coding")
        data, found = _one(data, coding, limit)
        problem = problem or found
    if len(data) > limit:
        return Decoded(data[:limit], "too-large")
    return Decoded(data, problem)
