"""Keeps a search engine level with the ledger. The cursor moves only after the engine has committed.

Of list prices only the current ones are in the index (what each page showed when it was last read whole), so
that a plan captured every week is found once; earlier observations stay in the ledger, where histories and
comparisons are made from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from index.documents import Documents
from index.ledger import Batch, Ledger
from index.port import Failure, IndexWriter, SearchDocument, SearchEngine
from market.records import Issue

if TYPE_CHECKING:
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer

Progress = Callable[[str, int, int], None]

BATCH = 1000
COMMIT_EVERY = 20_000
"""Documents between commits: each costs tantivy a segment and Elasticsearch a refresh."""


def sync(
    ledger: Ledger,
    engine: SearchEngine,
    *,
    lexicon: Lexicon | None = None,
    gazetteer: Gazetteer | None = None,
    zone: tzinfo = UTC,
    progress: Progress | None = None,
    run_id: str = "",
    at: datetime | None = None,
) -> dict[str, int]:
    """Send what changed in the ledger to the engine; an index that is lost or of another schema is rebuilt.

    Returns the numbers of documents put, removed and refused; each refusal becomes an issue.
    """
    generation = engine.generation()
    if generation is None:
        return rebuild(
            ledger,
            engine,
            lexicon=lexicon,
            gazetteer=gazetteer,
            zone=zone,
            progress=progress,
            run_id=run_id,
            at=at,
        )
    stream = _Stream(ledger, _documents(lexicon, gazetteer, zone), progress, run_id, at)
    ledger.note_current_offers()
    if not ledger.unindexed_count(_cursor(engine, generation)):
        return stream.counts
    with engine.writer() as writer:
        stream.pour(writer, _cursor(engine, generation))
    return stream.counts


def rebuild(
    ledger: Ledger,
    engine: SearchEngine,
    *,
    lexicon: Lexicon | None = None,
    gazetteer: Gazetteer | None = None,
    zone: tzinfo = UTC,
    progress: Progress | None = None,
    run_id: str = "",
    at: datetime | None = None,
) -> dict[str, int]:
    """Build a new index from the whole ledger; the old one is searched until the new one is full."""
    stream = _Stream(ledger, _documents(lexicon, gazetteer, zone), progress, run_id, at, new=True)
    ledger.note_current_offers()
    with engine.rebuild() as (generation, writer):
        stream.pour(writer, _cursor(engine, generation))
    return stream.counts


class _Stream:
    """Pours the ledger's changes into a writer."""

    def __init__(
        self,
        ledger: Ledger,
        documents: Documents,
        progress: Progress | None,
        run_id: str,
        at: datetime | None,
        *,
        new: bool = False,
    ) -> None:
        self._new = new
        self._ledger = ledger
        self._documents = documents
        self._progress = progress
        self._run_id = run_id
        self._at = at
        self.counts = {"documents": 0, "removed": 0, "refused": 0}

    def pour(self, writer: IndexWriter, cursor: str) -> None:
        """Write all changes after the cursor, a commit at a time."""
        total = self._ledger.unindexed_count(cursor)
        done = waiting = 0
        batch = self._ledger.unindexed(cursor, BATCH)
        while batch.entries:
            self._write(writer, batch)
            done += len(batch.entries)
            waiting += len(batch.entries)
            following = self._ledger.unindexed(cursor, BATCH, after=batch.upto)
            if waiting >= COMMIT_EVERY or not following.entries:
                writer.commit()
                self._ledger.mark_indexed(cursor, batch)
                waiting = 0
            if self._progress is not None:
                self._progress("indexing", done, max(total, done))
            batch = following

    def _write(self, writer: IndexWriter, batch: Batch) -> None:
        documents: list[SearchDocument] = []
        gone: list[str] = []
        for entry in batch.entries:
            document = self._documents.of(entry)
            if document is not None:
                documents.append(document)
            elif not self._new:
                gone.append(entry.id)
        refused = writer.put(documents)
        writer.remove(gone)
        for failure in refused:
            self._ledger.issue(self._issue(failure))
        self.counts["documents"] += len(documents) - len(refused)
        self.counts["removed"] += len(gone)
        self.counts["refused"] += len(refused)

    def _issue(self, failure: Failure) -> Issue:
        return Issue(
            run_id=self._run_id,
            stage="index",
            code="document-refused",
            message=f"the search engine refused {failure.id}: {failure.reason}; searching does not find it",
            data={"id": failure.id},
            at=self._at,
        )


def _documents(lexicon: Lexicon | None, gazetteer: Gazetteer | None, zone: tzinfo) -> Documents:
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer

    return Documents(lexicon or Lexicon.load(), gazetteer or Gazetteer.load(), zone)


def _cursor(engine: SearchEngine, generation: str) -> str:
    """Return the name of the ledger's cursor: each generation of an index has its own."""
    return f"{engine.name}:{generation}"
