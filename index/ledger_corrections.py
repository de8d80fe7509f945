"""The analyst's corrections in the ledger: the market's file as last read, and tags that follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from index import tables
from index.ledger_entries import note_changes
from index.ledger_tags import put_tags
from index.store import Store, chunks, upsert
from market.records import Correction, Tagged

_PAGE = 500


class CorrectionLedger(Store):
    """Corrections, and tags as the tagger made them."""

    def put_corrections(self, corrections: Sequence[Correction]) -> None:
        """Keep exactly these corrections, in their order: the file is the record of truth."""
        table = tables.corrections
        if self.corrections() == list(corrections):
            return
        rows = [
            {
                "id": correction.id,
                "record_id": correction.record_id,
                "position": position,
                "payload": correction.model_dump_json(),
            }
            for position, correction in enumerate(corrections)
        ]
        with self._write() as connection:
            connection.execute(delete(table))
            upsert(connection, table, rows)

    def corrections(self, record_id: str | None = None) -> list[Correction]:
        """Return all corrections, or those of one record, in the order of the file; undone ones too."""
        table = tables.corrections
        query = select(table.c.payload).order_by(table.c.position)
        if record_id is not None:
            query = query.where(table.c.record_id == record_id)
        with self._read() as connection:
            return [
                Correction.model_validate_json(payload) for payload in connection.execute(query).scalars()
            ]

    def correct_tags(self, correct: Callable[[Tagged], Tagged]) -> list[str]:
        """Make the kept tags of corrected records what `correct` makes of the tagger's own.

        Records are those that the kept corrections name and those corrected before; return the ids of those
        whose tags are others now. Repeating it changes nothing.
        """
        table = tables.tagged
        followed = select(table.c.article_id).where(table.c.uncorrected.is_not(None))
        with self._read() as connection:
            ids = set(connection.execute(select(tables.corrections.c.record_id)).scalars())
            ids.update(connection.execute(followed).scalars())
            wanted: list[tuple[Tagged, Tagged]] = []
            for part in chunks(sorted(ids)):
                query = select(table.c.payload, table.c.uncorrected).where(table.c.article_id.in_(part))
                for row in connection.execute(query.order_by(table.c.article_id)):
                    kept = Tagged.model_validate_json(row.payload)
                    own = Tagged.model_validate_json(row.uncorrected) if row.uncorrected else kept
                    if (tag := correct(own)) != kept:
                        wanted.append((tag, own))
        if wanted:
            with self._write() as connection:
                changes = [change for tag, own in wanted for change in put_tags(connection, tag, own)]
                note_changes(connection, changes, articles=[tag.record_id for tag, _ in wanted])
        return [tag.record_id for tag, _ in wanted]

    def uncorrected(self, article_ids: Iterable[str]) -> dict[str, Tagged]:
        """Return the tags of articles as the tagger made them, by article id."""
        table = tables.tagged
        found: dict[str, Tagged] = {}
        with self._read() as connection:
            for part in chunks(dict.fromkeys(article_ids)):
                query = select(table.c.article_id, func.coalesce(table.c.uncorrected, table.c.payload)).where(
                    table.c.article_id.in_(part)
                )
                found |= {row[0]: Tagged.model_validate_json(row[1]) for row in connection.execute(query)}
        return found

    def each_tagged(self, since: datetime | None = None) -> Iterator[Tagged]:
        """Yield the tags of the latest article versions whose day is `since` or later, a page at a time."""
        table, articles = tables.tagged, tables.articles
        last = ""
        while True:
            query = (
                select(table.c.article_id, table.c.payload)
                .join(articles, _same_version())
                .where(articles.c.latest, table.c.article_id > last)
                .order_by(table.c.article_id)
                .limit(_PAGE)
            )
            if since is not None:
                query = query.where(articles.c.day_at >= since)
            with self._read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            for row in rows:
                yield Tagged.model_validate_json(row.payload)
            last = rows[-1].article_id


def _same_version() -> ColumnElement[bool]:
    table, articles = tables.tagged, tables.articles
    return (table.c.article_id == articles.c.id) & (table.c.capture_id == articles.c.capture_id)
