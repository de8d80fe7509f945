"""Footnotes: the marks beside a card's words, and the notes far below that they lead to."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from crawlers.readers.cards import Card, Sheet
from crawlers.readers.claims import claims
from crawlers.readers.sheet import Span
from crawlers.readers.tokens import line_length
from crawlers.readers.visible import words

MAX_NOTE = 900
"""Characters. A longer note speaks of several plans at once; its figures cannot be told apart."""
MIN_NOTE = 120
"""Characters of a paragraph that a note's mark begins; a shorter line may be a plan's name ("1 Gig")."""
MAX_FOR_ALL = 8
"""Lines about all plans that are looked at."""
MAX_NOTES = 60
"""Notes of a page that are looked at."""

_MARK = r"\*{1,4}|[†‡§¶]{1,2}|[¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\d{1,2}|[a-z](?=[).])"
_NOTE = re.compile(rf"^[ \[(]?(?P<mark>{_MARK})[\])]?[.:)]?[ \n]?(?=[A-Z$\"“])", re.MULTILINE)
_SIGN = re.compile(r"(?<=[\w)%.!])[ ]?(?P<mark>\*{1,4}|[†‡§¶]{1,2}|[¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_RAISED = dict(zip("¹²³⁴⁵⁶⁷⁸⁹", "123456789", strict=True))


class Notes:
    """A page's notes by their mark, outside of its cards."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        text = sheet.flat.text
        taken = sorted(
            span for card in sheet.cards if card.speeds and not is_note(card, sheet) for span in card.spans
        )
        starts = [low for low, _ in taken]
        self._notes: dict[str, list[Span]] = {}
        self._for_all = [
            line.span()
            for line in re.finditer(r"[^\n]{12,300}", text)
            if words()["patterns"]["for_all"].search(line[0]) and not _within(line.start(), taken, starts)
        ]
        self._for_all.extend(claims(sheet, sorted(sheet.ranges)))
        """Lines that speak of all plans."""
        for match in list(_NOTE.finditer(text))[:MAX_NOTES]:
            if _within(match.start(), taken, starts):
                continue
            end = text.find("\n", match.end())
            end = len(text) if end < 0 else end
            for low, high, mark in self._parts(match.end(), end, _plain(match["mark"])):
                if high - low <= MAX_NOTE:
                    self._notes.setdefault(mark, []).append((low, high))

    def _parts(self, low: int, high: int, mark: str) -> list[tuple[int, int, str]]:
        """Part a paragraph of several notes at the marks that begin its sentences."""
        text = self._sheet.flat.text
        cuts = [
            (at, found)
            for at, found in self._sheet.flat.marks
            if low < at < high and text[max(0, at - 2) : at].rstrip()[-1:] in (".", "!", ";", ")")
        ]
        edges = [(low, mark), *((at, _plain(found)) for at, found in cuts)]
        ends = [*(at for at, _ in edges[1:]), high]
        return [(at, end, found) for (at, found), end in zip(edges, ends, strict=True)]

    def attach(self, card: Card) -> Card:
        """Return the card with the notes that its marks lead to; a mark of several notes leads to none.
        Lines that speak of all plans are notes of each.
        """
        if not self._notes and not self._for_all:
            return card
        spans = list(self._for_all[:MAX_FOR_ALL])
        for mark in sorted(self._marks_of(card)):
            found = self._notes.get(mark, [])
            if len(found) == 1:
                spans.append(found[0])
        return replace(card, notes=tuple(spans)) if spans else card

    def _marks_of(self, card: Card) -> set[str]:
        marks: set[str] = set()
        for low, high in card.spans:
            signs = _SIGN.finditer(self._sheet.flat.text, low, min(high + 3, len(self._sheet.flat.text)))
            marks.update(_plain(match["mark"]) for match in signs)
            for at, found in self._sheet.flat.marks:
                if low <= at <= high:
                    marks.update(_plain(each) for each in re.split(r"[,; ]+", found) if each)
        return marks


def is_note(card: Card, sheet: Sheet) -> bool:
    """Say whether a card is a footnote's paragraph, which tells of plans and is none."""
    low, high = card.spans[0]
    prose = len(card.spans) == 1 and line_length(sheet.flat.text, low) > MIN_NOTE
    return prose and bool(_NOTE.match(sheet.flat.text, low, high))


def _within(at: int, taken: list[Span], starts: list[int]) -> bool:
    number = bisect_left(starts, at + 1) - 1
    return number >= 0 and at < taken[number][1]


def _plain(mark: str) -> str:
    return "".join(_RAISED.get(character, character) for character in mark.strip("[]() "))
