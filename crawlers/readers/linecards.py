"""Plans that stand line below line in one element, as pages of the nineties have them: cut by their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from crawlers.readers.sheet import Span, TokenSheet

MAX_LINES = 400
"""An element with more lines is no list of plans."""


def cut_lines(sheet: TokenSheet, span: Span) -> list[Span]:
    """Return the range of each plan in a run of lines; [] when the lines do not tell where one ends.

    Either each line (of one line alone: each sentence) with a price holds a speed too, or the lines repeat:
    a name, its speeds and one price, in the same order each time.
    """
    lines = list(_lines(sheet, span))
    if len(lines) == 1:
        lines = list(_sentences(sheet, lines[0]))
    priced = [line for line in lines if sheet.count(sheet.price_at, line)]
    if len(priced) < 2 or len(lines) > MAX_LINES:
        return []
    fast = [bool(sheet.count(sheet.speed_at, line)) for line in priced]
    if all(fast):
        return priced if all(sheet.plans_in(line) == 1 for line in priced) else []
    if any(fast):
        return []
    for begins in (_bold(sheet), _after_price(sheet, lines), _before_price(sheet, lines)):
        parts = _parts(lines, begins)
        if len(parts) > 1 and all(_one_plan(sheet, part) for part in parts):
            return parts
    return []


def _lines(sheet: TokenSheet, span: Span) -> list[Span]:
    return [
        (span[0] + match.start(), span[0] + match.end())
        for match in re.finditer(r"[^\n]+", sheet.flat.text[span[0] : span[1]])
        if match[0].strip()
    ]


def _sentences(sheet: TokenSheet, line: Span) -> Iterator[Span]:
    at = line[0]
    for match in re.finditer(r"[.!?;]\s+(?=[A-Z])", sheet.flat.text[line[0] : line[1]]):
        yield at, line[0] + match.end()
        at = line[0] + match.end()
    yield at, line[1]


def _parts(lines: list[Span], begins: Callable[[int, Span], bool]) -> list[Span]:
    starts = [at for at, line in enumerate(lines) if begins(at, line)]
    ends = [*starts[1:], len(lines)]
    return [(lines[first][0], lines[last - 1][1]) for first, last in zip(starts, ends, strict=False)]


def _one_plan(sheet: TokenSheet, part: Span) -> bool:
    return (
        bool(sheet.count(sheet.price_at, part) and sheet.count(sheet.speed_at, part))
        and sheet.plans_in(part) == 1
    )


def _bare(sheet: TokenSheet, line: Span) -> bool:
    """Say whether a line holds neither a price nor a speed, but a word."""
    empty = not sheet.prices_of(line) and not sheet.count(sheet.speed_at, line)
    return empty and bool(re.search(r"[^\W\d_]{2}", sheet.flat.text[line[0] : line[1]]))


def _bold(sheet: TokenSheet) -> Callable[[int, Span], bool]:
    def begins(_: int, line: Span) -> bool:
        owner = sheet.flat.element_of(line[0], min(line[1], line[0] + 1))
        return owner.tag in ("b", "strong", "font", "big", "u") and _bare(sheet, line)

    return begins


def _after_price(sheet: TokenSheet, lines: list[Span]) -> Callable[[int, Span], bool]:
    """A plan begins with the first line below the price of the one before it."""

    def begins(at: int, _: Span) -> bool:
        return at == 0 or bool(sheet.count(sheet.price_at, lines[at - 1]))

    return begins


def _before_price(sheet: TokenSheet, lines: list[Span]) -> Callable[[int, Span], bool]:
    """A plan begins with its name, at once above its price."""

    def begins(at: int, line: Span) -> bool:
        following = lines[at + 1] if at + 1 < len(lines) else (0, 0)
        return _bare(sheet, line) and bool(sheet.count(sheet.price_at, following))

    return begins
