"""An in-memory ledger and a shorthand for one collect; other rooms' tests may use them as well."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawlers.collect import CrawlOptions, collect
from crawlers.memory import Memory
from crawlers.recovered import ingest_recovered
from market.clock import FixedClock
from market.records import Capture, Issue, Link, Source, Validator

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

    def collect(
        self, *sources: Source, later: timedelta = timedelta(hours=1), **options: Any
    ) -> dict[str, int]:
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


class DurableWorld(World):
    """A World whose ledger is a file of one JSON line a call, so that it outlives a killed process."""

    def __init__(self, folder: Path, options: CrawlOptions = OPTIONS) -> None:
        super().__init__(folder, options)
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder.parent / "ledger.jsonl"
        data = self._path.read_bytes() if self._path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        # A half-written line is a transaction that never was.
        self._path.write_bytes(whole)
        for line in whole.splitlines():
            name, arguments = json.loads(line)
            self._apply(name, arguments)
        self._file = self._path.open("ab", buffering=0)

    def _apply(self, name: str, given: dict[str, Any]) -> None:
        if name == "capture":
            validator = given["validator"]
            super().capture(
                Capture.model_validate(given["capture"]),
                validator=Validator.model_validate(validator) if validator else None,
                links=[Link.model_validate(link) for link in given["links"]],
            )
        elif name == "link_failed":
            super().link_failed(Link.model_validate(given["link"]), give_up=given["give_up"])
        else:
            super().issue(Issue.model_validate(given["issue"]))

    def _log(self, name: str, **given: Any) -> None:
        self._file.write(json.dumps([name, given]).encode() + b"\n")
        self._apply(name, given)

    def capture(
        self, capture: Capture, *, validator: Validator | None = None, links: Sequence[Link] = ()
    ) -> None:
        self._log(
            "capture",
            capture=capture.model_dump(mode="json"),
            validator=validator.model_dump(mode="json") if validator else None,
            links=[link.model_dump(mode="json") for link in links],
        )

    def link_failed(self, link: Link, *, give_up: bool) -> None:
        self._log("link_failed", link=link.model_dump(mode="json"), give_up=give_up)

    def issue(self, issue: Issue) -> None:
        self._log("issue", issue=issue.model_dump(mode="json"))

    def known_offsets(self, warc_file: str) -> set[int]:
        return {c.warc_offset for c in self.captures.values() if c.warc_file == warc_file}

    def recover(self, run_id: str) -> dict[str, int]:
        return ingest_recovered(
            self.folder,
            run_id=run_id,
            now=FixedClock(self.now),
            sink=self,
            validators=self,
            known_offsets=self.known_offsets,
        )
