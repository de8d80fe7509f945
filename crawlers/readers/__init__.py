"""Readers: a capture's bytes to records. Pure functions that run in pool workers and import no Scrapy."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from crawlers.readers import article, labels, offers, pricelist
from crawlers.readers.page import Trouble
from market.records import Article, Capture, Issue, Offer, Reading, Source

VERSIONS: dict[str, int] = {
    "article": article.VERSION,
    "offers": offers.VERSION,
    "labels": labels.VERSION,
}
"""Version of each reader. A capture read at a lower one is read again."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadResult:
    """What one reader made of one capture."""

    reading: Reading
    records: tuple[Article | Offer, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_capture(capture: Capture, body: bytes, source: Source, now: datetime) -> ReadResult:
    """Run the capture's reader on `body` (after content decoding). The same input gives the same ids.

    Never raises: what a reader cannot take becomes issues of stage "read", and the reading "failed". `now` is
    the time of the reading and stands in no record but it.
    """
    name = capture.reader or ""
    records: list[Article | Offer] = []
    troubles: list[Trouble] = []
    counts: dict[str, int] = {}
    try:
        if name == "article":
            found, troubles = article.read_article(capture, body, source, now)
            records.extend(found)
        elif name == "offers":
            page = pricelist.read_offers(capture, body, source, now)
            records.extend(page.offers)
            troubles, counts = page.troubles, dict(page.counts)
        elif name == "labels":
            file = labels.read_labels(capture, body, source, now)
            records.extend(file.offers)
            troubles, counts = file.troubles, dict(file.counts)
        else:
            troubles = [
                Trouble(
                    "no-reader", f"No reader is called {name!r}; known are {', '.join(VERSIONS)}.", "error"
                )
            ]
    except (Exception, RecursionError) as error:
        logger.exception("reader %s failed on %s", name, capture.url)
        troubles = [
            Trouble(
                "reader-failed",
                f"The {name} reader failed with {type(error).__name__}: {error}. "
                "Keep the capture and report it.",
                "error",
            )
        ]
        records, counts = [], {}
    if capture.truncated:
        troubles = [
            *troubles,
            Trouble(
                "capture-truncated", "The page was cut at the size limit; what lies beyond was not read."
            ),
        ]
    failed = any(trouble.level == "error" for trouble in troubles)
    reading = Reading(
        capture_id=capture.id,
        reader=name,
        reader_version=VERSIONS.get(name, 0),
        outcome="read" if records else "failed" if failed else "empty",
        records=len(records),
        counts=counts,
        read_at=now,
    )
    return ReadResult(reading, tuple(records), tuple(_issue(trouble, capture, now) for trouble in troubles))


def _issue(trouble: Trouble, capture: Capture, now: datetime) -> Issue:
    return Issue.model_validate(
        {
            "run_id": capture.run_id,
            "stage": "read",
            "code": trouble.code,
            "level": trouble.level,
            "source_id": capture.source_id,
            "url": capture.final_url or capture.url,
            "capture_id": capture.id,
            "message": trouble.message,
            "data": trouble.data,
            "at": now,
        }
    )
