"""The words around a name that say whether an article is about it or only names it (data/roles.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from nlp.document import Field, Passage, Span
from nlp.patterns import Folded

_BEFORE = 60
_AFTER = 120
_LONGEST_WORD = 20
"""Characters before a name in which its last word is looked for."""
_LONGEST_QUOTATION = 3_000
"""Characters of a paragraph in which quotation marks are counted; a longer one is no paragraph."""
_CASED = re.compile(r"\(\?-i:(.*)\)", re.DOTALL)
_LED = ("seat_before", "far", "near")
_FOLLOWED = ("seat_after", "office_after", "company_after", "far_after")
_COMPANY = ("past", "rival", "owner", "seller", "beside", "landmark")


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
def patterns(part: str, *names: str) -> tuple[re.Pattern[str] | Folded, ...]:
    """Return the patterns of entries: each that minds the case, then all others as one.

    FIRM stands for the words for a company.
    """
    section, firm = rules()[part], rules()["place"]["firm"]
    entries = [section[name] for name in names]
    listed = [one for entry in entries for one in ([entry] if isinstance(entry, str) else entry)]
    cased = [whole[1] for one in listed if (whole := _CASED.fullmatch(one))]
    others = [one.replace("FIRM", firm) for one in listed if _CASED.fullmatch(one) is None]
    # Those that begin at a word's edge share it, so that most places are passed over.
    edged = [one.removeprefix(r"\b") for one in others if one.startswith(r"\b")]
    free = [f"(?:{one})" for one in others if not one.startswith(r"\b")]
    joined = "|".join(free + ([rf"\b(?:{'|'.join(edged)})"] if edged else []))
    return (*map(re.compile, cased), *([Folded(joined)] if joined else []))


def found(part: str, name: str, passage: Passage, span: Span) -> Span | None:
    """Return where the words of an entry first stand in a span of a passage."""
    matches = [p.search(passage.text, span.start, span.end) for p in patterns(part, name)]
    return min((Span(*match.span()) for match in matches if match), key=lambda one: one.start, default=None)


def opens(part: str, name: str, passage: Passage, span: Span) -> Span | None:
    """Return the words of an entry that a span of a passage begins with."""
    matches = (one.match(passage.text, span.start, span.end) for one in patterns(part, name))
    return next((Span(*match.span()) for match in matches if match), None)


def right_before(part: str, name: str, passage: Passage, start: int) -> Span | None:
    """Return the words of an entry that end where a mention starts."""
    first = max(0, start - _BEFORE)
    words = passage.text[first:start]
    starts = [match.start() for p in patterns(part, name) if (match := p.search(words))]
    return Span(first + min(starts), start) if starts else None


def right_after(part: str, name: str, passage: Passage, end: int) -> Span | None:
    """Return the words of an entry that start where a mention ends."""
    words = passage.text[end : end + _AFTER]
    for one in patterns(part, name):
        if match := one.match(words):
            return Span(end, end + match.end())
    return None


def _before_any(part: str, names: tuple[str, ...], passage: Passage, start: int) -> bool:
    """Tell whether words of some entry end where a mention starts: mostly none of several do."""
    words = passage.text[max(0, start - _BEFORE) : start]
    return any(one.search(words) for one in patterns(part, *names))


def _after_any(part: str, names: tuple[str, ...], passage: Passage, end: int) -> bool:
    words = passage.text[end : end + _AFTER]
    return any(one.match(words) for one in patterns(part, *names))


def in_quotation(passage: Passage, start: int) -> bool:
    """Return whether a position stands within quotation marks of its paragraph."""
    first = max(passage.text.rfind("\n", 0, start) + 1, start - _LONGEST_QUOTATION)
    before = passage.text[first:start]
    opened, closed, plain = map(before.rfind, '“”"')
    if opened > max(closed, plain):
        return True
    return plain > closed and before.count('"') % 2 == 1


def place_signs(
    passage: Passage, start: int, end: int, state_end: int, *, jobs: bool = False
) -> Iterator[tuple[str, Span]]:
    """Yield why a place is only named by the words beside it: seat, far, near; `state_end` is its state's.

    With `jobs`, where the news is the jobs at a company's offices, "the Denver offices" are no seat.
    """
    is_led = may_lead("place", passage.text, start) and _before_any("place", _LED, passage, start)
    is_followed = _after_any("place", _FOLLOWED, passage, end)
    span = (right_before("place", "seat_before", passage, start) if is_led else None) or (
        _seat_after(passage, end, jobs) if is_followed else None
    )
    if span is None and state_end != end and _after_any("place", _FOLLOWED, passage, state_end):
        span = _seat_after(passage, state_end, jobs)
    if span is None and is_followed:
        span = right_after("place", "company_after", passage, end)
        span = span if span and right_before("place", "article_before", passage, start) else None
    if span is not None:
        yield "seat", _with(span, start, end)
    span = (right_before("place", "far", passage, start) if is_led else None) or (
        right_after("place", "far_after", passage, end) if is_followed else None
    )
    # "40 miles from Hastings to Grand Island" is a route.
    measured = span is not None and "mile" in passage.text[span.start : span.end]
    if span is not None and not (measured and passage.text.startswith(" to ", end)):
        yield "far", _with(span, start, end)
    span = right_before("place", "near", passage, start) if is_led else None
    if span is not None:
        yield "near", _with(span, start, end)


def may_lead(part: str, text: str, start: int) -> bool:
    """Return whether the word before a name is one that such words end with: mostly it is none."""
    words = text[max(0, start - _LONGEST_WORD) : start].rsplit(None, 1)
    if not words:
        return False
    last = words[-1].rstrip()
    return last[-1] in ",(-" or last.lower().lstrip("(") in _last_words(part)


@lru_cache(maxsize=2)
def _last_words(part: str) -> frozenset[str]:
    return frozenset(rules()[part]["last_words"])


def _seat_after(passage: Passage, end: int, jobs: bool) -> Span | None:
    span = right_after("place", "seat_after", passage, end)
    return span if span is not None or jobs else right_after("place", "office_after", passage, end)


def company_sign(passage: Passage, start: int, end: int) -> tuple[str, Span] | None:
    """Return why a company is only named by the words beside it: past, rival, owner, seller, landmark."""
    before, after = _entries("before"), _entries("after")
    is_led = may_lead("company", passage.text, start) and _before_any("company", before, passage, start)
    if not (is_led or _after_any("company", after, passage, end)):
        return None
    for reason in _COMPANY:
        for name, names, look, position in (
            (f"{reason}_before", before, right_before, start),
            (f"{reason}_after", after, right_after, end),
        ):
            span = look("company", name, passage, position) if name in names else None
            if span is not None:
                return reason, _with(span, start, end)
    return None


@lru_cache(maxsize=2)
def _entries(side: str) -> tuple[str, ...]:
    """Return the entries for the words on one side of a company's name that is only named."""
    return tuple(name for reason in _COMPANY if (name := f"{reason}_{side}") in rules()["company"])


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
    sought: dict[tuple[str, str, int], Span | None] = field(default_factory=dict, compare=False)
    """What was found in sentences of the text, by entry and sentence: its places share them."""

    def in_sentence(self, part: str, name: str, number: int) -> Span | None:
        """Return where the words of an entry first stand in a sentence of the text."""
        key = (part, name, number)
        if key not in self.sought:
            self.sought[key] = found(part, name, self.text, self.text.sentences[number])
        return self.sought[key]

    def passage(self, name: Field) -> Passage:
        """Return title or text."""
        return self.title if name == "title" else self.text

    def where(self, name: Field, start: int) -> str:
        """Return what a position alone says, "passing" when it says nothing."""
        if name == "title":
            return "title"
        if self.dateline.start <= start < self.dateline.end:
            return "dateline"
        if start >= self.boilerplate:
            return "boilerplate"
        sentence = self.text.sentence_at(start)
        if sentence in self.facts:
            return "event"
        return "lead" if sentence in self.lead else "passing"
