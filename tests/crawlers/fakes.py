"""An in-memory ledger and a shorthand for one collect; other rooms' tests may use them as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.collect import CrawlOptions, collect
from crawlers.memory import Memory
from market.clock import FixedClock
from market.records import Issue, Source

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OPTIONS = CrawlOptions(contact="ops@harbor.example", timeout=3, retries=0)


class World(Memory):
    """Memory with an archive folder, a clock that moves by runs, and the counts of the last run."""

    def __init__(self, folder: Path, options: CrawlOptions = OPTIONS) -> None:
        super().__init__()
        self.folder = folder
        self.options = options
        self.now = MONDAY
        self.runs = 0
        self.counts: dict[str, int] = {}
        self.seen: list[tuple[str, int, int]] = []

    def collect(self, *sources: Source, later: timedelta = timedelta(hours=1), **options: Any) -> dict[str, int]:
        """Run one collect over `sources`; the next one happens `later`."""
        self.runs += 1
        clock = FixedClock(self.now)
        self.counts = collect(
            sources,
            archive_dir=self.folder,
            run_id=f"run{self.runs}",
            now=clock,
            sink=self,
            validators=self,
            frontier=self,
            options=self.options.model_copy(update=options),
            progress=lambda stage, done, total: self.seen.append((stage, done, total)),
        )
        self.now += later
        return self.counts

    @property
    def codes(self) -> list[str]:
        return [issue.code for issue in self.issues]

    def issue_of(self, code: str) -> Issue:
        found = [issue for issue in self.issues if issue.code == code]
        assert len(found) == 1, f"{code}: {self.issues}"
        return found[0]

    def of(self, url: str) -> list[Any]:
        return [capture for capture in self.captures.values() if capture.url == url]


def feed_source(url: str, **fields: Any) -> Source:
    return Source(id=fields.pop("id", "harbor-news"), kind="feed", url=url, **fields)


def page_source(url: str, **fields: Any) -> Source:
    return Source(id=fields.pop("id", "harbor-plans"), kind="page", url=url, **fields)


def item(title: str, link: str | None = None, date: str | None = "Mon, 02 Nov 2026 08:00:00 GMT") -> str:
    parts = [f"<title>{title}</title>"]
    if link is not None:
        parts.append(f"<link>{link}</link>")
    if date is not None:
        parts.append(f"<pubDate>{date}</pubDate>")
    return "".join(parts)


def urls(captures: Sequence[Any]) -> list[str]:
    return [capture.url for capture in captures]
