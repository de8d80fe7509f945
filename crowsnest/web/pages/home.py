"""The market's page: what is in memory, the latest briefs, the newest captures, sources in trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI
from fastapi.responses import Response

from crowsnest.web.deps import WebContext
from crowsnest.web.format import count, published
from crowsnest.web.health import source_rows, tally
from crowsnest.web.pages.briefs import lines
from crowsnest.web.searching import totals
from crowsnest.web.view import View
from market.errors import UnavailableError
from market.records import Article, Brief, Capture

RECENT = 15
"""Captures listed."""
LOOK_BACK = timedelta(days=14)
"""How far back from the last run they are looked for."""
KINDS = {"article": "Articles", "offer": "List prices", "expansion": "Builds told"}
_TROUBLED = ("blocked", "failed", "stale")


@dataclass(frozen=True)
class RecentRow:
    """One line of the newest captures."""

    capture: Capture
    title: str
    kind: str
    publisher: str
    date: str


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/`."""

    @app.get("/")
    def home() -> Response:
        runs = context.ledger.run_reports(limit=1)
        rows = source_rows(context)
        away, counted = "", dict[str, int]()
        try:
            counted = totals(context)
        except UnavailableError as error:
            away = error.message
        tiles: list[tuple[str, str, str, str]] = [
            (name, f"{counted.get(kind, 0):,}", f"/search?kind={kind}", "")
            if not away
            else (name, "–", "", "")
            for kind, name in KINDS.items()
        ]
        states = dict(tally(rows))
        trouble = sum(states.get(state, 0) for state in _TROUBLED)
        tiles.append(
            (
                "Sources",
                f"{len(rows):,}",
                "/status",
                f"{trouble} in trouble" if trouble else "none in trouble",
            )
        )
        return view.page(
            "home.html",
            here="home",
            run=runs[0] if runs else None,
            degraded=away,
            tiles=tiles,
            recent=_recent(context),
            briefs=_latest(context.ledger.briefs()),
            lines=lines,
            troubled=[row for row in rows if row.state in _TROUBLED],
        )


def _latest(briefs: list[Brief]) -> list[Brief]:
    latest: dict[str, Brief] = {}
    for brief in briefs:
        latest.setdefault(brief.subscriber_id, brief)
    return list(latest.values())


def _recent(context: WebContext) -> list[RecentRow]:
    ledger = context.ledger
    runs = ledger.run_reports(limit=1)
    since = (runs[0].started_at if runs else context.clock.now()) - LOOK_BACK
    captures = [
        c for c in ledger.captures(since=since) if c.changed and c.reader in ("article", "offers", "labels")
    ]
    articles = {a.capture_id: a for a in ledger.articles(since=since - LOOK_BACK)} if captures else {}
    idle = _idle(context, articles)
    newest = [capture for capture in reversed(captures) if capture.id not in idle][:RECENT]
    known = {source.id: source for source in context.settings.sources}
    read = _records_read(context, newest)
    rows = []
    for capture in newest:
        source = known.get(capture.source_id)
        publisher = source.publisher or source.id if source else capture.source_id
        article = articles.get(capture.id)
        if article is not None:
            date = published(article, context.settings.market.zone)
            rows.append(RecentRow(capture, article.title or capture.final_url, "Article", publisher, date))
        elif capture.reader == "article":
            title = (capture.hint.title if capture.hint else "") or capture.final_url
            rows.append(RecentRow(capture, title, "Page", publisher, ""))
        else:
            kind = "Label file" if capture.reader == "labels" else "Price page"
            found = count(read[capture.id], "list price") if capture.id in read else "not read yet"
            rows.append(RecentRow(capture, publisher, kind, found, ""))
    return rows


def _idle(context: WebContext, articles: Mapping[str, Article]) -> set[str]:
    """Return the captures whose articles are of no company and no topic: feeds bring sports, too."""
    tags = context.ledger.tagged([article.id for article in articles.values()])
    return {
        capture
        for capture, article in articles.items()
        if (tagged := tags.get(article.id)) is not None
        and not tagged.topics
        and not any(company.role == "about" for company in tagged.companies)
    }


def _records_read(context: WebContext, captures: list[Capture]) -> dict[str, int]:
    sources = dict.fromkeys(c.source_id for c in captures if c.reader in ("offers", "labels"))
    return {r.capture_id: r.records for name in sources for r in context.ledger.readings(name)}
