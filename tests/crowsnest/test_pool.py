"""Reading outside: what hangs, dies or cannot be had becomes an issue, and the others are read."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.response import Response, Tags
from archive.writer import WarcWriter
from crawlers.readers import VERSIONS
from crowsnest.pool import ReadPool
from market.clock import FixedClock
from market.errors import UnavailableError
from market.ids import capture_id, sha256_hex
from market.records import Capture, Source

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOURCE = Source(id="plans", kind="page", url="https://acme.example/plans")
PAGE = b"""<html><body><div class="plan"><h3>Fiber 300</h3><p>300 Mbps</p><p>$50/mo</p></div>
<div class="plan"><h3>Fiber 600</h3><p>600 Mbps</p><p>$70/mo</p></div></body></html>"""

Archived = Callable[[bytes], Capture]


@pytest.fixture
def archived(tmp_path: Path) -> Archived:
    writer = WarcWriter(tmp_path, "run1", FixedClock(NOW))

    def write(body: bytes) -> Capture:
        tags = Tags(source_id="plans", run_id="run1", asked_url=SOURCE.url, reader="offers")
        headers = ((b"Content-Type", b"text/html"),)
        place = writer.write(
            Response(url=SOURCE.url, status=200, headers=headers, body=body, at=NOW, tags=tags)
        )
        return Capture(
            id=capture_id(place.file, place.offset),
            source_id="plans",
            run_id="run1",
            url=SOURCE.url,
            final_url=SOURCE.url,
            fetched_at=NOW,
            status=200,
            media_type="text/html",
            sha256=sha256_hex(body),
            warc_file=place.file,
            warc_offset=place.offset,
            changed=True,
            reader="offers",
        )

    return write


def test_an_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnavailableError("archive-missing", "It is not there.")))
    assert (error.code, error.message, error.exit_code) == ("archive-missing", "It is not there.", 3)


def test_bytes_that_cannot_be_had_are_an_issue_and_the_others_are_read(
    tmp_path: Path, archived: Archived
) -> None:
    good = archived(PAGE)
    lost = good.model_copy(update={"id": "clost", "warc_file": "crowsnest-gone-00001.warc.gz"})
    with ReadPool(tmp_path, 1) as pool:
        missing, read = pool.read([(lost, SOURCE), (good, SOURCE)], NOW, VERSIONS)
    (issue,) = missing.issues
    assert (issue.stage, issue.code, issue.capture_id) == ("archive", "archive-missing", "clost")
    assert [record.monthly_cents for record in read.records] == [5000, 7000]


def test_a_page_that_takes_too_long_is_an_issue(tmp_path: Path, archived: Archived) -> None:
    with ReadPool(tmp_path, 1, seconds=0.01) as pool:
        (result,) = pool.read([(archived(PAGE), SOURCE)], NOW, VERSIONS)
    assert [(issue.stage, issue.code) for issue in result.issues] == [("read", "read-timeout")]
    assert result.reading.outcome == "failed"
