"""What reading writes and others ask: readings, articles in their versions, offers and observations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, false, func, or_, select, update

from index import tables
from index.ledger_entries import Change, note_changes
from index.ledger_offers import put_offers
from index.ledger_plans import note_reread
from index.ledger_reads import article_of, article_query, issue_row, read_articles, read_captures
from index.ledger_tags import drop_tags
from index.store import Row, Store, chunks, upsert
from market.errors import UsageError
from market.ids import digest
from market.records import Article, Capture, Issue, Offer, Reading


class ReadingLedger(Store):
    """Records as read from captures."""

    def unread(self, versions: Mapping[str, int], limit: int | None = None) -> list[Capture]:
        """Return the captures that no reader has read at its version of `versions`, oldest first."""
        captures, readings = tables.captures, tables.readings
        due = [
            (captures.c.reader == reader)
            & (readings.c.reader_version.is_(None) | (readings.c.reader_version < version))
            for reader, version in versions.items()
        ]
        query = (
            select(captures.c.payload)
            .select_from(captures)
            .outerjoin(
                readings, (readings.c.capture_id == captures.c.id) & (readings.c.reader == captures.c.reader)
            )
            .where(captures.c.changed, or_(false(), *due))
            .order_by(captures.c.fetched_at, captures.c.warc_file, captures.c.warc_offset)
            .limit(limit)
        )
        with self._read() as connection:
            return [Capture.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def record_reading(
        self, reading: Reading, records: Sequence[Article | Offer], issues: Sequence[Issue]
    ) -> None:
        """Keep what a reader found, in place of what an earlier version of it found on the same capture.

        A reading older than the one kept changes nothing. Raises UsageError for an unknown capture.
        """
        with self._write() as connection:
            capture = read_captures(connection, [reading.capture_id]).get(reading.capture_id)
            if capture is None:
                raise UsageError(
                    "capture-unknown", f"the ledger has no capture {reading.capture_id}; record it first"
                )
            table = tables.readings
            kept = connection.execute(
                select(func.max(table.c.reader_version)).where(
                    table.c.capture_id == reading.capture_id, table.c.reader == reading.reader
                )
            ).scalar_one()
            if kept is not None and kept > reading.reader_version:
                return
            upsert(connection, table, [_reading_row(reading)])
            _put_issues(connection, capture, issues)
            changes = put_offers(connection, capture, [r for r in records if isinstance(r, Offer)])
            note_reread(connection, capture)
            gone, touched = _put_articles(connection, capture, [r for r in records if isinstance(r, Article)])
            note_changes(connection, [*changes, *gone], articles=touched)

    def readings(self, source_id: str | None = None, capture_id: str | None = None) -> list[Reading]:
        """Return readings in the order of their captures."""
        captures, table = tables.captures, tables.readings
        query = (
            select(table.c.payload)
            .join(captures, captures.c.id == table.c.capture_id)
            .order_by(captures.c.fetched_at, captures.c.id)
        )
        if source_id is not None:
            query = query.where(captures.c.source_id == source_id)
        if capture_id is not None:
            query = query.where(table.c.capture_id == capture_id)
        with self._read() as connection:
            return [Reading.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def articles(
        self,
        ids: Iterable[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        capture_id: str | None = None,
    ) -> list[Article]:
        """Return the latest version of each article of [since, until), oldest first.

        An article's day is `published_at`, or when its page was fetched if it has no date. With `capture_id`
        the versions that this capture holds are meant, be they the latest or not.
        """
        with self._read() as connection:
            return read_articles(connection, ids, since, until, capture_id)

    def article(self, article_id: str) -> Article | None:
        """Return the latest version of an article, or None."""
        return next(iter(self.articles([article_id])), None)

    def article_version(self, article_id: str, capture_id: str) -> Article | None:
        """Return the version of an article that one capture holds, or None."""
        table = tables.articles
        query = article_query().where(table.c.id == article_id, table.c.capture_id == capture_id)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else article_of(row.payload, row.text)

    def text(self, text_sha256: str) -> str | None:
        """Return a text that an article has or once had, or None."""
        query = select(tables.texts.c.payload).where(tables.texts.c.sha256 == text_sha256)
        with self._read() as connection:
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else str(json.loads(payload))


def _reading_row(reading: Reading) -> Row:
    return {
        "capture_id": reading.capture_id,
        "reader": reading.reader,
        "reader_version": reading.reader_version,
        "outcome": reading.outcome,
        "payload": reading.model_dump_json(),
    }


def _put_issues(connection: Connection, capture: Capture, issues: Sequence[Issue]) -> None:
    table = tables.issues
    connection.execute(delete(table).where(table.c.capture_id == capture.id, table.c.stage == "read"))
    owned = [
        issue.model_copy(update={"run_id": issue.run_id or capture.run_id, "capture_id": capture.id})
        for issue in issues
    ]
    upsert(connection, table, map(issue_row, owned))


def _put_articles(
    connection: Connection, capture: Capture, articles: Sequence[Article]
) -> tuple[list[Change], set[str]]:
    """Keep the article versions of one capture.

    Return the facts that went with their tags, and the ids whose latest version may be another.
    """
    table = tables.articles
    rows = [_article_row(article, capture) for article in articles]
    query = select(table.c.id, table.c.digest).where(table.c.capture_id == capture.id)
    before = {row.id: row.digest for row in connection.execute(query)}
    after = {row["id"]: row["digest"] for row in rows}
    stale = [article for article, content in before.items() if after.get(article) != content]
    changes = drop_tags(connection, stale, capture.id)
    for part in chunks(stale):
        gone = [article for article in part if article not in after]
        connection.execute(delete(table).where(table.c.capture_id == capture.id, table.c.id.in_(gone)))
    upsert(
        connection,
        tables.texts,
        [{"sha256": article.text_sha256, "payload": json.dumps(article.text)} for article in articles],
        new_only=True,
    )
    upsert(connection, table, [row for row in rows if before.get(row["id"]) != row["digest"]])
    touched = set(before) | set(after)
    for article_id in sorted(touched):
        newest = connection.execute(
            select(table.c.capture_id)
            .where(table.c.id == article_id)
            .order_by(table.c.fetched_at.desc(), table.c.capture_id.desc())
            .limit(1)
        ).scalar_one_or_none()
        connection.execute(
            update(table)
            .where(table.c.id == article_id, table.c.latest != (table.c.capture_id == newest))
            .values(latest=table.c.capture_id == newest)
        )
    return changes, touched


def _article_row(article: Article, capture: Capture) -> Row:
    if article.capture_id != capture.id:
        raise UsageError("capture-mismatch", f"article {article.id} names another capture than its reading")
    payload = article.model_dump_json(exclude={"text"})
    return {
        "id": article.id,
        "capture_id": capture.id,
        "source_id": article.source_id,
        "text_sha256": article.text_sha256,
        "fetched_at": capture.fetched_at,
        "day_at": article.published_at or capture.fetched_at,
        "latest": False,
        "tagger_version": 0,
        "digest": digest(payload),
        "payload": payload,
    }
