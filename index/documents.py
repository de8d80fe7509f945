"""From records to index documents: one flat document per article, offer and expansion fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, tzinfo
from typing import TYPE_CHECKING

from index.ledger_entries import Entry
from index.port import SearchDocument
from market.records import Article, Capture, Expansion, Offer, Place, Tagged
from market.services import plan_label

if TYPE_CHECKING:
    from market.companies.lexicon import Lexicon
    from market.places.gazetteer import Gazetteer


class Documents:
    """Makes documents with the names of the lexicon, the counties of the gazetteer and local days."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer, zone: tzinfo) -> None:
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._zone = zone

    def of(self, entry: Entry) -> SearchDocument | None:
        """Return the document of a ledger entry; None when the record is gone."""
        if entry.offer is not None:
            return self.offer(entry.offer, entry.capture)
        if entry.expansion is not None and entry.article is not None:
            return self.expansion(entry.expansion, entry.article, entry.tagged, entry.capture)
        if entry.article is not None:
            return self.article(entry.article, entry.tagged, entry.capture)
        return None

    def article(self, article: Article, tags: Tagged | None, capture: Capture | None) -> SearchDocument:
        """Return an article's document; without tags it is found by its words only."""
        date, day, dated = self._when(article, capture)
        about = [self._gazetteer.place(p.id) for p in tags.places if p.role == "about"] if tags else []
        companies = [company.id for company in tags.companies] if tags else []
        return SearchDocument(
            id=article.id,
            kind="article",
            capture_id=article.capture_id,
            source_id=article.source_id,
            url=article.url,
            publisher=article.publisher,
            title=article.title,
            body=article.text,
            date=date,
            dated=dated,
            day=day,
            companies=_unique(companies),
            company_names=self._names(companies),
            topics=tags.topics if tags else (),
            story=tags.story_id if tags else None,
            importance=tags.importance.score if tags else None,
            corrections=_corrections(tags),
            **self._area(place for place in about if place is not None),
        )

    def offer(self, offer: Offer, capture: Capture | None) -> SearchDocument:
        """Return an offer's document; its price is the regular monthly one, else the one that is asked."""
        places = [self._gazetteer.find(name) for name in offer.market if name != "US"]
        day = offer.observed_at.astimezone(self._zone).date()
        parts = [
            offer.provider_raw,
            _unless_unknown(offer.segment),
            _unless_unknown(offer.technology),
            _speed("download", offer.down_mbps),
            _speed("upload", offer.up_mbps),
            _price_words(offer),
            ", ".join(offer.market),
        ]
        return SearchDocument(
            id=offer.id,
            kind="offer",
            capture_id=offer.capture_id,
            source_id=offer.source_id,
            url=capture.final_url if capture else "",
            publisher=self._lexicon.name(offer.company),
            title=f"{self._lexicon.name(offer.company)}: {plan_label(offer)}",
            body="; ".join(part for part in parts if part),
            date=offer.observed_at,
            day=day.isoformat(),
            companies=(offer.company,),
            company_names=self._names([offer.company]),
            segments=(offer.segment,),
            technologies=(offer.technology,),
            bundled_with=offer.bundled_with,
            price_cents=_price(offer),
            down_mbps=offer.down_mbps,
            up_mbps=offer.up_mbps,
            corrections=tuple(correction.words() for correction in offer.corrections),
            **self._area(place for place in places if place is not None),
        )

    def expansion(
        self, expansion: Expansion, article: Article, tags: Tagged | None, capture: Capture | None
    ) -> SearchDocument:
        """Return a build fact's document: its quotes, under a title of company, stage and places."""
        date, day, dated = self._when(article, capture)
        places = [self._gazetteer.place(place) for place in expansion.places]
        known = [place for place in places if place is not None]
        company = expansion.company_name or self._lexicon.name(expansion.company)
        where = ", ".join(_place_name(place) for place in known)
        quotes = _unique(evidence.quote for evidence in expansion.evidence)
        partners = [expansion.partner] if expansion.partner else []
        return SearchDocument(
            id=expansion.id,
            kind="expansion",
            capture_id=article.capture_id,
            source_id=article.source_id,
            url=article.url,
            publisher=article.publisher,
            title=f"{company}, {expansion.stage}" + (f": {where}" if where else ""),
            body="\n".join(quotes),
            date=date,
            dated=dated,
            day=day,
            companies=(expansion.company,),
            company_names=_unique([company, *self._names([expansion.company]), *partners]),
            technologies=(expansion.technology,) if expansion.technology else (),
            stage=expansion.stage,
            story=tags.story_id if tags else None,
            down_mbps=expansion.down_mbps,
            up_mbps=expansion.up_mbps,
            record_id=article.id,
            corrections=_corrections(tags),
            **self._area(known),
        )

    def _when(self, article: Article, capture: Capture | None) -> tuple[datetime, str, bool]:
        """Return an article's moment, its local day, and whether the page tells it.

        A date without a time is that day wherever the reader is: it begins at the local midnight.
        """
        published = article.published_at
        if published is None:
            fetched = capture.fetched_at if capture else datetime.fromtimestamp(0, UTC)
            return fetched, fetched.astimezone(self._zone).date().isoformat(), False
        if article.published_day_only:
            day = published.date()
            return datetime.combine(day, time(), self._zone).astimezone(UTC), day.isoformat(), True
        return published, published.astimezone(self._zone).date().isoformat(), True

    def _names(self, companies: Sequence[str]) -> tuple[str, ...]:
        return _unique(name for company in companies for name in (company, *self._lexicon.terms(company)))

    def _area(self, places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
        """Return the place fields: also the counties and states that the places lie in."""
        ids: list[str] = []
        names: list[str] = []
        counties: list[str] = []
        states: list[str] = []
        for place in places:
            ids.append(str(place.id))
            names.append(_place_name(place))
            inside = self._gazetteer.counties_of(place)
            counties += inside
            if place.kind in ("city", "county", "neighborhood"):
                around = map(self._gazetteer.county, inside)
                names += [_place_name(county) for county in around if county is not None]
            if place.state:
                states.append(place.state)
                state = self._gazetteer.state(place.state)
                names += [state.name] if state else []
        return {
            "places": _unique(ids),
            "place_names": _unique(names),
            "counties": _unique(counties),
            "states": _unique(states),
        }


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _corrections(tags: Tagged | None) -> tuple[str, ...]:
    return tuple(correction.words() for correction in tags.corrections) if tags else ()


def _place_name(place: Place) -> str:
    return f"{place.name}, {place.state}" if place.state and place.kind != "state" else place.name


def _unless_unknown(value: str) -> str:
    return "" if value == "unknown" else value


def _price(offer: Offer) -> int | None:
    """Return the regular price; of a plan that states only a price with autopay or a promotion, that one."""
    known = (offer.monthly_cents, offer.autopay_cents, offer.promo_cents)
    return next((cents for cents in known if cents is not None), None)


def _price_words(offer: Offer) -> str:
    if offer.price_raw:
        return f"{offer.price_raw} a month"
    if offer.quote_only:
        return "price on request"
    slots = {evidence.slot: evidence.quote for evidence in offer.evidence}
    for slot, condition in (("autopay_cents", "with autopay"), ("promo_cents", "as a promotion")):
        if slot in slots:
            return f"{slots[slot]} {condition}"
    return ""


def _speed(direction: str, mbps: float | None) -> str:
    if mbps is None:
        return ""
    words = f"{mbps:g} Mbps {direction}"
    return f"{words} ({mbps / 1000:g} Gbps)" if mbps >= 1000 else words
