"""Takes into the ledger what an earlier run archived and was cut off before it could tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.recovery import TornFile, recover
from archive.response import Place, Response
from crawlers.landing import Landing, land
from crawlers.politeness import CrawlOptions
from crawlers.readers.feed import read_feed
from market.clock import Clock
from market.ports import Sink, Validators
from market.records import Issue


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
    """Mend torn files and hand the sink each capture it lacks; return counts, empty if nothing was torn.

    A recovered feed brings no validator and no links, so that its next visit reads it whole; its articles
    that were captured are done. Files of a run that still goes on are left alone. Repeating it is safe.
    """
    counts: dict[str, int] = {}
    limit = (options or CrawlOptions()).max_decoded_bytes
    for torn in recover(archive_dir):
        taken = _take_in(torn, sink, validators, known_offsets(torn.file), limit)
        counts["files"] = counts.get("files", 0) + 1
        counts["captures"] = counts.get("captures", 0) + taken
        counts["cut_bytes"] = counts.get("cut_bytes", 0) + torn.cut_bytes
        if torn.cut_bytes:
            sink.issue(
                Issue(
                    run_id=run_id,
                    stage="archive",
                    code="archive-cut",
                    level="info",
                    message=f"{torn.cut_bytes} bytes of a half-written record were cut off {torn.file}.",
                    at=now.now(),
                )
            )
        torn.settle()
    return counts


def _take_in(torn: TornFile, sink: Sink, validators: Validators, known: set[int], limit: int) -> int:
    taken = 0
    for place, response in torn.responses():
        # A robots.txt is archived for the record only; it names no reader.
        if place.offset in known or response.tags.reader is None:
            continue
        landing = _landing(place, response, validators, limit)
        sink.capture(landing.capture, validator=landing.validator)
        taken += 1
    return taken


def _landing(place: Place, response: Response, validators: Validators, limit: int) -> Landing:
    landing = land(place, response, validators.validator(response.tags.asked_url), decoded_limit=limit)
    if landing.capture.reader != "feed" or not landing.capture.changed:
        return landing
    reading = read_feed(landing.body, landing.capture.final_url, landing.capture.media_type)
    update: dict[str, object] = {"validator": None}
    if reading.problem and not reading.items:
        update["capture"] = landing.capture.model_copy(update={"reader": None})
    return landing.model_copy(update=update)
