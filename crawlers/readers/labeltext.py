"""The text of a delimited or JSON file, also where lines of two encodings have been joined."""

from __future__ import annotations

import codecs

from crawlers.readers.page import Trouble, decode

MAX_LINES = 500
"""Lines that an issue names."""


def text_of(body: bytes) -> tuple[str, list[int]]:
    """Return a body's text, and the 1-based lines that were read as windows-1252 among lines of UTF-8.

    What is UTF-8 or UTF-16 is read as such; else each line is UTF-8 where all of its bytes are, and
    windows-1252 where they are not.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        if b"\x00" in body[:4096]:
            return decode(body), []
    else:
        return decode(body), []
    lines: list[str] = []
    other: list[int] = []
    mixed = False
    for number, line in enumerate(body.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
            mixed = mixed or not line.isascii()
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            other.append(number)
    return "\n".join(lines), other if mixed else []


def encoding_trouble(lines: list[int]) -> Trouble:
    """Return the issue of lines in another encoding than the others'."""
    return Trouble(
        "encoding-mixed",
        f"{len(lines)} lines are written in windows-1252 and the others in UTF-8; each was read as it is "
        f"written. Compare the names on line {lines[0]}, and tell the provider.",
        data={"lines": lines[:MAX_LINES]},
    )
