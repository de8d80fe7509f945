"""The reader's half of `verify`: the words that stand at an evidence's place in archived bytes now."""

from __future__ import annotations

from crawlers.readers.article import body_text, title_of
from crawlers.readers.labels import read_table
from crawlers.readers.page import Page, clean, decode, resolve_pointer
from crawlers.readers.visible import find_path, visible_text
from market.ids import text_sha256
from market.records import Capture, Cell, CssPath, Evidence, JsonPointer, TextSpan


def quote_at(capture: Capture, body: bytes, evidence: Evidence) -> str | None:
    """Return the words at `evidence.where` in `body` (after content decoding), or None when none stand there.

    A span of text is cut from the article read anew, and only when that text is still the cited one (its SHA-256);
    a CSS path gives the element's visible text, a cell its content, a JSON pointer its value.
    """
    where = evidence.where
    if isinstance(where, TextSpan):
        return _span(capture, body, where)
    if isinstance(where, Cell):
        return _cell(body, where)
    page = Page(body)
    if page.tree is None:
        return None
    if isinstance(where, CssPath):
        element = find_path(page.tree, where.path)
        return visible_text(element) or None if element is not None else None
    return _value(page, where)


def _span(capture: Capture, body: bytes, where: TextSpan) -> str | None:
    page = Page(body)
    text = body_text(page)
    if text_sha256(text) != where.text_sha256:
        return None
    if where.field == "title":
        text = title_of(page) or (clean(capture.hint.title) if capture.hint else "")
    if not 0 <= where.start < where.end <= len(text):
        return None
    return text[where.start : where.end]


def _cell(body: bytes, where: Cell) -> str | None:
    found = read_table(decode(body).replace("\x00", ""))
    if found is None:
        return None
    for columns, row in found.rows:
        if row.line == where.row and where.column in columns.names:
            at = columns.names.index(where.column)
            return row.cells[at] if at < len(row.cells) else None
    return None


def _value(page: Page, where: JsonPointer) -> str | None:
    if not 0 <= where.script < len(page.json_ld):
        return None
    value = resolve_pointer(page.json_ld[where.script], where.pointer)
    return None if value is None or isinstance(value, dict | list) else str(value)
