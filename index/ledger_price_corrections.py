"""The analyst's corrections of published plans: offers and plans that follow them, what pages say beside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select, update

from index import tables
from index.ledger_entries import Change, note_changes
from index.store import Row, Store, chunks
from market.ids import article_id, digest
from market.price_corrections import PriceCorrector
from market.records import Offer, PlanSeries
from market.records.correction import ALL_PLANS

_Names = dict[str, set[str]]
"""Of each name that a plan bears or bore, in small letters: all names of the plans that did, as written."""
_HISTORY = {"points", "moves"}


class PriceCorrectionLedger(Store):
    """Offers and plans as the analyst corrects them."""

    def correct_prices(self, correct: PriceCorrector, source_ids: Mapping[str, str]) -> list[str]:
        """Make offers and plans what `correct` makes of what their pages say; return the changed plans' ids.

        `source_ids` are the ids (`Correction.record_id`) of the sources' own addresses, by source. Repeating
        it changes nothing.
        """
        with self._read() as connection:
            meant = {one.record_id for one in correct.corrections}
            followed = _corrected(connection)
            if not meant and not followed:
                return []
            pages = _pages(connection, source_ids)
            sources = {source for source, ids in pages.values() if ids & meant} | followed
            plans: list[Row] = []
            offers: list[Row] = []
            for source in sorted(sources):
                ids = {capture: of for capture, (owner, of) in pages.items() if owner == source}
                here = {one for of in ids.values() for one in of}
                parts = [one.part for one in correct.corrections if one.record_id in here]
                changed, names = _plans(connection, source, correct, ids, parts)
                plans += changed
                offers += _offers(connection, source, correct, ids, parts, names)
        if plans or offers:
            with self._write() as connection:
                for table, rows in ((tables.plans, plans), (tables.offers, offers)):
                    for row in rows:
                        connection.execute(update(table).where(table.c.id == row["id"]).values(**row))
                changes = [Change("offer", row["id"], digest(row["payload"])) for row in offers]
                note_changes(connection, _noted(connection, changes))
        return [row["id"] for row in plans]

    def corrected_offers(self) -> dict[str, Offer]:
        """Return the offers that follow a correction, by id."""
        table = tables.offers
        query = select(table.c.payload).where(table.c.uncorrected.is_not(None))
        with self._read() as connection:
            found = [Offer.model_validate_json(each) for each in connection.execute(query).scalars()]
        return {offer.id: offer for offer in found}


def _pages(connection: Connection, source_ids: Mapping[str, str]) -> dict[str, tuple[str, set[str]]]:
    """Return, of each capture that holds offers, its source and the ids that its plans may be named by."""
    captures, offers = tables.captures, tables.offers
    query = select(captures.c.id, captures.c.source_id, captures.c.url).where(
        captures.c.id.in_(select(offers.c.capture_id))
    )
    return {
        row.id: (row.source_id, {article_id(row.url), source_ids.get(row.source_id, "")})
        for row in connection.execute(query)
    }


def _corrected(connection: Connection) -> set[str]:
    """Return the sources some of whose offers or plans are corrected."""
    return {
        source
        for table in (tables.offers, tables.plans)
        for source in connection.execute(
            select(table.c.source_id).where(table.c.uncorrected.is_not(None)).distinct()
        ).scalars()
    }


def _plans(
    connection: Connection,
    source: str,
    correct: PriceCorrector,
    pages: Mapping[str, set[str]],
    parts: Iterable[str],
) -> tuple[list[Row], _Names]:
    """Return what changes in a source's plans, and which names are one plan's."""
    table = tables.plans
    named = [table.c.names.contains(part.casefold(), autoescape=True) for part in parts if part != ALL_PLANS]
    changed: list[Row] = []
    names: _Names = {}
    for row in _rows(connection, table, source, named, ALL_PLANS in parts):
        own = PlanSeries.model_validate_json(row.uncorrected or row.payload)
        borne = {name.casefold() for name in own.names}
        for name in borne:
            names.setdefault(name, set()).update(own.names)
        offer = correct(own.offer, pages.get(own.offer.capture_id, ()), borne)
        before, after = (
            plan.model_dump_json(exclude=_HISTORY) for plan in (own, own.model_copy(update={"offer": offer}))
        )
        if after != row.payload:
            changed.append(_changed(row.id, offer, before, after))
    return changed, names


def _offers(
    connection: Connection,
    source: str,
    correct: PriceCorrector,
    pages: Mapping[str, set[str]],
    parts: Iterable[str],
    names: _Names,
) -> list[Row]:
    """Return what changes in a source's offers."""
    table = tables.offers
    # The payload is JSON without blanks.
    written = {name for part in parts for name in names.get(part.casefold(), {part})}
    named = [
        table.c.payload.contains(f'"plan_name":{json.dumps(name, ensure_ascii=False)}', autoescape=True)
        for name in sorted(written)
    ]
    changed: list[Row] = []
    for row in _rows(connection, table, source, named, ALL_PLANS in parts):
        own = Offer.model_validate_json(row.uncorrected or row.payload)
        borne = names.get(own.plan_name.casefold(), {own.plan_name})
        offer = correct(own, pages.get(own.capture_id, ()), {name.casefold() for name in borne})
        before, after = own.model_dump_json(), offer.model_dump_json()
        if after != row.payload:
            changed.append(_changed(row.id, offer, before, after))
    return changed


def _changed(row_id: str, offer: Offer, before: str, after: str) -> Row:
    uncorrected = None if after == before else before
    return {"id": row_id, "company": offer.company, "payload": after, "uncorrected": uncorrected}


def _rows(
    connection: Connection,
    table: Table,
    source: str,
    named: Iterable[ColumnElement[bool]],
    whole: bool,
) -> Sequence[Any]:
    """Return the rows of a source that are corrected, or named; all of them when it is meant as a `whole`."""
    query = select(table.c.id, table.c.payload, table.c.uncorrected).where(table.c.source_id == source)
    if not whole:
        query = query.where(or_(table.c.uncorrected.is_not(None), *named))
    return connection.execute(query.order_by(table.c.id)).all()


def _noted(connection: Connection, changes: list[Change]) -> list[Change]:
    """Return the changes of offers that a search engine has: only those on sale are there."""
    entries = tables.entries
    noted: set[str] = set()
    for part in chunks(change.id for change in changes):
        query = select(entries.c.id).where(
            entries.c.kind == "offer", entries.c.digest.is_not(None), entries.c.id.in_(part)
        )
        noted.update(connection.execute(query).scalars())
    return [change for change in changes if change.id in noted]
