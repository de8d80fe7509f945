"""robots.txt: who may ask what, kept for a day, one answer for all crawlers of a run (RFC 9309)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from pydantic import ValidationError

from market.clock import Clock
from market.records.base import Record, UtcTime

PRODUCT = "Crowsnest"
_LONGEST = 512 * 1024
_FORGOTTEN = timedelta(days=60)


class RobotsFile(Record):
    """One origin's robots.txt as last fetched."""

    at: UtcTime
    status: int
    text: str = ""
    etag: str | None = None
    last_modified: str | None = None


class Fetched(Record):
    """What a request for a robots.txt brought."""

    status: int
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None


Fetch = Callable[[str, RobotsFile | None], Awaitable[Fetched]]


class Rules:
    """What one origin allows us."""

    def __init__(self, file: RobotsFile) -> None:
        self.unreachable = file.status >= 500 or file.status == 429
        self._parser: Any = Protego.parse(file.text) if 200 <= file.status < 300 and file.text else None

    def allows(self, url: str) -> bool:
        """Tell whether `url` may be asked for; nothing may while the file cannot be had (RFC 9309)."""
        if self.unreachable:
            return False
        return self._parser is None or bool(self._parser.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between requests that the file asks of us, or None."""
        if self._parser is None:
            return None
        delay = self._parser.crawl_delay(PRODUCT)
        return float(delay) if delay is not None else None


class Robots:
    """The robots.txt files of a run's hosts, kept in `path` between runs; losing that file costs nothing."""

    def __init__(self, path: Path, now: Clock, max_age: timedelta) -> None:
        self._path = path
        self._now = now
        self._max_age = max_age
        self._files = _load(path)
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    async def rules(self, url: str, fetch: Fetch) -> Rules:
        """Return the rules for `url`, fetching them once a run at most. Raises what `fetch` raises."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.get_running_loop().create_future()
            future = self._rules[origin]
            try:
                future.set_result(Rules(await self._current(origin, fetch)))
            except Exception as error:
                future.set_exception(error)
                # Whoever else waits sees it; nobody waiting is no reason for a warning.
                future.exception()
                raise
        return await asyncio.shield(self._rules[origin])

    async def _current(self, origin: str, fetch: Fetch) -> RobotsFile:
        known = self._files.get(origin)
        now = self._now.now()
        if known and timedelta(0) <= now - known.at < self._max_age:
            return known
        got = await fetch(f"{origin}/robots.txt", known)
        if got.status == 304 and known:
            file = known.model_copy(update={"at": now})
        else:
            file = RobotsFile(
                at=now,
                status=got.status,
                text=got.body[:_LONGEST].decode("utf-8-sig", "replace").replace("\0", ""),
                etag=got.etag,
                last_modified=got.last_modified,
            )
        if file.status < 500 and file.status != 429:
            self._files[origin] = file
        return file

    def save(self) -> None:
        """Keep the files for the next run, unless the disk refuses: then they are asked for again."""
        oldest = self._now.now() - _FORGOTTEN
        recent = {origin: file for origin, file in sorted(self._files.items()) if file.at >= oldest}
        content = {origin: file.model_dump(mode="json") for origin, file in recent.items()}
        new = self._path.with_suffix(".new")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(content, indent=1), encoding="utf-8")
            new.replace(self._path)


def _load(path: Path) -> dict[str, RobotsFile]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {origin: RobotsFile.model_validate(file) for origin, file in content.items()}
    except (OSError, ValueError, AttributeError, ValidationError):
        return {}


def http_wait(value: str, date: str, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for, a number or a date; None when it says nothing.

    A date is counted from the answer's own `date` header, where there is one, since clocks differ.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    moment = _http_date(text)
    return None if moment is None else max(0.0, (moment - (_http_date(date) or now)).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return moment if moment.tzinfo else None
