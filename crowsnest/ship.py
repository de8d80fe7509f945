"""One market opened: settings, ledger, archive, engine, pool and clock, joined in this one place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from crowsnest.pool import ReadPool
from crowsnest.settings import Settings
from market.clock import Clock, SystemClock
from market.errors import UnavailableError

if TYPE_CHECKING:
    from archive.reader import Archive
    from crowsnest.correction_names import Names
    from index.ledger import Ledger
    from index.port import SearchEngine
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer
    from nlp.tag import Tagger

Progress = Callable[[str, int, int], None]
"""Called with a stage's words, how much is done and how much there is (0 when unknown)."""


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass
class Ship:
    """What the stages work with. Parts that a stage does not touch are never opened."""

    settings: Settings
    ledger: Ledger
    pool: ReadPool
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = silent

    @cached_property
    def archive(self) -> Archive:
        """The WARC archive."""
        from archive.reader import Archive

        return Archive(self.settings.archive)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Companies, with the settings' own."""
        from crowsnest.known import companies

        return companies(self.settings)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Places."""
        from market.places.gazetteer import Gazetteer

        return Gazetteer.load()

    @cached_property
    def names(self) -> Names:
        """What corrections name."""
        from crowsnest.correction_names import Names

        return Names(self.lexicon, self.gazetteer)

    @cached_property
    def tagger(self) -> Tagger:
        """The pipeline, built once."""
        from nlp.tag import Tagger

        return Tagger(self.lexicon, self.gazetteer)

    @cached_property
    def engine(self) -> SearchEngine:
        """The search engine; raises UnavailableError while it is away."""
        from crowsnest.engines import engine

        return engine(self.settings)


@contextmanager
def board(
    settings: Settings, *, clock: Clock | None = None, progress: Progress = silent, alone: bool = True
) -> Iterator[Ship]:
    """Open a market's parts and close them after; with `alone`, refuse while another run is under way."""
    with _lock(settings, alone):
        ledger = open_ledger(settings)
        try:
            with ReadPool(settings.archive, settings.crawl.workers) as pool:
                yield Ship(settings, ledger, pool, clock or SystemClock(), progress)
        finally:
            ledger.close()


def open_ledger(settings: Settings) -> Ledger:
    """Return the migrated ledger of the settings, whose data directory is made when it is missing."""
    from index.ledger import Ledger

    _make_folders(settings)
    ledger = Ledger(settings.ledger_url)
    try:
        ledger.migrate()
    except BaseException:
        ledger.close()
        raise
    return ledger


def _make_folders(settings: Settings) -> None:
    """Make the data directory and the archive's; raise UnavailableError where that cannot be."""
    try:
        settings.archive.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            "data-unwritable",
            f"the data directory {settings.data} cannot be used ({error}); make room and give yourself the "
            f"right to write there, or set [market] data in {settings.path} to another folder",
        ) from error


@contextmanager
def _lock(settings: Settings, alone: bool) -> Iterator[None]:
    """Hold the data directory's lock; the kernel lets go of it however the process ends."""
    if not alone:
        yield
        return
    _make_folders(settings)
    path = settings.data / "run.lock"
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise UnavailableError(
            "data-unwritable", f"cannot write to the data directory ({error}); check its permissions"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise UnavailableError(
                "run-under-way",
                f"{path.parent}: another run is under way (process {file.read().strip() or 'unknown'}); "
                "wait for it or stop it",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
