"""How documents become tantivy documents, and the session that writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import tantivy

from index.facets_tantivy import SET_FIELDS, set_name, together
from index.fields import KEYWORD_FIELDS, NUMBER_FIELDS, SORT_FIELDS, TERM_FIELDS, fields
from index.port import Failure, SearchDocument
from market.errors import UnavailableError

_BLANK = "blank"


class Writer:
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
