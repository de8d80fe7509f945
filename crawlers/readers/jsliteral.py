"""Object literals as scripts write them (bare keys, single quotes, trailing commas) read as JSON values."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_LITERAL = 200_000
"""Characters of a literal that are looked at."""

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)
    |(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$])
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<mark>[{}\[\],:])""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": "true", "false": "false", "null": "null", "undefined": "null"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def read_literal(raw: str, start: int) -> Any | None:
    """Return the value of the literal that begins at `start`; None for one that computes anything."""
    pieces: list[str] = []
    depth, at, end = 0, start, min(len(raw), start + MAX_LITERAL)
    while at < end:
        token = _TOKEN.match(raw, at, end)
        if token is None:
            return None
        at = token.end()
        kind, text = token.lastgroup, token[0]
        if kind == "space":
            continue
        if kind == "string":
            pieces.append(json.dumps(_ESCAPE.sub(_unescaped, text[1:-1])))
        elif kind == "number":
            pieces.append(_number(text))
        elif kind == "name":
            key = raw[at : at + 40].lstrip().startswith(":")
            if not key and text not in _WORDS:
                return None
            pieces.append(json.dumps(text) if key else _WORDS[text])
        else:
            if text in "}]" and pieces and pieces[-1] == ",":
                pieces.pop()
            pieces.append(text)
            depth += (text in "{[") - (text in "}]")
            if not depth:
                break
    try:
        return json.loads("".join(pieces), strict=False)
    except (ValueError, RecursionError):
        return None


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": ""}.get(match[1], match[1])


def _number(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = f"0{digits}" if digits.startswith(".") else digits
    whole = digits.lstrip("0")
    plain = whole if whole[:1].isdigit() else f"0{whole}"
    return sign + (f"{plain}0" if plain.endswith(".") else plain)
