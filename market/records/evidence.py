"""Evidence: the quoted words and where exactly they stand in a capture."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from market.records.base import Record


class TextSpan(Record):
    """Characters start..end (end exclusive) of a stored article text or title."""

    at: Literal["text"] = "text"
    field: Literal["text", "title"] = "text"
    text_sha256: str
    """SHA-256 of the article's `text` (also when the span is in the title)."""
    start: int
    end: int


class CssPath(Record):
    """An element of an HTML page; the quote is its visible text with blanks collapsed."""

    at: Literal["css"] = "css"
    path: str
    """Unique CSS path from the root, by nth-of-type."""
    attribute: str = ""
    """The attribute of the element whose value is the quote; "" for its visible text."""


class Cell(Record):
    """A cell of a table file."""

    at: Literal["cell"] = "cell"
    row: int
    """1-based line of the file on which the row begins; the header is line 1."""
    column: str
    """Header of the column as it stands in the file; with its letter where an earlier one is called the same
    ("Fee [G]"), the letter alone where columns have no header.
    """
    sheet: str = ""
    """The sheet of a workbook; "" for other files."""


class JsonPointer(Record):
    """A value inside a JSON file, or a JSON document embedded in a page (RFC 6901)."""

    at: Literal["json"] = "json"
    script: int
    """0-based number of the document on the page: `application/ld+json` scripts first, then other scripts'
    state; 0 for a JSON file."""
    pointer: str


class PageLine(Record):
    """A line of a paged file (PDF); the quote is its text with blanks collapsed."""

    at: Literal["page"] = "page"
    page: int
    """1-based."""
    line: int
    """1-based line of the page's text laid out as on paper; blank lines count."""


Locator = Annotated[TextSpan | CssPath | Cell | JsonPointer | PageLine, Field(discriminator="at")]


class Evidence(Record):
    """A quote and its place. `verify` runs the reader on the archived bytes again and compares."""

    capture_id: str
    record_id: str = ""
    """The article or offer it was read into; "" while that record is being built."""
    slot: str = ""
    """The field it proves: "monthly_cents", "passings"; "" when it proves the claim as a whole."""
    quote: str
    """The words exactly as they stand at the locator."""
    where: Locator
    reader: str
    reader_version: int
