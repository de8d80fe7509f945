"""Runs, issues, and how each source is doing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from index import tables
from index.ledger_reads import issue_row
from index.store import Store, upsert
from market.records import Issue, RunReport
from market.records.base import Record, UtcTime


class SourceState(Record):
    """How a source answered lately; None where it has never been asked."""

    source_id: str
    last_check: UtcTime | None = None
    """When its own URL (not an article page it links to) last answered, or failed to."""
    last_good: UtcTime | None = None
    """When it last gave something to read, or said that nothing changed."""
    last_status: int | None = None
    """HTTP status of the last answer."""
    last_issue: Issue | None = None


class RunLedger(Store):
    """What runs did."""

    def start_run(self, run_id: str, at: datetime) -> None:
        """Note that a run began; a run already noted keeps its start."""
        with self._write() as connection:
            upsert(connection, tables.runs, [_row(RunReport(run_id=run_id, started_at=at))], new_only=True)

    def finish_run(self, report: RunReport) -> None:
        """Keep a run's report and its issues."""
        with self._write() as connection:
            upsert(connection, tables.runs, [_row(report)])
            owned = (
                issue.model_copy(update={"run_id": issue.run_id or report.run_id}) for issue in report.issues
            )
            upsert(connection, tables.issues, {row["id"]: row for row in map(issue_row, owned)}.values())

    def run_reports(self, limit: int | None = None) -> list[RunReport]:
        """Return runs with their issues, newest first; one without an end was interrupted or goes on."""
        table = tables.runs
        query = select(table.c.payload).order_by(table.c.started_at.desc(), table.c.id.desc()).limit(limit)
        with self._read() as connection:
            reports = [RunReport.model_validate_json(row) for row in connection.execute(query).scalars()]
        return [report.model_copy(update={"issues": tuple(self.issues(report.run_id))}) for report in reports]

    def issues(
        self,
        run_id: str | None = None,
        since: datetime | None = None,
        source_id: str | None = None,
        until: datetime | None = None,
        capture_id: str | None = None,
    ) -> list[Issue]:
        """Return issues, oldest first. A window of time leaves out those without a time."""
        table = tables.issues
        query = select(table.c.payload).order_by(table.c.at, table.c.id)
        if run_id is not None:
            query = query.where(table.c.run_id == run_id)
        if since is not None:
            query = query.where(table.c.at >= since)
        if until is not None:
            query = query.where(table.c.at < until)
        if source_id is not None:
            query = query.where(table.c.source_id == source_id)
        if capture_id is not None:
            query = query.where(table.c.capture_id == capture_id)
        with self._read() as connection:
            return [Issue.model_validate_json(payload) for payload in connection.execute(query).scalars()]

    def source_state(self, source_id: str) -> SourceState:
        """Return when a source was last asked, when it last answered well, and its last issue."""
        captures, issues = tables.captures, tables.issues
        own = captures.c.source_id == source_id, ~captures.c.linked
        good = or_(
            captures.c.status == 304,
            captures.c.same_as.is_not(None),
            captures.c.reader.is_not(None) & captures.c.status.between(200, 299),
        )
        with self._read() as connection:

            def first(query: Select[Any]) -> Any:
                return connection.execute(query.limit(1)).first()

            answer = first(
                select(captures.c.fetched_at, captures.c.status)
                .where(*own)
                .order_by(captures.c.fetched_at.desc(), captures.c.warc_offset.desc())
            )
            last_good = connection.execute(
                select(func.max(captures.c.fetched_at)).where(*own, good)
            ).scalar_one()
            trouble = first(
                select(issues.c.payload, issues.c.at)
                .where(issues.c.source_id == source_id, issues.c.level != "info")
                .order_by(issues.c.at.desc().nulls_last(), issues.c.id)
            )
        issue = None if trouble is None else Issue.model_validate_json(trouble.payload)
        return SourceState(
            source_id=source_id,
            last_check=None if answer is None else answer.fetched_at,
            last_good=last_good,
            last_status=None if answer is None else answer.status,
            last_issue=issue,
        )


def _row(report: RunReport) -> dict[str, object]:
    return {
        "id": report.run_id,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "payload": report.model_copy(update={"issues": ()}).model_dump_json(),
    }
