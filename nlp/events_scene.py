"""What a sentence offers to whoever reads events from it, and the patterns of data/events.toml."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from market.dates import month_number
from market.numbers import Number, numbers_in
from market.records import Mention
from market.records.told import EventKind
from nlp.document import Entity, Passage, Span
from nlp.patterns import Folded
from nlp.regions import PlaceMention

_LONGEST = 1_200
"""Characters; a longer sentence is no clear one."""
_PERCENT = re.compile(r"\s?(?:%|per\s?cent)")
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTHS = (
    r"January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\."
)
_ON = re.compile(
    r"(?:(?P<quarter>first|second|third|fourth)\s+quarter|Q(?P<q>[1-4])|(?P<half>first|second)\s+half"
    rf"|(?P<month>{_MONTHS})(?:\s+\d{{1,2}},?)?)?\s*(?:of\s+)?(?P<year>20\d\d|(?:this|next)\s+year)\b"
    r"|(?P<bare>first|second|third|fourth)\s+quarter|(?P<bare_half>first|second)\s+half"
    rf"|(?P<bare_month>{_MONTHS})(?![\w])"
)


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """Return data/events.toml."""
    return tomllib.loads(files("nlp.data").joinpath("events.toml").read_text("utf-8"))


@cache
def pattern(kind: str, name: str) -> Folded:
    """Return a pattern of a kind, case aside; the groups of a match are in small letters."""
    return Folded(data()[kind][name])


@cache
def _counted(kind: EventKind) -> Folded:
    return Folded(rf"\s(?:[\w-]+\s){{0,3}}?{data()[kind]['whom']}")


@dataclass(slots=True)
class Event:
    """An event; `slots` and `proofs` are by slot, positions those of the text."""

    kind: EventKind
    company: str
    company_name: str
    start: int
    slots: dict[str, Any] = field(default_factory=dict)
    proofs: dict[str, Span] = field(default_factory=dict)

    def put(self, slot: str, value: Any, start: int, end: int) -> None:
        """Fill a slot, once, and say where it stands."""
        if value is not None and slot not in self.slots:
            self.slots[slot] = value
            self.proofs[slot] = Span(start, end)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with what it names; all positions are those of the text."""

    text: str
    span: Span
    companies: tuple[Mention, ...]
    """Companies of the market and other organisations, in order."""
    people: tuple[Entity, ...]
    places: tuple[PlaceMention, ...]
    published_at: datetime | None

    @property
    def words(self) -> str:
        """The sentence."""
        return self.text[self.span.start : self.span.end]

    def company_before(self, position: int) -> Mention | None:
        """Return the last company of the market that is named before a position."""
        return next((m for m in reversed(self.companies) if m.target and m.end <= position), None)

    def named_at(self, position: int, slack: int = 2) -> Mention | None:
        """Return the company or organisation whose name begins at a position, or just behind it."""
        return next((m for m in self.companies if position <= m.start <= position + slack), None)

    def money(self) -> list[tuple[int, Span]]:
        """Return the amounts in cents, in order."""
        return [
            (int(number.value * 100), Span(self.span.start + number.start, self.span.start + number.end))
            for number in self.numbers()
            if number.is_money
        ]

    def numbers(self) -> list[Number]:
        """Return the numbers; offsets count from the sentence's start."""
        return numbers_in(self.words)

    def counted(self, kind: EventKind) -> tuple[int, Span] | None:
        """Return the first number that counts what a kind counts, up to three words before its name."""
        words = self.words
        for number in self.numbers():
            match = _counted(kind).match(words, number.end)
            if (
                match is None
                or number.is_money
                or _PERCENT.match(words, number.end)
                or number.value != int(number.value)
                or number.value < 1
            ):
                continue
            return int(number.value), Span(self.span.start + number.start, self.span.start + match.end())
        return None

    def local(self) -> list[PlaceMention]:
        """Return the places smaller than a state, each once."""
        found: dict[int, PlaceMention] = {}
        for mention in self.places:
            if mention.place is None or mention.inside_org or mention.attached:
                continue
            if mention.place.kind not in ("state", "country"):
                found.setdefault(mention.place.id, mention)
        return list(found.values())

    def date_near(self, position: int) -> tuple[str, Span] | None:
        """Return the first date to come behind a position, as coarse as it is written."""
        for match in _ON.finditer(self.text, position, min(self.span.end, position + 90)):
            value = _date_value(match, self.published_at)
            if value is not None and (self.published_at is None or value[:4] >= f"{self.published_at:%Y}"):
                return value, Span(
                    match.start() + len(match.group()) - len(match.group().lstrip()), match.end()
                )
        return None


def _date_value(match: re.Match[str], published: datetime | None) -> str | None:
    said = match["year"]
    if said is not None and said.startswith("20"):
        year = int(said)
    elif published is None:
        return None
    else:
        year = published.year + (said is not None and said.startswith("next"))
    if quarter := match["quarter"] or match["bare"]:
        number = _QUARTERS[quarter.lower()]
        if said is None and published is not None and number < (published.month + 2) // 3:
            year += 1
        return f"{year}-Q{number}"
    if match["q"]:
        return f"{year}-Q{match['q']}"
    if match["half"] or match["bare_half"]:
        return str(year)
    if month := match["month"] or match["bare_month"]:
        number = month_number(month) or 1
        if said is None and published is not None and number < published.month:
            year += 1
        return f"{year}-{number:02d}"
    return str(year)


def scenes(
    passage: Passage,
    companies: Sequence[Mention],
    places: Sequence[PlaceMention],
    published_at: datetime | None,
    end: int,
) -> Iterator[Scene]:
    """Yield the sentences before `end` with what they name."""
    named = sorted((m for m in companies if m.field == "text"), key=lambda m: m.start)
    where = sorted((m for m in places if m.field == "text"), key=lambda m: m.start)
    people = [entity for entity in passage.entities if entity.label == "PERSON"]
    starts = [m.start for m in named], [m.start for m in where], [e.start for e in people]
    for sentence in passage.sentences:
        if sentence.start >= end:
            return
        if sentence.end - sentence.start > _LONGEST:
            continue
        cut = [(bisect_left(s, sentence.start), bisect_left(s, sentence.end)) for s in starts]
        yield Scene(
            text=passage.text,
            span=sentence,
            companies=tuple(named[cut[0][0] : cut[0][1]]),
            places=tuple(where[cut[1][0] : cut[1][1]]),
            people=tuple(people[cut[2][0] : cut[2][1]]),
            published_at=published_at,
        )
