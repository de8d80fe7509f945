"""Speeds that a sentence promises of a network, in Mbps: "up to 5 gigabits per second"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPEED = re.compile(
    r"(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)[\s-]*"
    r"(?P<unit>gbps|gigabits?|gigs?|mbps|megabits?)\b(?:[\s-]+per[\s-]+second)?"
    r"(?P<way>\s+(?:up(?:load\w*|stream)?|down(?:load\w*|stream)?)\b)?",
    re.IGNORECASE,
)
_BOTH_WAYS = re.compile(
    r"\bsymmetric(?:al)?\b|\bboth directions\b|\bup(?:load)? and down(?:load)?\b"
    r"|\bdown(?:load)? and up(?:load)?\b",
    re.IGNORECASE,
)
_FASTEST = 100_000
"""Mbps; more is a wavelength between data centers."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """The highest speeds of a sentence; offsets count from its start."""

    down_mbps: float | None
    up_mbps: float | None
    start: int
    end: int


def speeds(sentence: str) -> Speeds | None:
    """Return the highest speed each way that a sentence names, or None; `up_mbps` only where it says so."""
    down: float | None = None
    up: float | None = None
    start, end = len(sentence), 0
    for match in _SPEED.finditer(sentence):
        scale = 1_000 if match["unit"][0] in "gG" else 1
        value = float(match["value"].replace(",", "")) * scale
        if not 1 <= value <= _FASTEST:
            continue
        start, end = min(start, match.start()), max(end, match.end())
        if (match["way"] or "").strip().lower().startswith("up"):
            up = max(up or 0.0, value)
        else:
            down = max(down or 0.0, value)
    if end == 0:
        return None
    if up is None and _BOTH_WAYS.search(sentence):
        up = down
    return Speeds(down, up, start, end)
