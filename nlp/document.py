"""What the understanding stages share about one article: its passages, their sentences and named entities."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal

Field = Literal["title", "text"]

_WORD = re.compile(r"([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end (end exclusive) of a passage."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A span that the statistical model names: ORG, GPE, LOC, FAC, PERSON, NORP, ..."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The title or the text of an article. Offsets everywhere count characters of `text`."""

    field: Field
    text: str
    sentences: tuple[Span, ...]
    """In order; they cover everything but the blanks between them."""
    entities: tuple[Entity, ...]
    """In order; none beyond the length limit of nlp/build.py."""
    words: tuple[str, ...]
    """Runs of letters and digits, case folded: "AT&T's" is at, t, s."""
    word_spans: tuple[tuple[int, int], ...]
    """Where each of `words` stands."""
    sentence_starts: tuple[int, ...]

    @classmethod
    def of(
        cls, field: Field, text: str, sentences: Sequence[Span], entities: Sequence[Entity] = ()
    ) -> Passage:
        """Return the passage of a text whose sentences and entities are known."""
        # Gaps and words in turn; case folding looks at each letter alone, so all words are folded in one go.
        parts = _WORD.split(text)
        folded = " ".join(parts[1::2]).casefold()
        ends = list(accumulate(map(len, parts)))
        return cls(
            field=field,
            text=text,
            sentences=tuple(sentences),
            entities=tuple(entities),
            words=tuple(folded.split(" ")) if folded else (),
            word_spans=tuple(zip(ends[:-1:2], ends[1::2], strict=True)),
            sentence_starts=tuple([sentence.start for sentence in sentences]),
        )

    def sentence_at(self, position: int) -> int:
        """Return the number of the sentence that holds `position` (the one before it, in a gap)."""
        return max(0, bisect_right(self.sentence_starts, position) - 1)


@dataclass(frozen=True, slots=True)
class Document:
    """One article on its way through the stages."""

    id: str
    title: Passage
    text: Passage
    published_at: datetime | None = None
    company: str | None = None
    """Lexicon id of the company whose own source the article is."""
    home_state: str | None = None
    """Two-letter state the source writes from."""
    truncated: bool = False
    """True when the text was longer than the model is given; rules still saw all of it."""

    @property
    def passages(self) -> tuple[Passage, Passage]:
        """Title and text, in reading order."""
        return (self.title, self.text)
