"""What a bare `scrapy crawl` prints."""

from __future__ import annotations

from market.records import Capture, Link
from market.records.base import Record


class Captured(Record):
    """One archived answer and the links it told of."""

    capture: Capture
    links: tuple[Link, ...] = ()
