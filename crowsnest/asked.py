"""What a reader asks of the index in everyday words, as filters: companies, places, territories, days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from index.bounds import moment
from index.parse import KINDS, TOPICS
from index.port import Filters, Sort
from market.errors import QueryError, UsageError

if TYPE_CHECKING:
    from briefs.desk import Desk
    from briefs.pricebook import BookPlan
    from briefs.reach import Reach
    from crowsnest.settings import Settings
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer

SEGMENTS = ("residential", "business", "wholesale", "unknown")
_AGO = re.compile(r"(\d{1,4})([dwm])")
_DAYS = {"d": 1, "w": 7, "m": 30}


def filters(
    settings: Settings,
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    *,
    now: datetime,
    since: str | None = None,
    until: str | None = None,
    companies: Sequence[str] = (),
    places: Sequence[str] = (),
    territories: Sequence[str] = (),
    kinds: Sequence[str] = (),
    topics: Sequence[str] = (),
) -> Filters:
    """Return the filters; days are local ones, `until` includes its day, places and territories are one area.

    Raises UsageError naming what is not known and what could be written instead.
    """
    zone = settings.market.zone
    ids, counties, states = _area(settings, gazetteer, places, territories)
    return Filters(
        since=None if since is None else day_of(since, zone, now)[0],
        until=None if until is None else day_of(until, zone, now)[1],
        companies=frozenset(
            member for name in companies for member in related(company_of(name, lexicon), lexicon, now.date())
        ),
        places=ids,
        counties=counties,
        states=states,
        kinds=_known("kind", kinds, KINDS),
        topics=_known("topic", topics, TOPICS),
    )


def day_of(text: str, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """Return the half-open UTC interval of "2026-11-24", "2026-11", "2026", or of the day "30d", "4w" ago."""
    ago = _AGO.fullmatch(text)
    try:
        if ago is None:
            return moment(text, zone)
        day = now.astimezone(zone).date() - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
        return moment(day.isoformat(), zone)
    except (QueryError, OverflowError) as error:
        raise UsageError(
            "date-unknown", f"{text!r} is no date; write 2026-11-24, 2026-11, 30d or 4w"
        ) from error


def order_of(name: str) -> Sort:
    """Return the order of hits called `name`."""
    orders: dict[str, Sort] = {"relevance": "relevance", "newest": "newest", "price": "price"}
    if name not in orders:
        raise UsageError("sort-unknown", f"{name!r} is no order of hits; use one of {', '.join(orders)}")
    return orders[name]


def company_of(name: str, lexicon: Lexicon) -> str:
    """Return the id of a company given by id or name."""
    found = lexicon.get(name) or lexicon.get(name.lower()) or lexicon.by_name(name)
    if found is None:
        raise UsageError(
            "company-unknown", f"no company is called {name!r}; `crowsnest companies` lists ids and names"
        )
    return found.id


def related(company: str, lexicon: Lexicon, day: date) -> frozenset[str]:
    """Return the company, all that it owns on `day` and the providers that own it, also through others.

    News of a brand is often filed under its owner and the other way round. Sisters are left out, and so are
    investors.
    """
    members = {company}
    for other in lexicon:
        if company in _owners(other.id, lexicon, day):
            members.add(other.id)
    for owner in _owners(company, lexicon, day):
        known = lexicon.get(owner)
        if known is not None and known.kind == "provider":
            members.add(owner)
    return frozenset(members)


def _owners(company: str, lexicon: Lexicon, day: date) -> list[str]:
    """Return the chain of owners, the direct one first."""
    chain = [company]
    while (owner := lexicon.owner_on(chain[-1], day)) is not None and owner not in chain:
        chain.append(owner)
    return chain[1:]


def _area(
    settings: Settings, gazetteer: Gazetteer, places: Sequence[str], territories: Sequence[str]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return place ids, county codes and state codes that together are the area asked for."""
    from market.places.territory import cover

    ids: set[str] = set()
    counties: set[str] = set()
    states: set[str] = set()
    for name in places:
        place = gazetteer.find(name)
        if place is None:
            raise UsageError(
                "place-unknown",
                f"{name!r} names no single place; write 'Greenville, SC', 'Greenville County, SC' or 'SC'",
            )
        if place.kind == "state" and place.state:
            states.add(place.state)
        elif place.kind == "county" and place.county_fips:
            counties.add(place.county_fips)
        elif place.kind in ("metro", "region"):
            counties |= gazetteer.counties_of(place).keys()
        else:
            ids.add(str(place.id))
    known = {territory.id: territory for territory in settings.territories}
    for name in territories:
        if name not in known:
            names = ", ".join(known) or "none; add a [[territory]]"
            raise UsageError("territory-unknown", f"{name!r} is no territory of the settings: {names}")
        covered = cover(known[name], gazetteer)
        counties |= covered.counties
        states |= covered.states_whole
    return frozenset(ids), frozenset(counties), frozenset(states)


def _known(what: str, values: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    for value in values:
        if value.lower() not in known:
            raise UsageError(f"{what}-unknown", f"{value!r} is no {what}; use one of {', '.join(known)}")
    return frozenset(value.lower() for value in values)


def book_of(
    desk: Desk,
    settings: Settings,
    *,
    now: datetime,
    companies: Sequence[str] = (),
    plan: str = "",
    market: str | None = None,
    segment: str | None = None,
    bundles: bool | None = None,
    since: str | None = None,
    listed_only: bool = True,
    history: bool = True,
) -> list[BookPlan]:
    """Return the part of the price book that is asked for in everyday words; the rest as in read_book."""
    from briefs.pricebook import read_book

    lexicon = desk.lexicon
    if segment is not None and segment not in SEGMENTS:
        raise UsageError("segment-unknown", f"{segment!r} is no segment; use one of {', '.join(SEGMENTS)}")
    return read_book(
        desk,
        companies=owned_by(companies, lexicon, now.date()),
        plan=plan,
        reach=None if market is None else reach_of(market, settings, desk.gazetteer),
        segment=segment,
        bundles=bundles,
        seen_since=None if since is None else day_of(since, settings.market.zone, now)[0],
        listed_only=listed_only,
        history=history,
    )


def owned_by(names: Sequence[str], lexicon: Lexicon, day: date) -> set[str]:
    """Return the ids of the named companies and of all that they own on `day`; empty for no name."""
    ids = {company_of(name, lexicon) for name in names}
    return ids | {other.id for other in lexicon if ids.intersection(_owners(other.id, lexicon, day))}


def reach_of(name: str, settings: Settings, gazetteer: Gazetteer) -> Reach:
    """Return the reach of a territory of the settings, or of a city, county, metro or state."""
    from briefs.reach import Reach
    from market.records import Territory

    known = {territory.id: territory for territory in settings.territories}
    if name in known:
        return Reach([known[name]], gazetteer)
    place = gazetteer.find(name)
    if place is None:
        raise UsageError(
            "place-unknown",
            f"{name!r} is neither a territory of the settings ({', '.join(known) or 'none'}) nor a single "
            "place; write 'Greenville, SC', 'Greenville County, SC' or 'SC'",
        )
    if place.kind == "state" and place.state:
        return Reach([Territory(id="asked", states=(place.state,))], gazetteer)
    counties = sorted(gazetteer.counties_of(place)) if place.kind in ("metro", "region") else ()
    if place.county_fips and not counties:
        counties = [place.county_fips]
    return Reach([Territory(id="asked", counties=tuple(counties))], gazetteer)
