"""The embedded search engine: a tantivy index in a folder of its own, without a server.

DIR/CURRENT             the generation in use, replaced whole
DIR/<generation>/       a tantivy index and schema.json, which says what it was built for
DIR/writer.lock         held (flock) by the one writing process; it clears when that process dies
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from index.compile_tantivy import Compiler
from index.embedded_writer import Writer, prepare, schema
from index.facets_tantivy import counted
from index.local_disk import refuse_network
from index.port import (
    MAX_WINDOW,
    SCHEMA,
    Facet,
    Hit,
    Hits,
    IndexWriter,
    SearchDocument,
    Sort,
)
from index.query import Node, scores
from market.errors import QueryError, UnavailableError

_HEAP = 128 << 20
_TIES = 200


class TantivyEngine:
    """An index in a local folder. One process writes at a time; any number of processes search."""

    name = "tantivy"

    def __init__(self, directory: Path, *, settings_key: str = "", threads: int = 2) -> None:
        """Open nothing yet; `settings_key` names what documents depend on (the time zone) besides SCHEMA.

        Raises UnavailableError for a folder on a network file system: its locks and memory maps lie.
        """
        refuse_network(directory)
        self._directory = directory
        self._built_for = {"schema": SCHEMA, "settings": settings_key}
        self._threads = threads
        self._lock = threading.Lock()
        self._open: tuple[str, tuple[int, int], tantivy.Index, tantivy.Searcher] | None = None

    def generation(self) -> str | None:
        """Return the generation in use, or None when there is none of this schema."""
        try:
            current = (self._directory / "CURRENT").read_text(encoding="ascii").strip()
            stamp = json.loads((self._directory / current / "schema.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._broken(error) from error
        return current if current and stamp == self._built_for else None

    @contextmanager
    def writer(self) -> Iterator[IndexWriter]:
        """Give the writer of the generation in use."""
        with self._locked():
            current = self.generation()
            if current is None:
                raise self._missing()
            with self._writing(self._index(current)) as writer:
                yield writer

    @contextmanager
    def rebuild(self) -> Iterator[tuple[str, IndexWriter]]:
        """Give a new generation's writer; afterwards the generation is in use and all others are deleted."""
        with self._locked():
            fresh = secrets.token_hex(8)
            folder = self._directory / fresh
            try:
                folder.mkdir()
                (folder / "schema.json").write_text(json.dumps(self._built_for), encoding="utf-8")
                index = tantivy.Index(schema(), path=str(folder))
            except (OSError, ValueError) as error:
                raise self._broken(error) from error
            with self._writing(index) as writer:
                yield fresh, writer
            self._switch(fresh)

    def search(
        self,
        query: Node,
        *,
        facets: Sequence[Facet] = (),
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
    ) -> Hits:
        """Return a page of hits, the number of all, and their facets."""
        if offset + limit > MAX_WINDOW:
            raise QueryError(
                "search-window", f"hits beyond the first {MAX_WINDOW} are not given; narrow the query"
            )
        index, searcher = self._searcher()
        try:
            matching = Compiler(index.schema, scored=False).query(query)
            order: Sort = "newest" if sort == "relevance" and not scores(query) else sort
            if order == "relevance":
                page = _ranked(searcher, Compiler(index.schema).query(query), offset, limit)
            else:
                page = _ordered(searcher, matching, order, offset, limit)
            hits = tuple(
                Hit(document=_stored(searcher, address), score=score if order == "relevance" else None)
                for score, address in page
            )
            total, counts = counted(searcher, matching, facets)
            return Hits(total=total, hits=hits, facets=counts)
        except (OSError, ValueError) as error:
            raise self._broken(error) from error

    def count(self) -> int:
        """Return how many documents are in use."""
        return self._searcher()[1].num_docs

    def close(self) -> None:
        """Let go of the index's files."""
        self._open = None

    def _searcher(self) -> tuple[tantivy.Index, tantivy.Searcher]:
        """Return a searcher on the last commit of the generation in use."""
        with self._lock:
            current = self.generation()
            if current is None:
                raise self._missing()
            try:
                status = (self._directory / current / "meta.json").stat()
                commit = (status.st_mtime_ns, status.st_ino)
                if self._open is None or self._open[:2] != (current, commit):
                    index = self._open[2] if self._open and self._open[0] == current else self._index(current)
                    index.reload()
                    self._open = (current, commit, index, index.searcher())
            except OSError as error:
                raise self._broken(error) from error
            return self._open[2], self._open[3]

    def _index(self, generation: str) -> tantivy.Index:
        try:
            index = tantivy.Index.open(str(self._directory / generation))
        except (OSError, ValueError) as error:
            raise self._broken(error) from error
        prepare(index)
        return index

    @contextmanager
    def _writing(self, index: tantivy.Index) -> Iterator[IndexWriter]:
        prepare(index)
        try:
            writer = index.writer(_HEAP, self._threads)
            # A killed writer leaves segments that no commit names.
            writer.garbage_collect_files()
        except (OSError, ValueError) as error:
            raise self._broken(error) from error
        session = Writer(writer, index, self._broken)
        try:
            yield session
            session.commit()
        finally:
            session.finish()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            handle = (self._directory / "writer.lock").open("a")
        except OSError as error:
            raise self._broken(error) from error
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UnavailableError(
                    "index-busy", f"another process is writing to {self._directory}; wait for it to end"
                ) from error
            yield

    def _switch(self, fresh: str) -> None:
        try:
            draft = self._directory / "CURRENT.new"
            with draft.open("w", encoding="ascii") as handle:
                handle.write(fresh)
                handle.flush()
                os.fsync(handle.fileno())
            draft.replace(self._directory / "CURRENT")
            for folder in self._directory.iterdir():
                if folder.is_dir() and folder.name != fresh:
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            raise self._broken(error) from error

    def _missing(self) -> UnavailableError:
        words = f"{self._directory} holds no index of this version; run `crowsnest index`"
        return UnavailableError("index-missing", words)

    def _broken(self, error: Exception) -> UnavailableError:
        return UnavailableError(
            "index-broken",
            f"the index in {self._directory} cannot be used ({error}); run `crowsnest reindex`",
        )


def _stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> SearchDocument:
    return SearchDocument.model_validate_json(bytes(searcher.doc(address)["document"][0]))


def _ordered(
    searcher: tantivy.Searcher, query: tantivy.Query, sort: Sort, offset: int, limit: int
) -> list[tuple[float, tantivy.DocAddress]]:
    if limit == 0:
        return []
    field, order = ("newest", tantivy.Order.Desc) if sort == "newest" else ("cheapest", tantivy.Order.Asc)
    found = searcher.search(query, limit, count=False, order_by_field=field, order=order, offset=offset)
    return [(0.0, address) for _, address in found.hits]


def _ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int
) -> list[tuple[float, tantivy.DocAddress]]:
    """Return a page of the best hits; equal scores are ordered newest first."""
    if limit == 0:
        return []
    # tantivy orders equal scores by segment, which differs from index to index: a margin of hits beyond the
    # page is fetched, so that the ties at its edge are ordered by us.
    found = searcher.search(query, offset + limit + _TIES, count=False)
    newest = searcher.fast_field_values("newest", [address for _, address in found.hits])
    ranked = sorted(zip(found.hits, newest, strict=True), key=lambda item: (-item[0][0], -(item[1] or 0)))
    return [(hit[0], hit[1]) for hit, _ in ranked[offset : offset + limit]]
