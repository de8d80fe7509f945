"""The search page: query, facets, dates, sorting, paging, and hits with their words marked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fastapi import FastAPI, Request
from fastapi.responses import Response

from crowsnest.web.deps import WebContext
from crowsnest.web.format import DATE_UNKNOWN, capture_url, iso_day, place_name
from crowsnest.web.marking import Piece, pieces
from crowsnest.web.searching import (
    FACETS,
    KINDS,
    PAGE,
    SORTS,
    Asked,
    asked_of,
    chips,
    facet_values,
    find,
)
from crowsnest.web.view import View
from index.highlight import highlight
from index.parse import FIELDS
from index.port import MAX_WINDOW, Hits, SearchDocument
from index.query import Node
from market.errors import QueryError, UnavailableError
from market.records import Expansion, Offer

MAX_PLACES = 6
"""Places named under one hit."""


@dataclass(frozen=True)
class HitRow:
    """One hit as the page shows it."""

    kind: str
    title: list[Piece]
    url: str
    publisher: str
    date: str
    companies: list[str]
    places: list[str]
    snippet: list[Piece] = field(default_factory=list)
    corrections: tuple[str, ...] = ()
    offer: Offer | None = None


def register(app: FastAPI, context: WebContext, view: View) -> None:
    """Add `/search`."""

    @app.get("/search")
    def search(request: Request) -> Response:
        asked = asked_of(request.query_params.multi_items())
        hits, rows, error, away, status = Hits(total=0, hits=()), list[HitRow](), "", "", 200
        try:
            query, hits = find(context, asked)
            rows = _rows(context, query, hits)
        except QueryError as wrong:
            error, status = wrong.message, 400
        except UnavailableError as gone:
            away, status = gone.message, 503
        first = (asked.page - 1) * PAGE + 1
        has_next = first + PAGE <= min(hits.total, MAX_WINDOW)
        return view.page(
            "search.html",
            status=status,
            here="search",
            asked=asked,
            hits=hits,
            rows=rows,
            error=error,
            degraded=away,
            first=first,
            fields=FIELDS,
            chips=chips(context, asked),
            bare=Asked(text=asked.text, sort=asked.sort).url(),
            facets=[
                (name, heading, facet_values(context, asked, hits, name)) for name, heading in FACETS.items()
            ],
            sorts=[(name, words, replace(asked, sort=name, page=1).url()) for name, words in SORTS.items()],
            first_page=replace(asked, page=1).url(),
            previous=replace(asked, page=asked.page - 1).url() if asked.page > 1 else "",
            next=replace(asked, page=asked.page + 1).url() if has_next else "",
        )


def _rows(context: WebContext, query: Node, hits: Hits) -> list[HitRow]:
    documents = [hit.document for hit in hits.hits]
    offers = _offers(context, documents)
    facts = _facts(context, documents)
    publishers = {source.id: source.publisher for source in context.settings.sources}
    rows = []
    for document in documents:
        offer = offers.get(document.id)
        title = highlight(document.title, query, title=True, width=len(document.title))
        # An article's text begins with its headline, which the hit shows already.
        passage = highlight(document.body.removeprefix(document.title).lstrip(), query)
        snippet = pieces(passage.text, passage.marks)
        if passage.cut_before:
            snippet.insert(0, Piece("… ", marked=False))
        if passage.cut_after:
            snippet.append(Piece(" …", marked=False))
        quotes: list[str] = []
        if fact := facts.get(document.id):
            quotes = list(dict.fromkeys(proof.quote for proof in fact.evidence))
        elif document.kind == "article" and passage.marks:
            quotes = [passage.text]
        places = [context.gazetteer.place(int(place)) for place in document.places[:MAX_PLACES]]
        rows.append(
            HitRow(
                kind=KINDS.get(document.kind, document.kind),
                title=pieces(title.text, title.marks) if title.text.strip() else pieces(document.url, []),
                url=capture_url(document.capture_id, quotes, document.id if offer else ""),
                publisher=publishers.get(document.source_id) or document.publisher,
                date=_date(document),
                # A price's title and line name its company and market.
                companies=[] if offer else [context.lexicon.name(company) for company in document.companies],
                places=[] if offer else [place_name(place) for place in places if place],
                snippet=snippet,
                corrections=document.corrections,
                offer=offer,
            )
        )
    return rows


def _date(document: SearchDocument) -> str:
    if document.kind == "offer":
        return f"observed {iso_day(document.day)}"
    return iso_day(document.day) if document.dated else DATE_UNKNOWN


def _offers(context: WebContext, documents: list[SearchDocument]) -> dict[str, Offer]:
    captures = dict.fromkeys(document.capture_id for document in documents if document.kind == "offer")
    return {offer.id: offer for capture in captures for offer in context.ledger.offers(capture_id=capture)}


def _facts(context: WebContext, documents: list[SearchDocument]) -> dict[str, Expansion]:
    articles = dict.fromkeys(d.record_id for d in documents if d.kind == "expansion" and d.record_id)
    if not articles:
        return {}
    return {fact.id: fact for fact in context.ledger.expansions(article_ids=list(articles))}
