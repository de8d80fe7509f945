"""The words of labels in an HTML page: where each label begins and ends, its lines, and what its rows say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawlers.readers.visible import Flat

MAX_LABEL = 12_000
"""Characters. A longer region holds more than one label or none."""


@cache
def label_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of labelpage.toml, compiled."""
    with Path(__file__).with_name("labelpage.toml").open("rb") as handle:
        table = tomllib.load(handle)
    return {name: re.compile(pattern, re.IGNORECASE | re.MULTILINE) for name, pattern in table.items()}


@dataclass(frozen=True)
class Region:
    """One label: the range of the flat text that it takes."""

    start: int
    end: int


def label_regions(flat: Flat) -> list[Region]:
    """Return the labels on a page: each from "Broadband Facts" to its plan's identifier or the next."""
    starts = [match.start() for match in label_patterns()["begin"].finditer(flat.text)]
    found = []
    for at, start in enumerate(starts):
        limit = min(starts[at + 1] if at + 1 < len(starts) else len(flat.text), start + MAX_LABEL)
        text = flat.text[start:limit]
        if not re.search(r"monthly price", text, re.IGNORECASE):
            continue
        ends = [match.end() for match in label_patterns()["end"].finditer(text)]
        found.append(Region(start, start + (ends[-1] if ends else len(text))))
    return found


class LabelWords:
    """The words of one label; ranges are those of the page's flat text."""

    def __init__(self, flat: Flat, region: Region) -> None:
        self.start = region.start
        self.text = flat.text[region.start : region.end]

    def lines(self) -> Iterator[tuple[int, int, str]]:
        """Yield its lines that are not blank: start, end, words."""
        at = self.start
        for line in self.text.split("\n"):
            stripped = line.strip()
            if stripped:
                start = at + line.index(stripped[0])
                yield start, start + len(stripped), stripped
            at += len(line) + 1

    def value(self, key: str) -> tuple[int, int, str] | None:
        """Return what stands behind a row's name, on its line or the next."""
        lines = list(self.lines())
        for at, (start, end, line) in enumerate(lines):
            named = re.match(rf"{key}\s*:?\s*", line, re.IGNORECASE)
            if not named:
                continue
            if named.end() < len(line):
                return start, end, line[named.end() :]
            if at + 1 < len(lines):
                return lines[at + 1]
        return None

    def row(self, name: str) -> tuple[int, int, str] | None:
        """Return what stands behind the row that a pattern of labelpage.toml names."""
        return self.value(label_patterns()[name].pattern)
