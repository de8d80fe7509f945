"""The price ledger: plans with their histories, kept so that asking for one reads no observation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from index import tables
from index.store import Row, Store, chunks, upsert
from market.records import Capture, PlanSeries, PlanState
from market.records.plan import Standing

_HISTORY = {"points", "moves"}


class PlanLedger(Store):
    """Plans as briefs/tracking.py follows them."""

    def plan_state(self, source_id: str) -> PlanState | None:
        """Return how far a source's looks were followed; None when they have to be followed from the start.

        That is so when none was, and when one that was has been read anew since.
        """
        table = tables.plan_states
        query = select(table.c.payload).where(table.c.source_id == source_id, ~table.c.stale)
        with self._read() as connection:
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else PlanState.model_validate_json(payload)

    def put_plans(self, state: PlanState, plans: Iterable[PlanSeries], *, anew: bool = False) -> None:
        """Keep plans that changed and how far they were followed; `anew` drops the source's others."""
        with self._write() as connection:
            if anew:
                connection.execute(delete(tables.plans).where(tables.plans.c.source_id == state.source_id))
            upsert(connection, tables.plans, map(_row, plans))
            row = {
                "source_id": state.source_id,
                "upto": state.upto,
                "stale": False,
                "payload": state.model_dump_json(),
            }
            upsert(connection, tables.plan_states, [row])

    def plans(
        self,
        source_ids: Collection[str] | None = None,
        *,
        companies: Collection[str] = (),
        segment: str | None = None,
        standings: Sequence[Standing] = (),
        name: str = "",
        seen_since: datetime | None = None,
        moved_since: datetime | None = None,
        history: bool = True,
        corrected: bool = True,
    ) -> list[PlanSeries]:
        """Return the plans asked for, by source and id; without `history` their points and moves are empty.

        `name` is a part of a name, present or former, in any case. Without `corrected` they are as their
        pages say, without the analyst's corrections.
        """
        table = tables.plans
        payload = (
            table.c.payload if corrected else func.coalesce(table.c.uncorrected, table.c.payload)
        ).label("payload")
        columns = [payload, table.c.history] if history else [payload]
        query = select(*columns).order_by(table.c.source_id, table.c.id)
        if companies:
            query = query.where(table.c.company.in_(sorted(companies)))
        if segment is not None:
            query = query.where(table.c.segment == segment)
        if standings:
            query = query.where(table.c.standing.in_(standings))
        if name:
            query = query.where(table.c.names.contains(name.casefold(), autoescape=True))
        if seen_since is not None:
            query = query.where(table.c.last_seen >= seen_since)
        if moved_since is not None:
            query = query.where(table.c.moved_at >= moved_since)
        found: list[PlanSeries] = []
        with self._read() as connection:
            for part in [None] if source_ids is None else chunks(sorted(source_ids)):
                asked = query if part is None else query.where(table.c.source_id.in_(part))
                for row in connection.execute(asked):
                    # Both are JSON objects, never empty: joined they are the record.
                    whole = f"{row.payload[:-1]},{row.history[1:]}" if history else row.payload
                    found.append(PlanSeries.model_validate_json(whole))
        return found


def note_reread(connection: Connection, capture: Capture) -> None:
    """Mark the plans of a source as stale when a look that was followed already has been read anew."""
    table = tables.plan_states
    connection.execute(
        update(table)
        .where(table.c.source_id == capture.source_id, table.c.upto >= capture.fetched_at)
        .values(stale=True)
    )


def _row(plan: PlanSeries) -> Row:
    return {
        "id": plan.id,
        "source_id": plan.source_id,
        "company": plan.offer.company,
        "segment": plan.offer.segment,
        "standing": plan.standing,
        "names": "\n".join(plan.names).casefold(),
        "last_seen": plan.last_seen,
        "moved_at": plan.moves[-1].seen_at if plan.moves else None,
        "payload": plan.model_dump_json(exclude=_HISTORY),
        "uncorrected": None,
        "history": plan.model_dump_json(include=_HISTORY),
    }
