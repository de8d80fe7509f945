"""A search as the page's address says it, answered by the engine: hits, facets and links to narrow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast, get_args

from briefs.wording import topic_label
from crowsnest.web.deps import WebContext
from crowsnest.web.format import month, place_name, query_url
from index.parse import parse
from index.port import MAX_WINDOW, NO_BUNDLE, Facet, Filters, Hits, SearchEngine, Sort, narrowed
from index.query import And, Everything, Node, OneOf
from market.errors import QueryError
from market.services import SERVICE_NAMES

PAGE = 20
"""Hits on a page."""
SHOWN = 10
"""Values of a facet listed; an active one is always among them."""
FacetName = Literal["kind", "company", "topic", "state", "county", "segment", "bundle", "month"]
FACETS: Mapping[FacetName, str] = {
    "kind": "Kind",
    "company": "Company",
    "topic": "Topic",
    "state": "State",
    "county": "County",
    "segment": "Segment",
    "bundle": "Internet with",
    "month": "Month",
}
KINDS = {"article": "Article", "offer": "List price", "expansion": "Build"}
BUNDLES = {service: name[:1].upper() + name[1:] for service, name in SERVICE_NAMES.items()} | {
    NO_BUNDLE: "Nothing else"
}
SORTS: Mapping[Sort, str] = {"relevance": "Relevance", "newest": "Newest", "price": "Price"}


@dataclass(frozen=True)
class Asked:
    """One search, as its address says it. Values of one facet are alternatives; facets all have to hold."""

    text: str = ""
    chosen: Mapping[FacetName, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    """ISO date of the first day, in the market's time zone."""
    until: str = ""
    """ISO date of the last day."""
    sort: Sort = "relevance"
    page: int = 1

    def url(self) -> str:
        """Return the address of this search."""
        parameters: dict[str, Sequence[str]] = {"q": (self.text,)}
        parameters |= {str(name): values for name, values in self.chosen.items()}
        parameters |= {"since": (self.since,), "until": (self.until,)}
        if self.sort != "relevance":
            parameters["sort"] = (self.sort,)
        if self.page > 1:
            parameters["page"] = (str(self.page),)
        return query_url("/search", parameters)

    def toggled(self, name: FacetName, value: str) -> Asked:
        """Return this search with a facet's value taken in, or out when it is in; on its first page."""
        values = self.chosen.get(name, ())
        values = tuple(v for v in values if v != value) if value in values else (*values, value)
        return replace(self, chosen={**self.chosen, name: values}, page=1)


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet with the search that takes it in or out."""

    label: str
    hits: int
    active: bool
    url: str


@dataclass(frozen=True)
class Chip:
    """A filter in force and the search without it."""

    label: str
    url: str


def asked_of(pairs: Sequence[tuple[str, str]]) -> Asked:
    """Return the search that an address's parameters ask for; unknown ones are passed over."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if value := value.strip():
            values.setdefault(name, []).append(value)
    sort = values.get("sort", ["relevance"])[-1]
    number = values.get("page", ["1"])[-1]
    last = MAX_WINDOW // PAGE
    return Asked(
        text=values.get("q", [""])[-1],
        chosen={name: tuple(dict.fromkeys(values[name])) for name in FACETS if name in values},
        since=values.get("since", [""])[-1],
        until=values.get("until", [""])[-1],
        sort=cast(Sort, sort) if sort in get_args(Sort) else "relevance",
        page=min(last, max(1, int(number)))
        if number.isascii() and number.isdigit() and len(number) < 9
        else 1,
    )


def find(context: WebContext, asked: Asked) -> tuple[Node, Hits]:
    """Return the query's tree and its hits with facets; raises QueryError and UnavailableError.

    A facet in force is counted as if it were not, so that its other values can be added.
    """
    zone = context.settings.market.zone
    query = parse(asked.text, zone=zone)
    filters = Filters(since=_midnight(context, asked.since, 0), until=_midnight(context, asked.until, 1))
    base = narrowed(query, filters)
    engine = context.engine()
    hits = engine.search(
        _with(base, asked.chosen),
        facets=list(FACETS),
        sort=asked.sort,
        offset=(asked.page - 1) * PAGE,
        limit=PAGE,
    )
    return query, hits.model_copy(update={"facets": hits.facets | _widened(engine, base, asked)})


def totals(context: WebContext) -> dict[str, int]:
    """Return kind -> number of documents in the index; raises UnavailableError."""
    found = context.engine().search(Everything(), facets=["kind"], sort="newest", limit=1)
    return dict(found.facets.get("kind", ()))


def facet_values(context: WebContext, asked: Asked, hits: Hits, name: FacetName) -> list[FacetValue]:
    """Return a facet's values for the page: those in force first, then the most frequent."""
    counted = dict(hits.facets.get(name, ()))
    active = asked.chosen.get(name, ())
    rest = [value for value in counted if value not in active]
    if name == "month":
        rest.sort(reverse=True)
    return [
        FacetValue(
            label(context, name, value),
            counted.get(value, 0),
            value in active,
            asked.toggled(name, value).url(),
        )
        for value in [*active, *rest][: max(SHOWN, len(active))]
    ]


def chips(context: WebContext, asked: Asked) -> list[Chip]:
    """Return the filters in force, each with the search that drops it."""
    found = [
        Chip(f"{FACETS[name]}: {label(context, name, value)}", asked.toggled(name, value).url())
        for name, values in asked.chosen.items()
        for value in values
    ]
    if asked.since:
        found.append(Chip(f"From {asked.since}", replace(asked, since="", page=1).url()))
    if asked.until:
        found.append(Chip(f"To {asked.until}", replace(asked, until="", page=1).url()))
    return found


def label(context: WebContext, name: str, value: str) -> str:
    """Return how a facet's value is written on the page."""
    if name == "kind":
        return KINDS.get(value, value)
    if name == "company":
        return context.lexicon.name(value)
    if name == "month":
        return month(value)
    if name == "state":
        state = context.gazetteer.state(value)
        return state.name if state else value
    if name == "county":
        county = context.gazetteer.county(value)
        return place_name(county) if county else value
    if name == "bundle":
        return BUNDLES.get(value, value)
    return topic_label(value) if name == "topic" else value[:1].upper() + value[1:]


def _with(base: Node, chosen: Mapping[FacetName, tuple[str, ...]]) -> Node:
    parts = [OneOf(name, values) for name, values in chosen.items() if values]
    return And((base, *parts)) if parts else base


def _widened(engine: SearchEngine, base: Node, asked: Asked) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for name, values in asked.chosen.items():
        if values:
            others = {other: kept for other, kept in asked.chosen.items() if other != name}
            facet: Facet = name
            counted = engine.search(_with(base, others), facets=[facet], sort="newest", limit=1)
            found[name] = counted.facets.get(name, ())
    return found


def _midnight(context: WebContext, day: str, later: int) -> datetime | None:
    if not day:
        return None
    try:
        at = date.fromisoformat(day) + timedelta(days=later)
        return datetime.combine(at, time(), context.settings.market.zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            "date-unknown", f"{day!r} is no date; write year, month and day: 2026-11-24"
        ) from error
