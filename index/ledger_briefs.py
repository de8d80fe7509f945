"""Briefs and their delivery, the accounts of the AEs and the meeting sheets written for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select

from index import tables
from index.store import Store, chunks, insert_new, upsert
from market.records import Account, Brief, Delivery, Sheet


class BriefLedger(Store):
    """What was said to whom."""

    def save_brief(self, brief: Brief) -> None:
        """Keep a brief in place of the one of the same id (subscriber and week)."""
        row = {
            "id": brief.id,
            "subscriber_id": brief.subscriber_id,
            "week": brief.week,
            "generated_at": brief.generated_at,
            "payload": brief.model_dump_json(),
        }
        with self._write() as connection:
            upsert(connection, tables.briefs, [row])
            table = tables.citations
            connection.execute(delete(table).where(table.c.brief_id == brief.id))
            upsert(connection, table, [{"brief_id": brief.id, "capture_id": c} for c in _cited(brief)])

    def brief(self, brief_id: str) -> Brief | None:
        """Return a brief, or None."""
        with self._read() as connection:
            query = select(tables.briefs.c.payload).where(tables.briefs.c.id == brief_id)
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else Brief.model_validate_json(payload)

    def briefs(self, subscriber_id: str | None = None) -> list[Brief]:
        """Return briefs, the latest week first."""
        table = tables.briefs
        query = select(table.c.payload).order_by(table.c.week.desc(), table.c.generated_at.desc(), table.c.id)
        if subscriber_id is not None:
            query = query.where(table.c.subscriber_id == subscriber_id)
        with self._read() as connection:
            return [Brief.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def briefs_citing(self, capture_ids: Iterable[str]) -> list[Brief]:
        """Return the briefs with a claim that rests on one of the captures, the latest week first."""
        table, cited = tables.briefs, tables.citations
        found: dict[str, Brief] = {}
        with self._read() as connection:
            for part in chunks(dict.fromkeys(capture_ids)):
                citing = select(cited.c.brief_id).where(cited.c.capture_id.in_(part))
                query = select(table.c.id, table.c.payload).where(table.c.id.in_(citing))
                for row in connection.execute(query):
                    found[row.id] = Brief.model_validate_json(row.payload)
        by_id = sorted(found.values(), key=lambda brief: brief.id)
        return sorted(by_id, key=lambda brief: (brief.week, brief.generated_at), reverse=True)

    def latest_brief(self, subscriber_id: str | None = None) -> Brief | None:
        """Return the brief of the latest week, of one subscriber or of any."""
        return next(iter(self.briefs(subscriber_id)), None)

    def save_sheet(self, sheet: Sheet) -> None:
        """Keep a meeting sheet as it was written."""
        row = {
            "id": sheet.id,
            "account_id": sheet.account.id,
            "made_at": sheet.made_at,
            "payload": sheet.model_dump_json(),
        }
        with self._write() as connection:
            upsert(connection, tables.sheets, [row])

    def sheets(self, account_id: str | None = None) -> list[Sheet]:
        """Return meeting sheets, the latest first."""
        table = tables.sheets
        query = select(table.c.payload).order_by(table.c.made_at.desc(), table.c.id)
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        with self._read() as connection:
            return [Sheet.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def claim_delivery(self, delivery: Delivery) -> bool:
        """Claim a delivery before it is sent; False when it is claimed or sent already.

        A failed one can be claimed again, which counts as a further attempt. The claim outlives a loss of
        power, so that no reader gets a brief twice; a claim left by a killed process stays and is shown.
        """
        table = tables.deliveries
        with self._write(durable=True) as connection:
            row = connection.execute(
                select(table.c.status, table.c.attempts)
                .where(table.c.brief_id == delivery.brief_id, table.c.recipient == delivery.recipient)
                .with_for_update()
            ).one_or_none()
            if row is not None and row.status != "failed":
                return False
            claimed = delivery.model_copy(
                update={"status": "claimed", "attempts": 1 + (0 if row is None else row.attempts)}
            )
            if row is None:
                # Two processes may both have found no row: the database lets one of them insert it.
                return insert_new(connection, table, _row(claimed))
            upsert(connection, table, [_row(claimed)])
            return True

    def finish_delivery(self, delivery: Delivery) -> None:
        """Keep how a claimed delivery ended ("sent" or "failed"); the attempts counted by claims stay."""
        with self._write(durable=True) as connection:
            upsert(connection, tables.deliveries, [_row(delivery)], keep=("attempts",))

    def deliveries(self, brief_id: str | None = None) -> list[Delivery]:
        """Return deliveries by brief and recipient."""
        table = tables.deliveries
        query = select(table.c.payload, table.c.attempts).order_by(table.c.brief_id, table.c.recipient)
        if brief_id is not None:
            query = query.where(table.c.brief_id == brief_id)
        with self._read() as connection:
            return [
                Delivery.model_validate_json(row.payload).model_copy(update={"attempts": row.attempts})
                for row in connection.execute(query)
            ]

    def save_accounts(self, accounts: Sequence[Account], *, replace: bool = False) -> None:
        """Keep accounts, each in place of the one of its id; with `replace` all others go."""
        table = tables.accounts
        with self._write() as connection:
            if replace:
                connection.execute(delete(table))
            upsert(connection, table, [{"id": a.id, "payload": a.model_dump_json()} for a in accounts])

    def accounts(self) -> list[Account]:
        """Return all accounts by id."""
        with self._read() as connection:
            query = select(tables.accounts.c.payload).order_by(tables.accounts.c.id)
            return [Account.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def account(self, account_id: str) -> Account | None:
        """Return one account, or None."""
        with self._read() as connection:
            query = select(tables.accounts.c.payload).where(tables.accounts.c.id == account_id)
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else Account.model_validate_json(payload)


def _cited(brief: Brief) -> list[str]:
    claims = list(brief.claims())
    quoted = {proof.capture_id for claim in claims for proof in claim.evidence}
    # What a page no longer says is cited without a quote.
    return sorted(quoted | {page.capture_id for claim in claims for page in claim.citations})


def _row(delivery: Delivery) -> dict[str, object]:
    return {
        "brief_id": delivery.brief_id,
        "recipient": delivery.recipient,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "payload": delivery.model_dump_json(),
    }
