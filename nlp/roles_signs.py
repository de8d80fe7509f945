"""The words around a name that say whether an article is about it or only names it (data/roles.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from nlp.document import Field, Passage, Span

_BEFORE = 60
_AFTER = 120
_LONGEST_QUOTATION = 3_000
"""Characters of a paragraph in which quotation marks are counted; a longer one is no paragraph."""
_QUOTE = re.compile(r"[\"“”]")


@dataclass(frozen=True, slots=True)
class Sign:
    """What one mention says of its role: a reason, and the words that it rests on."""

    reason: str
    field: Field
    start: int
    end: int


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return the data file as it stands."""
    return tomllib.loads(files("nlp.data").joinpath("roles.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def pattern(part: str, name: str) -> re.Pattern[str]:
    """Return the patterns of one entry as one; FIRM stands for the words for a company."""
    section = rules()[part]
    listed = section[name]
    joined = "|".join(f"(?:{one})" for one in ([listed] if isinstance(listed, str) else listed))
    return re.compile(joined.replace("FIRM", rules()["place"]["firm"]), re.IGNORECASE)


def found(part: str, name: str, passage: Passage, span: Span) -> Span | None:
    """Return where the words of an entry first stand in a span of a passage."""
    match = pattern(part, name).search(passage.text, span.start, span.end)
    return Span(*match.span()) if match else None


def right_before(part: str, name: str, passage: Passage, start: int) -> Span | None:
    """Return the words of an entry that end where a mention starts."""
    first = max(0, start - _BEFORE)
    match = pattern(part, name).search(passage.text[first:start])
    return Span(first + match.start(), start) if match else None


def right_after(part: str, name: str, passage: Passage, end: int) -> Span | None:
    """Return the words of an entry that start where a mention ends."""
    match = pattern(part, name).match(passage.text[end : end + _AFTER])
    return Span(end, end + match.end()) if match else None


def in_quotation(passage: Passage, start: int) -> bool:
    """Return whether a position stands within quotation marks of its paragraph."""
    first = max(passage.text.rfind("\n", 0, start) + 1, start - _LONGEST_QUOTATION)
    marks = [match.group() for match in _QUOTE.finditer(passage.text, first, start)]
    if not marks:
        return False
    return marks[-1] == "“" or (marks[-1] == '"' and marks.count('"') % 2 == 1)


def place_signs(passage: Passage, start: int, end: int, state_end: int) -> Iterator[tuple[str, Span]]:
    """Yield why a place is only named by the words beside it: seat, far, near; `state_end` is its state's."""
    span = (
        right_before("place", "seat_before", passage, start)
        or right_after("place", "seat_after", passage, end)
        or right_after("place", "seat_after", passage, state_end)
    )
    if span is None and right_before("place", "article_before", passage, start):
        span = right_after("place", "company_after", passage, end)
    if span is not None:
        yield "seat", _with(span, start, end)
    span = right_before("place", "far", passage, start) or right_after("place", "far_after", passage, end)
    # "40 miles from Hastings to Grand Island" is a route.
    measured = span is not None and "mile" in passage.text[span.start : span.end]
    if span is not None and not (measured and passage.text.startswith(" to ", end)):
        yield "far", _with(span, start, end)
    span = right_before("place", "near", passage, start)
    if span is not None:
        yield "near", _with(span, start, end)


def company_sign(passage: Passage, start: int, end: int) -> tuple[str, Span] | None:
    """Return why a company is only named by the words beside it: past, rival, owner, seller, landmark."""
    for reason in ("past", "rival", "owner", "seller", "beside", "landmark"):
        for side, look, position in (("before", right_before, start), ("after", right_after, end)):
            if f"{reason}_{side}" in rules()["company"]:
                span = look("company", f"{reason}_{side}", passage, position)
                if span is not None:
                    return reason, _with(span, start, end)
    return None


def _with(span: Span, start: int, end: int) -> Span:
    return Span(min(span.start, start), max(span.end, end))


@dataclass(frozen=True, slots=True)
class Scene:
    """What the signs of one article are read against: its parts, and its heaviest topic."""

    title: Passage
    text: Passage
    dateline: Span
    boilerplate: int
    """Where the sender's own paragraphs begin."""
    lead: range
    """Numbers of the lead's sentences."""
    facts: frozenset[int]
    """Numbers of the sentences that tell builds."""
    topic: str | None

    def passage(self, field: Field) -> Passage:
        """Return title or text."""
        return self.title if field == "title" else self.text

    def where(self, field: Field, start: int) -> str:
        """Return what a position alone says, "passing" when it says nothing."""
        if field == "title":
            return "title"
        if self.dateline.start <= start < self.dateline.end:
            return "dateline"
        if start >= self.boilerplate:
            return "boilerplate"
        sentence = self.text.sentence_at(start)
        if sentence in self.facts:
            return "event"
        return "lead" if sentence in self.lead else "passing"
