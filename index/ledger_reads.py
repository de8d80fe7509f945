"""Rows to records and back, shared by the ledger's parts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Select, Table, select

from index import tables
from index.store import Row, chunks
from market.records import Article, Capture, Issue
from market.records.base import Record

R = TypeVar("R", bound=Record)


def read_by_id(
    connection: Connection, table: Table, record: type[R], ids: Iterable[str], *, key: str = "id"
) -> dict[str, R]:
    """Return the records whose `key` column is one of `ids`, by that key."""
    found: dict[str, R] = {}
    for part in chunks(ids):
        query = select(table.c[key], table.c.payload).where(table.c[key].in_(part))
        found |= {row[0]: record.model_validate_json(row[1]) for row in connection.execute(query)}
    return found


def read_captures(connection: Connection, ids: Iterable[str]) -> dict[str, Capture]:
    """Return the captures of `ids` that the ledger has, by id."""
    return read_by_id(connection, tables.captures, Capture, ids)


def issue_row(issue: Issue) -> Row:
    """Return an issue as a row of `issues`."""
    return {
        "id": issue.id,
        "run_id": issue.run_id,
        "stage": issue.stage,
        "code": issue.code,
        "level": issue.level,
        "source_id": issue.source_id,
        "capture_id": issue.capture_id,
        "at": issue.at,
        "payload": issue.model_dump_json(),
    }


def read_articles(
    connection: Connection,
    ids: Iterable[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    capture_id: str | None = None,
) -> list[Article]:
    """Return latest versions, or the versions of one capture, by id or by day, oldest first."""
    table = tables.articles
    wanted = table.c.latest if capture_id is None else table.c.capture_id == capture_id
    query = article_query().where(wanted).order_by(table.c.day_at, table.c.id)
    if since is not None:
        query = query.where(table.c.day_at >= since)
    if until is not None:
        query = query.where(table.c.day_at < until)
    if ids is None:
        return [article_of(row.payload, row.text) for row in connection.execute(query)]
    found = []
    for part in chunks(dict.fromkeys(ids)):
        found += [
            (row.day_at, row.id, article_of(row.payload, row.text))
            for row in connection.execute(query.where(table.c.id.in_(part)))
        ]
    return [article for _, _, article in sorted(found, key=lambda item: item[:2])]


def article_query() -> Select[tuple[str, datetime, str, str]]:
    """Select id, day_at, payload and text of article versions."""
    table, texts = tables.articles, tables.texts
    return select(table.c.id, table.c.day_at, table.c.payload, texts.c.payload.label("text")).join(
        texts, texts.c.sha256 == table.c.text_sha256
    )


def article_of(payload: str, text: str) -> Article:
    """Return an article from its two payloads."""
    return Article.model_validate(json.loads(payload) | {"text": json.loads(text)})
