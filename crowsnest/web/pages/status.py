"""The status page: which sources were seen, which were not, and what went wrong in the last run."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import Response

from crowsnest.web.deps import WebContext
from crowsnest.web.health import degraded, source_rows, tally
from crowsnest.web.view import View

MAX_ISSUES = 200
_LEVELS = ("error", "warning", "info")


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/status`."""

    @app.get("/status")
    def status() -> Response:
        rows = source_rows(context)
        runs = context.ledger.run_reports(limit=1)
        run = runs[0] if runs else None
        issues = sorted(run.issues, key=lambda issue: _LEVELS.index(issue.level)) if run else []
        return view.page(
            "status.html",
            here="status",
            rows=rows,
            tally=tally(rows),
            degraded=degraded(context),
            run=run,
            issues=issues[:MAX_ISSUES],
            more=max(0, len(issues) - MAX_ISSUES),
        )
