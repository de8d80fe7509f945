"""An HTML page as every reader sees it: decoded once, parsed once, its JSON-LD and meta data at hand."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from crawlers.readers.embedded import MAX_JSON_BYTES, loads, state_documents
from crawlers.readers.embedded import json_types as json_types
from crawlers.readers.embedded import resolve_pointer as resolve_pointer
from crawlers.readers.embedded import walk_json as walk_json
from crawlers.readers.struck import mark_struck

MAX_HTML_BYTES = 8_000_000
"""Longer pages are cut here: no news or plan page is as long, and reading time grows with the tree."""
MAX_ELEMENTS = 40_000
"""A page with more elements is not read: body extraction would outlast the pool's time limit. News and
plan pages have some thousands."""
MAX_TAG = 20_000
"""Characters. A longer start tag (inlined pictures, state) loses its attributes: parsing takes the square of
their number, and no reader needs them."""
MAX_STRANGE = 0.05
"""Share of undecodable and control characters above which a body is no text."""


@dataclass(frozen=True)
class Trouble:
    """Something wrong with a page or a file, to become an Issue of its capture."""

    code: str
    message: str
    level: str = "warning"
    data: dict[str, Any] = field(default_factory=dict)


def decode(body: bytes) -> str:
    """Return the text of an HTML or CSV body.

    A byte order mark decides; then UTF-8, if all bytes are valid; then the charset the page declares; then
    windows-1252, as browsers do. A character cut at the very end (truncated body) does not spoil UTF-8.
    """
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return body[len(mark) :].decode(encoding, "replace")
    if body[:4096].count(b"\x00") > len(body[:4096]) // 4:
        # UTF-16 without a mark: every other byte of Latin text is NUL.
        order = "utf-16-le" if body[1:2] == b"\x00" else "utf-16-be"
        return body.decode(order, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        declared = html_body_declared_encoding(body[:4096])
        charset = resolve_encoding(declared) if declared else None
        if charset is not None and charset.startswith(("utf-16", "utf-32")):
            # The declaration was read as ASCII, so the page is neither.
            charset = None
        if charset in (None, "utf-8"):
            # A page that calls itself UTF-8 and is so but for a few bytes keeps its other characters.
            mostly_utf8 = charset == "utf-8" or _valid_multibyte(body)
            return body.decode("utf-8" if mostly_utf8 else "cp1252", "replace")
        try:
            return body.decode(str(charset), "replace")
        except LookupError:
            return body.decode("cp1252", "replace")


def _valid_multibyte(body: bytes) -> bool:
    """Say whether more multi-byte characters are valid UTF-8 than bytes are not; chance makes few of them."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(1 for character in text if ord(character) > 127) > 2 * bad


def clean(text: str | None) -> str:
    """Return `text` with entities resolved, NULs and controls dropped and blanks collapsed."""
    if not text:
        return ""
    text = html.unescape(text) if "&" in text else text
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() else " " for c in text.replace("\u200b", "").replace("\u00ad", "")
        )
    return " ".join(text.split())


_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:-]*")
_STRANGE = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffd]")


def without_long_tags(text: str) -> str:
    """Return `text` with the attributes of start tags longer than MAX_TAG left out."""
    pieces = text.split("<")
    if max(map(len, pieces)) <= MAX_TAG:
        return text
    for at, piece in enumerate(pieces):
        if len(piece) > MAX_TAG and at:
            name, end = _TAG_NAME.match(piece), piece.find(">")
            if name and not 0 <= end <= MAX_TAG:
                pieces[at] = f"{name[0]}>{piece[end + 1 :] if end >= 0 else ''}"
    return "<".join(pieces)


def strangeness(text: str) -> float:
    """Return the share of undecodable and control characters in the first 20,000 characters of `text`."""
    head = text[:20_000]
    return len(_STRANGE.findall(head)) / max(1, len(head))


class Page:
    """A parsed page. `troubles` says what was cut; `tree` is None for a body that holds no element at all."""

    def __init__(self, body: bytes) -> None:
        self.troubles: list[Trouble] = []
        if len(body) > MAX_HTML_BYTES:
            self.troubles.append(
                Trouble(
                    "page-too-large",
                    f"Only the first {MAX_HTML_BYTES:,} of {len(body):,} bytes of the page were read; "
                    "check that the source's URL is a page and not a download.",
                    data={"bytes": len(body), "limit": MAX_HTML_BYTES},
                )
            )
            body = body[:MAX_HTML_BYTES]
        self.text = decode(body)
        if "\x00" in self.text:
            self.text = self.text.replace("\x00", "")
        self.text = without_long_tags(self.text)
        self.tree = self._parse()

    def _parse(self) -> HtmlElement | None:
        if not self.text.strip():
            return None
        if strangeness(self.text) > MAX_STRANGE:
            self.troubles.append(
                Trouble(
                    "page-not-text",
                    "The answer is no text but some other file; point the source at an HTML page.",
                    data={"begins": repr(self.text[:40])},
                )
            )
            return None
        # Start and end tags together; cheaper than walking the tree, and before it is built.
        count = self.text.count("<") // 2
        if count > MAX_ELEMENTS:
            self.troubles.append(
                Trouble(
                    "page-too-large",
                    f"The page has about {count:,} elements, more than {MAX_ELEMENTS:,}, and was not read; "
                    "check that the source's URL is the page it means.",
                    data={"elements": count, "limit": MAX_ELEMENTS},
                )
            )
            return None
        parser = HTMLParser(
            collect_ids=False,
            encoding="utf-8",
            remove_comments=True,
            remove_pis=True,
        )
        try:
            tree = document_fromstring(self.text.encode("utf-8", "surrogatepass"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            return None
        if any(
            entry.type_name == "ERR_RESOURCE_LIMIT" or "depth" in entry.message for entry in _last(parser)
        ):
            self.troubles.append(
                Trouble(
                    "page-too-deep",
                    "The page nests elements deeper than any real page does; what lies below was not read. "
                    "Open the page and check that it is what the source means.",
                )
            )
        if "line-through" in self.text:
            mark_struck(tree)
        return tree

    @cached_property
    def link_texts(self) -> list[str]:
        """The words of the page's links, longest first."""
        found = (
            {clean(link.text_content()) for link in self.tree.iter("a")} if self.tree is not None else set()
        )
        return sorted(found, key=len, reverse=True)

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Lower-case name, property or itemprop of each meta element with its contents, in page order."""
        found: dict[str, list[str]] = {}
        if self.tree is None:
            return found
        for element in self.tree.iter("meta"):
            content = element.get("content")
            if not content:
                continue
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name = element.get(attribute)
                if name:
                    found.setdefault(name.strip().lower(), []).append(content)
        return found

    @cached_property
    def json_ld_raw(self) -> list[str]:
        """The text of each `application/ld+json` script, in page order."""
        if self.tree is None:
            return []
        return [
            script.text or ""
            for script in self.tree.iter("script")
            if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"
        ]

    @cached_property
    def json_ld(self) -> list[Any]:
        """Each script's JSON value; None for one that is no JSON even after the usual slips are mended."""
        return [loads(raw) for raw in self.json_ld_raw]

    @cached_property
    def json_ld_objects(self) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
        """Every object inside the JSON-LD with its types, in page order, outermost first."""
        return [(json_types(node), node) for value in self.json_ld for _, node in walk_json(value)]

    @cached_property
    def long_scripts(self) -> list[int]:
        """The lengths of scripts too long for their state to be read."""
        scripts = self.tree.iter("script") if self.tree is not None else ()
        return [len(script.text) for script in scripts if len(script.text or "") > MAX_JSON_BYTES]

    @cached_property
    def json_scripts(self) -> list[Any]:
        """The JSON-LD values and behind them the page's state, as `state_documents` finds it."""
        return [*self.json_ld, *state_documents(self.tree)] if self.tree is not None else []


def _last(parser: HTMLParser) -> Iterator[Any]:
    # The error that ends parsing is the last one; ordinary slips before it may be many.
    log = parser.error_log
    yield from list(log)[-3:] if len(log) else ()
