"""The briefs: each subscriber's latest, those before, and one brief with its lines linked to the captures."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from briefs.view import view as brief_view
from crowsnest.web.deps import WebContext
from crowsnest.web.view import View
from market.records import Brief


def lines(brief: Brief) -> int:
    """Return how many lines a brief has."""
    return sum(len(section.claims) for section in brief.sections)


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/briefs` and `/briefs/<id>`."""

    @app.get("/briefs")
    def listing() -> Response:
        by_subscriber: dict[str, list[Brief]] = {}
        for brief in context.ledger.briefs():
            by_subscriber.setdefault(brief.subscriber_id, []).append(brief)
        waiting = [s for s in context.settings.subscribers if s.id not in by_subscriber]
        return view.page(
            "briefs.html",
            here="briefs",
            subscribers=list(by_subscriber.values()),
            waiting=waiting,
            lines=lines,
        )

    @app.get("/briefs/{brief_id}")
    def one(brief_id: str) -> Response:
        brief = context.ledger.brief(brief_id)
        if brief is None:
            raise HTTPException(404, f"The ledger has no brief {brief_id}.")
        weeks = context.ledger.briefs(brief.subscriber_id)
        at = next((number for number, other in enumerate(weeks) if other.id == brief.id), 0)
        return view.page(
            "brief.html",
            here="briefs",
            brief=brief,
            shown=brief_view(brief, context.settings.market.zone),
            later=weeks[at - 1] if at > 0 else None,
            earlier=weeks[at + 1] if at + 1 < len(weeks) else None,
            deliveries=context.ledger.deliveries(brief.id),
        )
