"""The one process pool: reading is CPU-bound and may hang on hostile pages, so it runs outside, limited."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import datetime
from multiprocessing import resource_tracker
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from market.errors import CrowsnestError
from market.records import Capture, Issue, Reading, Source
from market.records.issue import RunStage

if TYPE_CHECKING:
    from pebble import ProcessFuture

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
        # Pebble gives only some of its methods types.
        self._pool: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop() if kind else self._pool.close()
            self._pool.join()
            self._pool = None

    def _start(self) -> Any:
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=2000,
                context=multiprocessing.get_context("spawn"),
                initializer=_die_with,
                initargs=[os.getpid()],
            )
            # The tracker lifts the mask when it starts, so it starts first.
            resource_tracker.ensure_running()
            # Threads and processes inherit the mask: Ctrl-C is for this thread, which then stops the workers.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                _ = self._pool.active
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self._pool

    def read(
        self, work: Iterable[tuple[Capture, Source]], now: datetime, versions: dict[str, int]
    ) -> Iterator[ReadResult]:
        """Yield a result for each capture, in order; one that hangs or kills its worker yields an issue.

        An issue of stage "archive" says that the bytes could not be had, so that nothing was read.
        """
        from pebble import ProcessExpired

        pool = self._start()

        def task(capture: Capture, source: Source) -> ProcessFuture[ReadResult]:
            arguments = [self._archive, capture, source, now]
            future: ProcessFuture[ReadResult] = pool.schedule(read_one, arguments, timeout=self._seconds)
            return future

        pending = [(capture, source, task(capture, source)) for capture, source in work]
        for capture, source, future in pending:
            error = future.exception()
            if isinstance(error, ProcessExpired):
                # Workers also die of what is not the page's fault: a lack of memory, a signal to them all.
                error = (future := task(capture, source)).exception()
            if error is None:
                yield future.result()
            elif isinstance(error, FutureTimeoutError):
                words = (
                    f"reading took over {self._seconds:.0f} s and was stopped; the page stays in the archive"
                )
                yield _failed(capture, source, now, versions, "read-timeout", words)
            elif isinstance(error, ProcessExpired):
                words = f"its reader's process died twice ({error}); the page stays in the archive"
                yield _failed(capture, source, now, versions, "read-failed", words)
            elif isinstance(error, CrowsnestError):
                yield _failed(capture, source, now, versions, error.code, error.message, stage="archive")
            else:
                words = f"{type(error).__name__}: {error}"
                yield _failed(capture, source, now, versions, "read-failed", words)


def _failed(
    capture: Capture,
    source: Source,
    now: datetime,
    versions: dict[str, int],
    code: str,
    words: str,
    stage: RunStage = "read",
) -> ReadResult:
    from crawlers.readers import ReadResult

    reader = capture.reader or ""
    issue = Issue(
        run_id=capture.run_id,
        stage=stage,
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
