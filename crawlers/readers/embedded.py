"""JSON that a page carries: forgiving parsing, walking, pointers, and the state it keeps for its scripts."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawlers.readers.jsliteral import read_literal
from crawlers.readers.packed import unshared, unwrapped

MAX_JSON_BYTES = 2_000_000
"""Longer embedded JSON is passed over."""
MIN_STATE = 200
"""Characters. A shorter script holds no state worth reading."""
MAX_STATES = 40
"""Documents of state that are taken from one page."""
MIN_ATTRIBUTE = 60
"""Characters. A shorter attribute holds no plan."""
MAX_WALK = 12
"""Levels that `walk_json` goes down."""

_STATE = re.compile(
    r"(?:\b(?:window|self|globalThis)\s*(?:\.\s*[\w$]+|\[\s*['\"][^'\"\n]{1,60}['\"]\s*\])"
    r"|\b(?:var|let|const)\s+[\w$]+)\s*=\s*(?=\{|\[|JSON\.parse\()"
)
_LIST = re.compile(r"\b\w*(?:plan|package|tier|product|offer)s\w*['\"]?\s*[:=]\s*(?=\[\s*\{)", re.IGNORECASE)
_PARSE_CALL = re.compile(r"JSON\.parse\(\s*(?:decodeURIComponent\(\s*)?")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_FLIGHT_ROW = re.compile(r"^[0-9a-f]{1,6}:(?=[\[{])", re.MULTILINE)


def loads(raw: str) -> Any | None:
    """Return the JSON value of a script's text; comment and CDATA marks and trailing commas are forgiven."""
    if not raw or len(raw) > MAX_JSON_BYTES:
        return None
    text = raw.strip()
    for attempt in range(2):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            if attempt:
                return None
        text = re.sub(
            r"^(?:\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/))+|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", text
        )
        text = re.sub(r",(\s*[}\]])", r"\1", text.strip().rstrip(";"))
    return None


def walk_json(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object inside a JSON value with its RFC 6901 pointer, outermost first, at most 12 deep."""
    if depth > MAX_WALK:
        return
    if isinstance(value, dict):
        yield pointer, value
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from walk_json(inner, f"{pointer}/{escape_step(str(key))}", depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from walk_json(inner, f"{pointer}/{number}", depth + 1)


def escape_step(key: str) -> str:
    """Return an object's key as a step of an RFC 6901 pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def json_types(node: dict[str, Any]) -> tuple[str, ...]:
    """Return a JSON-LD object's types without their vocabulary ("http://schema.org/Offer" -> "Offer")."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return tuple(str(kind).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if kind)


def resolve_pointer(value: Any, pointer: str) -> Any | None:
    """Return the value an RFC 6901 pointer leads to, or None when it leads nowhere."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return None
    return value


def state_documents(tree: HtmlElement) -> list[Any]:
    """Return the page's state, in page order: scripts of type application/json, objects that scripts assign
    (`window.__STATE__ = {...}`, `JSON.parse("...")`), and what a streaming page pushes row by row; behind
    them the objects kept in attributes (`data-model="{...}"`).
    """
    found: list[Any] = []
    rows: list[str] = []
    for script in tree.iter("script"):
        kind = (script.get("type") or "").split(";")[0].strip().lower()
        raw = script.text or ""
        if kind == "application/json":
            document = loads(raw)
            if script.get("id") == "__NUXT_DATA__" and isinstance(document, list):
                document = unshared(document)
            found.append(document)
        elif kind in ("", "text/javascript", "application/javascript", "module") and len(raw) > MIN_STATE:
            if len(raw) > MAX_JSON_BYTES:
                continue
            pushed = _pushed(raw)
            rows.extend(pushed)
            if not pushed:
                assigned = list(_assigned(raw))
                found.extend(assigned or _lists(raw))
        if len(found) >= MAX_STATES:
            break
    if rows:
        found.append(
            [_value_at(text, at.end()) for text in ["".join(rows)] for at in _FLIGHT_ROW.finditer(text)]
        )
    return [*found, *_attributes(tree)][: 2 * MAX_STATES]


def _assigned(raw: str) -> Iterator[Any]:
    """Yield the objects that a script assigns to variables of its own or of the window."""
    at = 0
    for _ in range(MAX_STATES):
        match = _STATE.search(raw, at)
        if match is None:
            return
        start, at = match.end(), match.end()
        call = _PARSE_CALL.match(raw, start)
        if call:
            inner = _value_at(_double_quoted(raw, call.end()), 0)
            yield loads(inner) if isinstance(inner, str) else None
            continue
        try:
            value, at = json.JSONDecoder(strict=False).raw_decode(raw, start)
        except (ValueError, RecursionError):
            value = read_literal(raw, start)
        if value:
            yield value


def _lists(raw: str) -> Iterator[Any]:
    """Yield the lists of plans inside a script that assigns no state: `plans: [{name: 'Basic', ...}]`."""
    for match in itertools.islice(_LIST.finditer(raw), MAX_STATES):
        value = read_literal(raw, match.end())
        if value:
            yield value


def _double_quoted(raw: str, start: int) -> str:
    """Return the string literal at `start` as JSON writes it."""
    if raw[start : start + 1] != "'":
        return raw[start:]
    literal = re.compile(r"'((?:[^'\\\n]|\\.)*)'").match(raw, start)
    return '"' + literal[1].replace("\\'", "'").replace('"', '\\"') + '"' if literal else ""


def _pushed(raw: str) -> list[str]:
    """Return the pieces of text that a script pushes to a streaming page's queue."""
    pieces = []
    for match in _FLIGHT.finditer(raw):
        value = _value_at(raw, match.end())
        if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
            pieces.append(value[1])
    return pieces


def _value_at(raw: str, start: int) -> Any | None:
    """Return the JSON value that begins at `start`, whatever follows it."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(raw, start)[0]
    except (ValueError, RecursionError):
        return None


def _attributes(tree: HtmlElement) -> Iterator[Any]:
    size = 0
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.items():
            if len(value) < MIN_ATTRIBUTE or value.lstrip()[:1] not in ("{", "[") or name == "style":
                continue
            size += len(value)
            if size > MAX_JSON_BYTES:
                return
            document = loads(value)
            if isinstance(document, dict | list):
                yield unwrapped(document) if element.tag == "astro-island" else document
