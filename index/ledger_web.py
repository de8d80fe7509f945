"""The ledger's web side: captures, validators and the frontier, as market/ports.py asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import overload

from sqlalchemy import Connection, select, update

from index import tables
from index.ledger_reads import issue_row, read_captures
from index.store import Row, Store, chunks, upsert
from market.records import Capture, Issue, Link, Validator


class WebLedger(Store):
    """What collecting writes and asks. Each call is one transaction; repeating it changes nothing."""

    @overload
    def capture(
        self, capture: Capture, *, validator: Validator | None = None, links: Sequence[Link] = ()
    ) -> None: ...

    @overload
    def capture(self, capture: str) -> Capture | None: ...

    def capture(
        self, capture: Capture | str, *, validator: Validator | None = None, links: Sequence[Link] = ()
    ) -> Capture | None:
        """Keep a capture with its validator and the links it told of; its own link becomes done.

        Given an id, return that capture, or None when the ledger lacks it.
        """
        if isinstance(capture, str):
            with self._read() as connection:
                return read_captures(connection, [capture]).get(capture)
        with self._write() as connection:
            upsert(connection, tables.captures, [_capture_row(capture)])
            if validator is not None:
                row = {"url": validator.url, "payload": validator.model_dump_json()}
                upsert(connection, tables.validators, [row])
            upsert(connection, tables.links, map(_link_row, _news(connection, links)))
            if capture.hint is not None and (capture.reader is not None or capture.same_as is not None):
                done = capture.hint.model_copy(update={"state": "done"})
                upsert(connection, tables.links, [_link_row(done)], keep=("attempts", "seen_at"))
        return None

    def link_failed(self, link: Link, *, give_up: bool) -> None:
        """Count the attempt after `link.attempts`; with `give_up` the link is not asked for again."""
        failed = link.model_copy(
            update={"attempts": link.attempts + 1, "state": "failed" if give_up else "pending"}
        )
        with self._write() as connection:
            upsert(connection, tables.links, [_link_row(failed)], new_only=True)
            table = tables.links
            connection.execute(
                update(table)
                .where(table.c.source_id == link.source_id, table.c.url == link.url)
                .where(table.c.state == "pending", table.c.attempts <= failed.attempts)
                .values(_link_row(failed))
            )

    def issue(self, issue: Issue) -> None:
        """Keep an issue, once per run."""
        with self._write() as connection:
            upsert(connection, tables.issues, [issue_row(issue)])

    def validator(self, url: str) -> Validator | None:
        """Return what a conditional GET of `url` needs, or None when it has never been read whole."""
        with self._read() as connection:
            query = select(tables.validators.c.payload).where(tables.validators.c.url == url)
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else Validator.model_validate_json(payload)

    def has_body(self, url: str, sha256: str) -> str | None:
        """Return the latest capture of `url` that holds this body itself, or None."""
        table = tables.captures
        query = (
            select(table.c.id)
            .where(table.c.url == url, table.c.sha256 == sha256, table.c.changed, table.c.reader.is_not(None))
            .order_by(table.c.fetched_at.desc(), table.c.id)
            .limit(1)
        )
        with self._read() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else str(found)

    def pending(self, source_id: str) -> list[Link]:
        """Return the pending links of a source, oldest first."""
        table = tables.links
        query = (
            select(table.c.payload)
            .where(table.c.source_id == source_id, table.c.state == "pending")
            .order_by(table.c.seen_at, table.c.url)
        )
        with self._read() as connection:
            return [Link.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def captures(
        self,
        source_id: str | None = None,
        run_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        url: str | None = None,
    ) -> list[Capture]:
        """Return captures fetched in [since, until), oldest first."""
        table = tables.captures
        query = select(table.c.payload).order_by(table.c.fetched_at, table.c.warc_file, table.c.warc_offset)
        if source_id is not None:
            query = query.where(table.c.source_id == source_id)
        if run_id is not None:
            query = query.where(table.c.run_id == run_id)
        if since is not None:
            query = query.where(table.c.fetched_at >= since)
        if until is not None:
            query = query.where(table.c.fetched_at < until)
        if url is not None:
            query = query.where(table.c.url == url)
        with self._read() as connection:
            return [Capture.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def known_offsets(self, warc_file: str) -> set[int]:
        """Return the offsets of the file's records that the ledger has as captures."""
        table = tables.captures
        query = select(table.c.warc_offset).where(table.c.warc_file == warc_file)
        with self._read() as connection:
            return set(connection.execute(query).scalars())


def _news(connection: Connection, links: Sequence[Link]) -> list[Link]:
    """Return the links that are new, or of which their feed now tells something else than before."""
    table = tables.links
    known: dict[tuple[str, str], Link] = {}
    for source_id in {link.source_id for link in links}:
        for urls in chunks(link.url for link in links if link.source_id == source_id):
            query = select(table.c.payload).where(table.c.source_id == source_id, table.c.url.in_(urls))
            found = map(Link.model_validate_json, connection.execute(query).scalars())
            known.update({(link.source_id, link.url): link for link in found})
    fresh: dict[tuple[str, str], Link] = {}
    for link in links:
        key = (link.source_id, link.url)
        if key not in known or known[key].told != link.told:
            fresh.setdefault(key, link)
    return list(fresh.values())


def _capture_row(capture: Capture) -> Row:
    return {
        "id": capture.id,
        "source_id": capture.source_id,
        "run_id": capture.run_id,
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "sha256": capture.sha256,
        "changed": capture.changed,
        "same_as": capture.same_as,
        "reader": capture.reader,
        "linked": capture.hint is not None,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "payload": capture.model_dump_json(),
    }


def _link_row(link: Link) -> Row:
    return {
        "source_id": link.source_id,
        "url": link.url,
        "state": link.state,
        "attempts": link.attempts,
        "seen_at": link.seen_at,
        "payload": link.model_dump_json(),
    }
