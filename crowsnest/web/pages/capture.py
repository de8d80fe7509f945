"""The capture page, where a reader checks the words, and the archived bytes made safe to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from crawlers.readers.page import decode
from crowsnest.web.citations import Quote
from crowsnest.web.deps import WebContext
from crowsnest.web.dossier import body_of, dossier, holder_of
from crowsnest.web.format import query_url
from crowsnest.web.guard import framed
from crowsnest.web.snapshot import POLICY, snapshot
from crowsnest.web.view import View
from market.records import Capture, CssPath

MAX_OFFERS = 200
"""Offers listed on one capture's page."""
MAX_QUOTES = 40
"""Quotes taken from one address."""

Quotes = Annotated[list[str], Query(max_length=MAX_QUOTES, default_factory=list)]


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/capture/<id>` and the views of its bytes."""

    def known(capture_id: str) -> Capture:
        capture = context.ledger.capture(capture_id)
        if capture is None:
            raise HTTPException(404, f"The ledger has no capture {capture_id}.")
        return capture

    @app.get("/capture/{capture_id}")
    def page(capture_id: str, quote: Quotes, record: str = "") -> Response:
        found = dossier(context, known(capture_id), quote, record)
        words = [item.words for item in found.quotes]
        marked = {"quote": words, "path": _paths(found.quotes)}
        return view.page(
            "capture.html",
            here="",
            it=found,
            offers=found.offers[:MAX_OFFERS],
            columns={
                "technology": any(offer.technology != "unknown" for offer in found.offers),
                "segment": any(offer.segment != "unknown" for offer in found.offers),
            },
            snapshot_url=query_url(f"/capture/{capture_id}/page", marked) + ("#quote" if words else ""),
        )

    @app.get("/capture/{capture_id}/page")
    def archived_page(capture_id: str, quote: Quotes, path: Quotes) -> Response:
        body, _ = body_of(context, holder_of(context, known(capture_id)))
        made = snapshot(body, quotes=quote, paths=path)
        return HTMLResponse(made.html, headers=framed(POLICY))

    @app.get("/capture/{capture_id}/source")
    def source_text(capture_id: str) -> Response:
        body, _ = body_of(context, holder_of(context, known(capture_id)))
        return PlainTextResponse(decode(body), headers=framed(POLICY))

    @app.get("/capture/{capture_id}/bytes")
    def archived_bytes(capture_id: str) -> Response:
        capture = holder_of(context, known(capture_id))
        body, _ = body_of(context, capture)
        return Response(
            body,
            media_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{capture.id}.bin"'} | framed(POLICY),
        )


def _paths(quotes: Sequence[Quote]) -> list[str]:
    places = [quote.evidence.where for quote in quotes if quote.evidence]
    return [place.path for place in places if isinstance(place, CssPath)]
