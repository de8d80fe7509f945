"""The reader's half of `verify`: the words that stand at an evidence's place in archived bytes now."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from crawlers.readers import VERSIONS
from crawlers.readers.article import body_text
from crawlers.readers.embedded import resolve_pointer
from crawlers.readers.labelfile import CellIndex, file_tables
from crawlers.readers.labeljsoncells import quote_of
from crawlers.readers.labeljsonfile import load_json
from crawlers.readers.labeltext import text_of
from crawlers.readers.page import Page, clean, decode
from crawlers.readers.pagemeta import title_of
from crawlers.readers.pdftext import read_pdf
from crawlers.readers.visible import find_path, visible_text
from market.ids import text_sha256
from market.records import Capture, Cell, CssPath, Evidence, JsonPointer, PageLine, TextSpan


def quote_at(capture: Capture, body: bytes, evidence: Evidence) -> str | None:
    """Return the words at `evidence.where` in `body` (after content decoding), or None when none stand there.

    A span of text is cut from the article read anew, if that text is still the cited one (SHA-256); a CSS
    path gives its element's visible text or attribute, a cell its content, a JSON pointer its value. The last
    bodies stay parsed, since the quotes of one capture are asked for one after the other.

    An older version of a reader may have cut its text or named its place otherwise; its quote then holds when
    those words stand in the page as a whole.
    """
    found = _standing(capture, body, evidence)
    if found != evidence.quote and evidence.reader_version < VERSIONS.get(evidence.reader, 0):
        return evidence.quote if _bare(evidence.quote) in _whole(body) else found
    return found


def _standing(capture: Capture, body: bytes, evidence: Evidence) -> str | None:
    where = evidence.where
    if isinstance(where, TextSpan):
        return _span(capture, body, where)
    if isinstance(where, Cell):
        return _cells(body).words(where)
    if isinstance(where, JsonPointer) and body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _quoted(_document(body), where.pointer)
    if isinstance(where, PageLine):
        lines = _pages(body).get(where.page, ())
        return " ".join(lines[where.line - 1].split()) if 0 < where.line <= len(lines) else None
    page = _page(body)
    if page.tree is None:
        return None
    if isinstance(where, CssPath):
        element = find_path(page.tree, where.path)
        if element is None:
            return None
        return element.get(where.attribute) if where.attribute else visible_text(element) or None
    return _value(page, where)


@lru_cache(maxsize=4)
def _page(body: bytes) -> Page:
    return Page(body)


@lru_cache(maxsize=4)
def _text(body: bytes) -> str:
    return body_text(_page(body))


@lru_cache(maxsize=4)
def _cells(body: bytes) -> CellIndex:
    return CellIndex(file_tables(body))


@lru_cache(maxsize=2)
def _pages(body: bytes) -> dict[int, list[str]]:
    return dict(enumerate(read_pdf(body).pages, 1))


@lru_cache(maxsize=4)
def _whole(body: bytes) -> str:
    """Return everything a page says, shown or not, without blanks; of other files their text."""
    page = _page(body)
    parts = page.tree.itertext() if page.tree is not None else (decode(body),)
    return _bare("".join(part for part in parts if isinstance(part, str)))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _span(capture: Capture, body: bytes, where: TextSpan) -> str | None:
    page, text = _page(body), _text(body)
    if text_sha256(text) != where.text_sha256:
        return None
    if where.field == "title":
        text = title_of(page) or (clean(capture.hint.title) if capture.hint else "")
    if not 0 <= where.start < where.end <= len(text):
        return None
    return text[where.start : where.end]


def _value(page: Page, where: JsonPointer) -> str | None:
    if not 0 <= where.script < len(page.json_scripts):
        return None
    return _quoted(page.json_scripts[where.script], where.pointer)


def _quoted(document: Any, pointer: str) -> str | None:
    value = resolve_pointer(document, pointer)
    return None if value is None else quote_of(value)


@lru_cache(maxsize=2)
def _document(body: bytes) -> Any:
    return load_json(text_of(body)[0].replace("\x00", "").lstrip("\ufeff"))
