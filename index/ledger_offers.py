"""Offers of the ledger, and what each look at a source's prices saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, delete, func, select, tuple_

from index import tables
from index.ledger_entries import Change, note_changes
from index.store import Row, Store, chunks, upsert
from market.errors import UsageError
from market.ids import digest
from market.records import Capture, Offer, PlanState, Reading

OFFER_READERS = ("offers", "labels")
_ERRORS = 400
"""HTTP statuses from here on are errors: their pages say nothing about prices."""


class OfferLedger(Store):
    """List prices as observed."""

    def offers(
        self,
        company: str | None = None,
        source_id: str | None = None,
        capture_id: str | None = None,
        current: bool = False,
    ) -> list[Offer]:
        """Return offers in the order of their observation.

        With `current` only those that each URL showed when it was last read whole.
        """
        table = tables.offers
        query = select(table.c.payload).order_by(
            table.c.observed_at, table.c.company, table.c.plan_key, table.c.id
        )
        if company is not None:
            query = query.where(table.c.company == company)
        if source_id is not None:
            query = query.where(table.c.source_id == source_id)
        if capture_id is not None:
            query = query.where(table.c.capture_id == capture_id)
        if current:
            query = query.where(table.c.capture_id.in_(_shown_last()))
        with self._read() as connection:
            return [Offer.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def note_current_offers(self) -> int:
        """Note for the search engines which offers are current: only these are found by a search.

        A price seen week after week is one hit, and a plan no longer listed is none; all observations stay
        here. Returns how many offers came or went.
        """
        table, entries = tables.offers, tables.entries
        with self._write() as connection:
            current = select(table.c.id).where(table.c.capture_id.in_(_shown_last()))
            noted = select(entries.c.id).where(entries.c.kind == "offer", entries.c.digest.is_not(None))
            gone = connection.execute(noted.where(entries.c.id.not_in(current))).scalars()
            changes = [Change("offer", offer, None) for offer in sorted(gone)]
            missing = (
                select(table.c.id, table.c.payload)
                .where(table.c.capture_id.in_(_shown_last()), table.c.id.not_in(noted))
                .order_by(table.c.id)
            )
            changes += [Change("offer", row.id, digest(row.payload)) for row in connection.execute(missing)]
            note_changes(connection, changes)
        return len(changes)

    def observations(
        self, source_id: str, after: PlanState | None = None
    ) -> list[tuple[Capture, Reading | None, list[Offer]]]:
        """Return what each look at a source's prices saw, oldest first; `after` leaves out those up to it.

        Offers are as their pages say, without the analyst's corrections.

        An unchanged capture repeats the reading and the offers of the capture it equals. An answer that no
        reader reads (an error, another kind of file) has no reading. A capture that has not been read yet is
        left out.
        """
        table = tables.captures
        query = (
            select(table.c.payload)
            .where(table.c.source_id == source_id)
            .order_by(table.c.fetched_at, table.c.warc_file, table.c.warc_offset)
        )
        if after is not None:
            place = tuple_(table.c.fetched_at, table.c.warc_file, table.c.warc_offset)
            query = query.where(place > (after.upto, after.upto_file, after.upto_offset))
        with self._read() as connection:
            looks = [Capture.model_validate_json(payload) for payload in connection.execute(query).scalars()]
            by_id = {capture.id: capture for capture in looks}
            origins = {capture.id: _origin(capture, by_id) for capture in looks}
            read = _readings(connection, set(origins.values()))
            found = _offers(connection, set(read))
        return [
            (capture, read.get(origin), found.get(origin, []))
            for capture in looks
            if (origin := origins[capture.id]) in read or _says_nothing(capture, by_id.get(origin))
        ]

    def offers_seen(self, source_id: str, since: datetime, until: datetime) -> int:
        """Return how many offers the last look of [since, until) that found any saw."""
        captures, readings, offers = tables.captures, tables.readings, tables.offers
        holder = func.coalesce(captures.c.same_as, captures.c.id)
        latest = (captures.c.fetched_at, captures.c.warc_file, captures.c.warc_offset)
        last = (
            select(holder)
            .join(readings, readings.c.capture_id == holder)
            .where(
                captures.c.source_id == source_id,
                captures.c.fetched_at >= since,
                captures.c.fetched_at < until,
                readings.c.reader.in_(OFFER_READERS),
                readings.c.outcome == "read",
            )
            .order_by(*(column.desc() for column in latest))
            .limit(1)
            .scalar_subquery()
        )
        query = select(func.count()).select_from(offers).where(offers.c.capture_id == last)
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def offers_by_id(self, ids: Iterable[str]) -> dict[str, Offer]:
        """Return the offers of these ids that the ledger holds, by id."""
        table = tables.offers
        found: dict[str, Offer] = {}
        with self._read() as connection:
            for part in chunks(sorted(set(ids))):
                for payload in connection.execute(
                    select(table.c.payload).where(table.c.id.in_(part))
                ).scalars():
                    offer = Offer.model_validate_json(payload)
                    found[offer.id] = offer
        return found


def _readings(connection: Connection, capture_ids: Iterable[str]) -> dict[str, Reading]:
    table = tables.readings
    read: dict[str, Reading] = {}
    for part in chunks(sorted(capture_ids)):
        query = select(table.c.capture_id, table.c.payload).where(
            table.c.capture_id.in_(part), table.c.reader.in_(OFFER_READERS)
        )
        for row in connection.execute(query):
            read[row.capture_id] = Reading.model_validate_json(row.payload)
    return read


def _offers(connection: Connection, capture_ids: Iterable[str]) -> dict[str, list[Offer]]:
    table = tables.offers
    found: dict[str, list[Offer]] = {}
    for part in chunks(sorted(capture_ids)):
        own = func.coalesce(table.c.uncorrected, table.c.payload).label("payload")
        query = (
            select(table.c.capture_id, own)
            .where(table.c.capture_id.in_(part))
            .order_by(table.c.plan_key, table.c.id)
        )
        for row in connection.execute(query):
            found.setdefault(row.capture_id, []).append(Offer.model_validate_json(row.payload))
    return found


def put_offers(connection: Connection, capture: Capture, offers: Sequence[Offer]) -> list[Change]:
    """Keep the offers of one capture in place of its earlier ones; return what changed for the index."""
    table = tables.offers
    rows = [_offer_row(offer, capture) for offer in offers]
    before = set(connection.execute(select(table.c.id).where(table.c.capture_id == capture.id)).scalars())
    gone = before - {row["id"] for row in rows}
    for part in chunks(gone):
        connection.execute(delete(table).where(table.c.id.in_(part)))
    upsert(connection, table, rows)
    return [Change("offer", row["id"], digest(row["payload"])) for row in rows] + [
        Change("offer", offer, None) for offer in sorted(gone)
    ]


def _offer_row(offer: Offer, capture: Capture) -> Row:
    if offer.capture_id != capture.id:
        raise UsageError("capture-mismatch", f"offer {offer.id} names another capture than its reading")
    return {
        "id": offer.id,
        "capture_id": capture.id,
        "source_id": capture.source_id,
        "company": offer.company,
        "plan_key": offer.plan_key,
        "observed_at": offer.observed_at,
        "payload": offer.model_dump_json(),
        "uncorrected": None,
    }


def _shown_last() -> Select[tuple[str]]:
    """Select, of each URL, the capture whose offers it showed when it last was read whole.

    A page that goes back to what it said before repeats an older capture, which then is the current one.
    """
    captures, readings = tables.captures, tables.readings
    holder = func.coalesce(captures.c.same_as, captures.c.id)
    ranked = (
        select(
            holder.label("id"),
            func.row_number()
            .over(
                partition_by=(captures.c.source_id, captures.c.url),
                order_by=(
                    captures.c.fetched_at.desc(),
                    captures.c.warc_file.desc(),
                    captures.c.warc_offset.desc(),
                ),
            )
            .label("rank"),
        )
        .join(readings, readings.c.capture_id == holder)
        .where(readings.c.reader.in_(OFFER_READERS), readings.c.outcome != "failed")
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.rank == 1)


def _says_nothing(capture: Capture, origin: Capture | None) -> bool:
    """Tell whether a look is one that no reader will ever read; `origin` holds its body, if it is known."""
    return capture.status >= _ERRORS or (origin is not None and origin.reader is None)


def _origin(capture: Capture, by_id: Mapping[str, Capture]) -> str:
    """Return the id of the capture whose body `capture` repeats, or its own."""
    seen = {capture.id}
    while not capture.changed and capture.same_as is not None and capture.same_as not in seen:
        seen.add(capture.same_as)
        if capture.same_as not in by_id:
            return capture.same_as
        capture = by_id[capture.same_as]
    return capture.id
