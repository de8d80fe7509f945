"""What a page promises of all its plans beside them: no contract, no cap, how long their prices hold."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from crawlers.readers.cards import Sheet
from crawlers.readers.sheet import Span
from crawlers.readers.visible import words

MAX_LINE = 160
"""Characters of a line that promises something; a longer one is a paragraph of terms."""
MAX_PRICES = 300
"""Characters of a line that says how long the prices hold."""
MAX_SENTENCE = 60
"""Characters of a sentence in a longer line that promises something and nothing else."""
MAX_SUBJECT = 12
"""Characters before a promise in such a sentence ("There is")."""
MAX_CLAIMS = 8
"""Promises of a page that are looked at."""
MAX_BELOW = 2_500
"""Characters below the last plan in which a promise still speaks of them."""
_MARKED = re.compile(r"[.,!]?\s?[*†‡§¹²³]")
_LINE = re.compile(r"[^\n]{6,1500}")
_SENTENCE_END = re.compile(r"[.!](?:\s+(?=[A-Z])|$)")


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
        if len(whole) <= MAX_PRICES and patterns["for_all_prices"].search(whole):
            found.append(line)
            continue
        kinds = [name for name, against in (("no_contract", bound), ("unlimited", capped)) if not against]
        if not any(patterns[name].search(whole) for name in kinds):
            continue
        for low, high in _statements(whole, line[0]):
            part = text[low:high]
            promised = [said for name in kinds if (said := patterns[name].search(text, low, high))]
            if not promised or patterns["for_some"].search(part) or _names_plan(part):
                continue
            # In a longer line, a sentence that begins otherwise may speak of some plans only.
            longest = MAX_LINE if (high - low) == len(whole) else MAX_SUBJECT
            found.extend(
                said.span()
                for said in promised
                if said.start() - low <= longest and not _marked(sheet, said.end())
            )
        if len(found) >= MAX_CLAIMS:
            break
    return found


def _statements(line: str, start: int) -> Iterator[Span]:
    """Yield the ranges in which a promise may stand: a short line, else its short sentences."""
    if len(line) <= MAX_LINE and not words()["patterns"]["for_some"].search(line):
        yield start, start + len(line)
        return
    at = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(line)), len(line)):
        if end - at <= MAX_SENTENCE:
            yield start + at, start + end
        at = end


def _marked(sheet: Sheet, at: int) -> bool:
    """Say whether a mark stands behind a promise; it leads to a condition."""
    marks = sheet.flat.marks
    number = bisect_left(marks, (at, ""))
    near = number < len(marks) and marks[number][0] <= at + 2
    return near or bool(_MARKED.match(sheet.flat.text, at))


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
