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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy

from index.compile_tantivy import Compiler
from index.facets_tantivy import SET_FIELDS, facets_of, set_name, together
from index.fields import KEYWORD_FIELDS, NUMBER_FIELDS, SORT_FIELDS, TERM_FIELDS, fields
from index.local_disk import refuse_network
from index.port import (
    MAX_WINDOW,
    SCHEMA,
    Facet,
    Failure,
    Hit,
    Hits,
    IndexWriter,
    SearchDocument,
    Sort,
)
from index.query import Node, scores
from market.errors import QueryError, UnavailableError

_BLANK = "blank"
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
            total = _count(searcher.search(matching, 1))
            return Hits(total=total, hits=hits, facets=facets_of(searcher, matching, facets))
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
        session = _Writer(writer, index, self._broken)
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


class _Writer:
    """Adds documents to a tantivy index; its own threads do the work."""

    def __init__(
        self,
        writer: tantivy.IndexWriter,
        index: tantivy.Index,
        broken: Callable[[Exception], UnavailableError],
    ) -> None:
        index.reload()
        self._writer = writer
        self._before = index.searcher()
        self._put: set[str] = set()
        self._broken = broken
        self._dirty = False

    def put(self, documents: Sequence[SearchDocument]) -> list[Failure]:
        """Add documents in place of those of the same id; return those that cannot be."""
        failures: list[Failure] = []
        for document in documents:
            try:
                made = _document(document)
            except (OverflowError, ValueError) as error:
                failures.append(Failure(id=document.id, reason=str(error)))
                continue
            try:
                # A deletion costs more than a look whether there is anything to delete.
                if document.id in self._put or self._before.doc_freq("id", document.id):
                    self._writer.delete_documents_by_term("id", document.id)
                self._writer.add_document(made)
                self._put.add(document.id)
            except (OSError, ValueError) as error:
                raise self._broken(error) from error
        self._dirty = self._dirty or bool(documents)
        return failures

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents by id."""
        for key in ids:
            self._writer.delete_documents_by_term("id", key)
            self._dirty = True

    def commit(self) -> None:
        """Write the changes so far to disk, where other processes see them."""
        if not self._dirty:
            return
        try:
            self._writer.commit()
        except (OSError, ValueError) as error:
            raise self._broken(error) from error
        self._dirty = False

    def finish(self) -> None:
        """Wait for merges and free the index's own lock; uncommitted changes are gone."""
        try:
            if self._dirty:
                self._writer.rollback()
            self._writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise self._broken(error) from error


def schema() -> tantivy.Schema:
    """Return the fields of an index; a change here needs another SCHEMA."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name=_BLANK, index_option="position")
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in SET_FIELDS:
        builder.add_text_field(set_name(name), tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*NUMBER_FIELDS, *SORT_FIELDS):
        builder.add_integer_field(name, indexed=name in NUMBER_FIELDS, fast=True)
    return builder.build()


def prepare(index: tantivy.Index) -> None:
    """Register the analyzer, which tantivy does not keep with the index, and reload by hand."""
    index.register_tokenizer(_BLANK, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader("manual")


def _document(document: SearchDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_bytes("document", document.model_dump_json().encode())
    for name, value in fields(document).items():
        if isinstance(value, str):
            made.add_text(name, value)
        elif isinstance(value, int):
            made.add_integer(name, value)
        elif value is not None:
            for keyword in value:
                made.add_text(name, keyword)
            if value and name in SET_FIELDS:
                made.add_text(set_name(name), together(value))
    return made


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


def _count(found: Any) -> int:
    # The library's type stubs leave this attribute out.
    return int(found.count)
