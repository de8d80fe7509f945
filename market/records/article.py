"""Article: one page of news as read from one capture."""

from __future__ import annotations

from typing import Literal

from market.records.base import Record, UtcTime

DateFrom = Literal["json-ld", "meta", "time-tag", "feed", "url", "text"]


class Article(Record):
    """An article's version on one capture; the id is the URL's, so versions share it."""

    id: str
    capture_id: str
    source_id: str
    url: str
    """Canonical URL of the page."""
    title: str
    """"" when the page has none."""
    text: str
    """The body without title, navigation and boilerplate; paragraphs are separated by one newline."""
    text_sha256: str
    """SHA-256 of `text` in UTF-8; evidence spans point to it."""
    published_at: UtcTime | None = None
    """None when neither page nor feed says so; never the collection date. A date without a time is midnight
    UTC and `published_day_only` is True."""
    published_day_only: bool = False
    published_raw: str = ""
    """The words the date was read from."""
    date_from: DateFrom | None = None
    """How the date is known."""
    author: str | None = None
    publisher: str = ""
    language: str | None = None
    """ISO 639-1 code as the page declares it or as its words show; None when unknown."""
