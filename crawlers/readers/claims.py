"""What a page promises of all its plans beside them: no contract, no cap, how long their prices hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.readers.cards import Sheet
from crawlers.readers.sheet import Span
from crawlers.readers.visible import words

MAX_LINE = 160
"""Characters of a line that promises something; a longer one is a paragraph of terms."""
MAX_CLAIMS = 8
"""Promises of a page that are looked at."""
MAX_BELOW = 2_500
"""Characters below the last plan in which a promise still speaks of them."""
_MARKED = re.compile(r"[.,!]?\s?[*†‡§¹²³]")
_LINE = re.compile(r"[^\n]{6,300}")


def claims(sheet: Sheet, taken: list[Span]) -> list[Span]:
    """Return the ranges of promises that a page makes of all plans outside of its cards (`taken`).

    A promise counts in a short line that names no plan and sets no condition. Where a card says otherwise of
    itself (a contract's length, an allowance of data), the page's promise holds for none.
    """
    patterns, text = words()["patterns"], sheet.flat.text
    bound = any(
        term.kind == "contract" and term.months
        for card in sheet.cards
        for term in card.terms
        if card.speeds or card.prices
    )
    capped = any(
        patterns["data_cap"].search(text, low, high) for card in sheet.cards for low, high in card.spans
    )
    found: list[Span] = []
    for line in _outside(sheet, taken):
        whole = text[line[0] : line[1]]
        if patterns["for_all_prices"].search(whole):
            found.append(line)
            continue
        if len(whole) > MAX_LINE:
            continue
        kinds = [name for name, against in (("no_contract", bound), ("unlimited", capped)) if not against]
        promised = [said for name in kinds if (said := patterns[name].search(whole))]
        if not promised or patterns["for_some"].search(whole) or _names_plan(whole):
            continue
        # A mark leads to a condition.
        found.extend(
            (line[0] + said.start(), line[0] + said.end())
            for said in promised
            if not _MARKED.match(whole, said.end())
        )
        if len(found) >= MAX_CLAIMS:
            break
    return found


def _outside(sheet: Sheet, taken: list[Span]) -> Iterator[Span]:
    """Yield the lines above the first plan and below the last one; between them, a line speaks of a few."""
    if not taken:
        return
    last = max(high for _, high in taken)
    for match in _LINE.finditer(sheet.flat.text, 0, last + MAX_BELOW):
        if match.end() <= taken[0][0] or match.start() >= last:
            yield match.span()


def _names_plan(line: str) -> bool:
    """Say whether a line states a speed or an amount: it speaks of one plan."""
    return bool(words()["patterns"]["money"].search(line)) or bool(re.search(r"\d\s?[MG]bps\b", line))
