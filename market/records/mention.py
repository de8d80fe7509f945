"""Mention: words of a text that name something."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record


class Mention(Record):
    """A span of the text (or the title) that names a company or a place."""

    text: str
    start: int
    """First character, counted in characters of the text, or of the title when `field` is "title"."""
    end: int
    """One past the last character."""
    field: Literal["text", "title"] = "text"
    kind: Literal["company", "place"]
    target: str | None = None
    """Company id, or place id as text; None when unresolved."""
    method: str = ""
    """Which rule decided: "lexicon", "ner", "city-state", "county", "home-state", ..."""
    score: float | None = None
    """Confidence from 0 to 1; None where the method gives none."""
