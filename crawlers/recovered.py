"""Takes into the ledger what the archive holds and it lacks: after a run was cut off, or a ledger lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from warcio.exceptions import ArchiveLoadFailed

from archive.recovery import WarcFile, recover, settled
from archive.response import Place, Response
from crawlers.landing import Landing, land
from crawlers.politeness import CrawlOptions
from crawlers.readers.feed import read_feed
from market.clock import Clock
from market.ports import Sink, Validators
from market.records import Issue

_Level = Literal["info", "error"]


def ingest_recovered(
    archive_dir: Path,
    *,
    run_id: str,
    now: Clock,
    sink: Sink,
    validators: Validators,
    known_offsets: Callable[[str], set[int]],
    options: CrawlOptions | None = None,
) -> dict[str, int]:
    """Mend torn files and hand the sink each capture it lacks; return counts, empty if nothing was lacking.

    A ledger that knows nothing of a whole file has been lost or changed for a new one, and gets all of it.
    A recovered feed brings no validator and no links, so that its next visit reads it whole; its articles
    that were captured are done. Files of a run that still goes on are left alone. Repeating it is safe.
    """
    counts: Counter[str] = Counter()
    limit = (options or CrawlOptions()).max_decoded_bytes
    unknown = [file for file in settled(archive_dir) if not known_offsets(file.file)]
    for file in sorted((*recover(archive_dir), *unknown), key=lambda file: file.file):
        tell = partial(_tell, sink, run_id, now)
        known = known_offsets(file.file)
        taken = 0
        for place, response in _whole(file, tell):
            # A robots.txt is archived for the record only; it names no reader.
            if place.offset not in known and response.tags.reader is not None:
                landing = _landing(place, response, validators, limit)
                sink.capture(landing.capture, validator=landing.validator)
                taken += 1
        if taken or file.torn:
            counts["captures"] += taken
            counts["files"] += 1
        if file.cut_bytes:
            counts["cut_bytes"] += file.cut_bytes
            told = f"{file.cut_bytes} bytes of a half-written record were cut off {file.file}."
            tell("archive-cut", "info", told)
        file.settle()
    return dict(counts)


def _tell(
    sink: Sink, run_id: str, now: Clock, code: str, level: Literal["info", "error"], message: str
) -> None:
    issue = Issue(run_id=run_id, stage="archive", code=code, level=level, message=message, at=now.now())
    sink.issue(issue)


def _whole(file: WarcFile, tell: Callable[[str, _Level, str], None]) -> Iterator[tuple[Place, Response]]:
    """Yield the file's responses up to the first one that is damaged inside, and tell of that."""
    records = file.responses()
    while True:
        try:
            found = next(records, None)
        except (ArchiveLoadFailed, ValueError) as error:
            tell("archive-damaged", "error", f"{file.file} is damaged and was read in part: {error}.")
            return
        if found is None:
            return
        yield found


def _landing(place: Place, response: Response, validators: Validators, limit: int) -> Landing:
    landing = land(place, response, validators.validator(response.tags.asked_url), decoded_limit=limit)
    if landing.capture.reader != "feed" or not landing.capture.changed:
        return landing
    reading = read_feed(landing.body, landing.capture.final_url, landing.capture.media_type)
    update: dict[str, object] = {"validator": None}
    if reading.problem and not reading.items:
        update["capture"] = landing.capture.model_copy(update={"reader": None})
    return landing.model_copy(update=update)
