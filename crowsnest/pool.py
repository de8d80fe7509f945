"""The one process pool: reading is CPU-bound and may hang on hostile pages, so it runs outside, limited."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from market.records import Capture, Issue, Reading, Source

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

    from crawlers.readers import ReadResult

SECONDS_A_TASK = 60


def _die_with(parent: int) -> None:
    """Watch the parent from a thread of the worker, and leave when it is gone (kill -9 sends no signal)."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def read_one(archive: Path, capture: Capture, source: Source, now: datetime) -> ReadResult:
    """Read one capture in a worker: its bytes come from the archive, so none travel between processes."""
    from archive.reader import Archive
    from crawlers.readers import read_capture

    body = Archive(archive).body(capture.warc_file, capture.warc_offset)
    return read_capture(capture, body, source, now)


class ReadPool:
    """Workers that read captures; started at the first task, stopped with the block."""

    def __init__(self, archive: Path, workers: int, seconds: float = SECONDS_A_TASK) -> None:
        self._archive, self._workers, self._seconds = archive, workers, seconds
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop() if kind else self._pool.close()
            self._pool.join()
            self._pool = None

    def _start(self) -> ProcessPool:
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=2000,
                context=multiprocessing.get_context("spawn"),
                initializer=_die_with,
                initargs=[os.getpid()],
            )
        return self._pool

    def read(
        self, work: Iterable[tuple[Capture, Source]], now: datetime, versions: dict[str, int]
    ) -> Iterator[ReadResult]:
        """Yield a result for each capture, in order; one that hangs or kills its worker yields an issue."""
        pool = self._start()
        pending: list[tuple[Capture, Source, ProcessFuture]] = [
            (
                capture,
                source,
                pool.schedule(read_one, args=[self._archive, capture, source, now], timeout=self._seconds),
            )
            for capture, source in work
        ]
        for capture, source, future in pending:
            error = future.exception()
            if error is None:
                yield future.result()
            elif isinstance(error, FutureTimeoutError):
                words = (
                    f"reading took over {self._seconds:.0f} s and was stopped; the page stays in the archive"
                )
                yield _failed(capture, source, now, versions, "read-timeout", words)
            else:
                words = f"{type(error).__name__}: {error}"
                yield _failed(capture, source, now, versions, "read-failed", words)


def _failed(
    capture: Capture, source: Source, now: datetime, versions: dict[str, int], code: str, words: str
) -> ReadResult:
    from crawlers.readers import ReadResult

    reader = capture.reader or ""
    issue = Issue(
        run_id=capture.run_id,
        stage="read",
        code=code,
        source_id=source.id,
        url=capture.url,
        capture_id=capture.id,
        message=words,
        at=now,
    )
    reading = Reading(
        capture_id=capture.id,
        reader=reader,
        reader_version=versions.get(reader, 0),
        outcome="failed",
        records=0,
        read_at=now,
    )
    return ReadResult(reading=reading, records=(), issues=(issue,))
