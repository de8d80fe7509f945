"""A PDF's pages as lines of text laid out as on paper, within limits on pages and on the size of each."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawlers.readers.page import Trouble

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 80
"""Pages that are read; price lists have a few, tariffs of a state some hundreds with the prices in front."""
MAX_PAGE_BYTES = 1_000_000
"""Drawing instructions of one page: a second's work. A page full of text has some ten thousand bytes."""
MAX_TOTAL_BYTES = 6_000_000
"""Drawing instructions of all pages that are read."""
MAX_EFFORT = 10_000_000
"""Of all pages that are read: the sum of squares of the numbers of strings drawn without a move between them,
since the layout of each walks over those before it; ten millions are some four seconds. A line of text has
some hundred strings.
"""
MAX_LINE = 2_000
"""Characters of a line; what stands farther right is not on the paper."""

_MOVES = re.compile(rb"\b(?:Td|TD|Tm|BT)\b|T\*")
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, TypeError,
    ValueError, NotImplementedError, EOFError, struct.error, zlib.error,
)  # fmt: skip
"""What a damaged file makes the library raise beside its own errors, which build on some of these."""


@dataclass
class Pdf:
    """The lines of each page that was read, with `troubles` for the others."""

    pages: list[list[str]] = field(default_factory=list)
    """A page that could not be read is an empty list, so that page numbers hold."""
    troubles: list[Trouble] = field(default_factory=list)


def is_pdf(body: bytes) -> bool:
    """Say whether a body is a PDF: its mark stands within the first kilobyte."""
    return b"%PDF-" in body[:1024]


def read_pdf(body: bytes) -> Pdf:
    """Return the text of a PDF's pages. Never raises: what cannot be read is a trouble naming the page."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # The library tells of every slip in a file; ours are the troubles.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    result = Pdf()
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            result.troubles.append(
                Trouble(
                    "pdf-locked",
                    "The PDF opens with a password only and was not read; ask the provider for an open one.",
                    "error",
                )
            )
            return result
        count = len(reader.pages)
    except (PyPdfError, DependencyError, ImportError, *_BROKEN) as error:
        result.troubles.append(_broken(f"{type(error).__name__}: {error}"))
        return result
    _read_pages(reader, count, result, (PyPdfError, DependencyError, *_BROKEN))
    if not any(line.strip() for page in result.pages for line in page) and not result.troubles:
        result.troubles.append(
            Trouble(
                "pdf-no-text",
                f"None of the PDF's {count} pages holds text; it is a picture of a price list. Ask for one "
                "with text.",
                "error",
                {"pages": count},
            )
        )
    return result


def _broken(why: str) -> Trouble:
    return Trouble(
        "pdf-broken", f"The PDF is damaged and was not read ({why[:200]}). Fetch it again.", "error"
    )


def _read_pages(reader: PdfReader, count: int, result: Pdf, errors: tuple[type[Exception], ...]) -> None:
    total, effort = 0, 0
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            page = reader.pages[number - 1]
            size, work = _size(page)
            total, effort = total + size, effort + work
            if size > MAX_PAGE_BYTES or total > MAX_TOTAL_BYTES or effort > MAX_EFFORT:
                result.troubles.append(_too_large(number, size))
                result.pages.append([])
                effort -= work
                continue
            text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
        except errors as error:
            result.troubles.append(
                Trouble(
                    "pdf-page-broken",
                    f"Page {number} of the PDF was not read ({type(error).__name__}: {str(error)[:150]}). "
                    "Open the PDF and compare its prices.",
                    data={"page": number},
                )
            )
            result.pages.append([])
            continue
        result.pages.append([line[:MAX_LINE].rstrip() for line in text.split("\n")])
    if count > MAX_PAGES:
        result.troubles.append(
            Trouble(
                "pdf-too-long",
                f"Only the first {MAX_PAGES} of {count} pages were read; point the source at the price list, "
                "or split it.",
                data={"pages": count, "read": MAX_PAGES},
            )
        )


def _size(page: PageObject) -> tuple[int, int]:
    """Return the size of a page's drawing instructions in bytes, unpacked within the library's own limits,
    and the effort of laying them out (MAX_EFFORT).
    """
    contents: Any = page.get_contents()
    drawn: bytes = contents.get_data() if contents is not None else b""
    if len(drawn) > MAX_PAGE_BYTES:
        return len(drawn), 0
    runs = (run.count(b"(") + run.count(b"<") for run in _MOVES.split(drawn))
    return len(drawn), sum(strings * strings for strings in runs)


def _too_large(number: int, size: int) -> Trouble:
    return Trouble(
        "pdf-page-too-large",
        f"Page {number} of the PDF is drawn with {size:,} bytes, more than any page of text needs, and was "
        "not read. Open the PDF and compare its prices.",
        data={"page": number, "bytes": size},
    )
