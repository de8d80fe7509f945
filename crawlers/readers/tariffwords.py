"""Words of a price list: for whom its lines are, whether they state a speed, and which were not read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from crawlers.readers.columnnames import words as label_words
from crawlers.readers.page import Trouble
from crawlers.readers.speedpair import speed_pair
from crawlers.readers.tariffparts import Line, Part, Proof
from market.units import parse_speed

MAX_SHOWN = 12
"""Lines of one page or table that an issue on unread amounts quotes."""


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of tariff.toml, compiled."""
    with Path(__file__).with_name("tariff.toml").open("rb") as handle:
        table = tomllib.load(handle)
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in table.items()}


def proof_of(line: Line) -> Proof | None:
    """Return the words and the place of a line's cell that tells for whom it is, else of its first."""
    found = zip(line.cells, line.proofs, strict=False)
    return next(
        (proof for cell, proof in found if segments_in(cell.text)), line.proofs[0] if line.proofs else None
    )


def segments_in(text: str) -> list[str]:
    """Return the segments that words name."""
    return [entry["name"] for entry in label_words()["segment"] if entry["words"].search(text)]


def is_fast(text: str, unit: str | None = None) -> bool:
    """Say whether words are a speed, or a pair of them; without `unit` they must name theirs."""
    if not text:
        return False
    if parse_speed(text, default_unit=unit) is not None:
        return True
    return speed_pair(text, unit or "") is not None


def unread_trouble(part: Part, lines: Sequence[Line]) -> Trouble:
    """Return the issue of a part's lines with amounts that were not read."""
    numbers = [line.number for line in lines]
    fast = any(re.search(r"\d\s*(?:[mg]bps|gig\b|meg\b)", line.text, re.IGNORECASE) for line in lines)
    return Trouble(
        "tariff-unread",
        f"{part.name.capitalize()}: {len(lines)} lines with amounts between line {numbers[0]} and "
        f"{numbers[-1]} are in no table that was read. Compare them; the first is {lines[0].text[:80]!r}.",
        "warning" if fast else "info",
        {"part": part.name, "lines": numbers, "text": [line.text[:200] for line in lines[:MAX_SHOWN]]},
    )
