"""An archived page made safe to look at: its words and structure, and nothing that could act or load."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from crawlers.readers.page import Page
from crawlers.readers.visible import find_path
from crowsnest.web.marking import merged, occurrences

MAX_CHARS = 2_000_000
"""A longer page is cut here, visibly."""

_TAGS = tomllib.loads((Path(__file__).parent / "snapshot.toml").read_text(encoding="utf-8"))
_KEPT, _INLINE, _SKIPPED, _VOID = (
    frozenset[str](_TAGS[name]) for name in ("kept", "inline", "skipped", "void")
)

STYLE = (
    "html{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere}"
    "mark{background:#ffe58a;color:#1b1b1b;padding:0 .1em}table{border-collapse:collapse}"
    "td,th{border:1px solid #8885;padding:.2em .5em;text-align:left;vertical-align:top}"
    "i.image,i.cut{color:#777;font-style:normal;font-size:.85em}h1,h2,h3{line-height:1.2}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""The Content-Security-Policy of a snapshot: an origin of its own, our one style sheet, nothing else."""


class _Token(NamedTuple):
    markup: str
    """Markup to copy, "" for text."""
    text: str
    """Text to escape, "" for markup."""
    marked: bool = False


class Snapshot(NamedTuple):
    """A safe page and how many of the quotes were found in it."""

    html: str
    found: int


def snapshot(body: bytes, *, quotes: Sequence[str] = (), paths: Iterable[str] = ()) -> Snapshot:
    """Return the page as whitelisted tags without attributes, the quoted words marked.

    `paths` are CSS paths, as evidence has them, of elements that are marked whole. Quotes are looked for in
    the page's text, so words that scripts would have put there are neither shown nor found.
    """
    tokens = _tokens(Page(body), paths)
    text = "".join(token.text for token in tokens)
    spans = []
    found = 0
    for quote in dict.fromkeys(quotes):
        hits = occurrences(text, quote)
        found += bool(hits)
        spans.extend(hits)
    return Snapshot(_page(_marked(tokens, merged(spans, len(text)))), found)


def _tokens(page: Page, paths: Iterable[str]) -> list[_Token]:
    root = page.tree
    if root is None:
        return [_Token("<pre>", ""), _Token("", page.text[:MAX_CHARS]), _Token("</pre>", "")]
    marked = {element for path in paths if (element := find_path(root, path)) is not None}
    tokens: list[_Token] = []
    size = depth = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if size > MAX_CHARS:
            tokens.append(_Token('<i class="cut">The page goes on; it is cut here.</i>', ""))
            break
        if event == "start":
            depth += element in marked
            if tag in _SKIPPED:
                walk.skip_subtree()
                continue
            tokens.extend(_opening(element, tag))
            if element.text:
                tokens.append(_Token("", element.text[:MAX_CHARS], marked=depth > 0))
                size += len(element.text)
        else:
            if tag in _KEPT and tag not in _VOID:
                tokens.append(_Token(f"</{tag}>", ""))
            if tag not in _INLINE and tag not in _SKIPPED:
                tokens.append(_Token("", "\n"))
            depth -= element in marked
            if element.tail and element is not root:
                tokens.append(_Token("", element.tail[:MAX_CHARS], marked=depth > 0))
                size += len(element.tail)
    return tokens


def _opening(element: HtmlElement, tag: str) -> list[_Token]:
    tokens = [] if tag in _INLINE else [_Token("", "\n")]
    if tag == "img":
        if alt := (element.get("alt") or "").strip():
            tokens.append(_Token(f'<i class="image">[image: {escape(alt[:200])}]</i>', ""))
    elif tag in ("td", "th"):
        tokens.append(_Token(f"<{tag}{_count(element, 'colspan')}{_count(element, 'rowspan')}>", ""))
    elif tag in _KEPT:
        tokens.append(_Token(f"<{tag}>", ""))
    return tokens


def _count(element: HtmlElement, name: str) -> str:
    value = (element.get(name) or "").strip()
    return f' {name}="{int(value)}"' if value.isascii() and value.isdigit() and len(value) < 4 else ""


def _marked(tokens: Sequence[_Token], spans: Sequence[tuple[int, int]]) -> list[str]:
    starts = [start for start, _ in spans]
    out: list[str] = []
    at = 0
    first = True
    for token in tokens:
        if not token.text:
            out.append(token.markup)
            continue
        end = at + len(token.text)
        inside = [(at, end)] if token.marked else []
        number = max(0, bisect_right(starts, at) - 1)
        while number < len(spans) and spans[number][0] < end:
            inside.append(spans[number])
            number += 1
        position = at
        for left, right in merged([(max(left, at), min(right, end)) for left, right in inside], end):
            out.append(escape(token.text[position - at : left - at]))
            words = token.text[left - at : right - at]
            if words.strip():
                out.append(f"<mark{' id=quote' if first else ''}>{escape(words)}</mark>")
                first = False
            else:
                out.append(words)
            position = right
        out.append(escape(token.text[position - at :]))
        at = end
    return out


def _page(parts: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Archived page</title>'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )
