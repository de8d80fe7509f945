"""What the tagger is given of one article, from JSON or from the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TagInput:
    """What the tagger is given of one article."""

    id: str
    title: str
    text: str
    published_at: datetime | None = None
    """Aware; helps with "next year" and "today"."""
    company: str | None = None
    """Lexicon id of the company whose own source it is."""
    home_state: str | None = None
    """Two-letter state the source writes from."""
    mentions: tuple[tuple[int, int], ...] | None = None
    """Spans of the text to resolve as places, answered in `given`; None asks for none."""
    capture_id: str = ""
    reader_version: int = 1
    """Version of the article reader that made the text; stands in the evidence."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TagInput:
        """Build from one line of `crowsnest tag`. Raises ValueError that names the wrong field."""
        for name in ("id", "title", "text"):
            if not isinstance(data.get(name, "" if name == "title" else None), str):
                raise ValueError(f'"{name}" must be a string')
        spans: list[tuple[int, int]] = []
        for span in data.get("mentions") or ():
            if not isinstance(span, Mapping) or not all(
                type(span.get(key)) is int for key in ("start", "end")
            ):
                raise ValueError('"mentions" must be a list of {"start": number, "end": number}')
            start, end = span["start"], span["end"]
            if not 0 <= start < end <= len(data["text"]):
                raise ValueError(
                    f"the mention {start}..{end} does not lie in the text of {len(data['text'])} characters"
                )
            spans.append((start, end))
        return cls(
            id=_storable(data["id"]),
            title=_storable(data.get("title", "")),
            text=_storable(data["text"]),
            published_at=_moment(data.get("published_at")),
            company=data.get("company") or None,
            home_state=data.get("home_state") or None,
            mentions=tuple(spans) if "mentions" in data and data["mentions"] is not None else None,
        )


def _storable(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold, one character by one: offsets stay."""
    return _SURROGATE.sub("\ufffd", text)


def _moment(raw: object) -> datetime | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise ValueError('"published_at" must be an ISO date or time')
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise ValueError(f'"published_at" must be an ISO date or time, not {raw!r}') from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
