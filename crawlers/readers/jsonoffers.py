"""Offers that a plan page states as JSON-LD (schema.org Product, Service or Offer)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers.readers.bundled import bundle_key, services_in
from crawlers.readers.page import Page, clean, json_types, walk_json
from crawlers.readers.told import Said, Told, Vocabulary
from crawlers.readers.visible import words
from market.ids import offer_id, slug
from market.records import Evidence, JsonPointer, Offer
from market.records.offer import Service
from market.units import SPEED_UNIT, parse_money, parse_speed

_SPEED = re.compile(rf"(?<![\d.])\d[\d,.]*\s*{SPEED_UNIT}\b", re.IGNORECASE)
_NOT_MONTHLY = re.compile(r"year|annual|week|day|one-?time|ANN|WEE|DAY", re.IGNORECASE)


def json_offers(page: Page, shared: dict[str, Any], reader: str, version: int) -> Iterator[Offer]:
    """Yield an Offer for each JSON-LD offer of an internet plan, or of a bundle with one, whose price is one
    amount a month.
    """
    for script, value in enumerate(page.json_ld):
        seen: set[int] = set()
        for pointer, node in walk_json(value):
            kinds = json_types(node)
            if not {"Product", "Service", "Offer", "InternetService", "OfferCatalog"}.intersection(kinds):
                continue
            if "Offer" in kinds:
                parents = [(pointer, node)]
            else:
                offers = node.get("offers")
                listed = offers if isinstance(offers, list) else [offers]
                parents = [
                    (f"{pointer}/offers/{at}" if isinstance(offers, list) else f"{pointer}/offers", each)
                    for at, each in enumerate(listed)
                    if isinstance(each, dict) and "AggregateOffer" not in json_types(each)
                ]
            for where, offer in parents:
                if id(offer) in seen:
                    continue
                seen.add(id(offer))
                made = _offer(script, (where, offer), (pointer, node), (shared, reader, version))
                if made is not None:
                    yield made


def _offer(
    script: int,
    priced: tuple[str, dict[str, Any]],
    owner: tuple[str, dict[str, Any]],
    frame: tuple[dict[str, Any], str, int],
) -> Offer | None:
    shared, reader, version = frame
    where, offer = priced
    name_at, name = _named(priced, owner, "name")
    about_at, about = _named(priced, owner, "description")
    patterns = words()["patterns"]
    speeds_at, speeds = name_at, list(dict.fromkeys(_SPEED.findall(name)))
    if not speeds:
        speeds_at, speeds = about_at, list(dict.fromkeys(_SPEED.findall(about)))
    if not name or not (speeds or patterns["internet"].search(name)):
        return None
    services: tuple[Service, ...] = ()
    if patterns["tv_or_phone"].search(name) or patterns["bundle"].search(name):
        services = services_in(name)
        if not services or not (speeds or patterns["internet"].search(name)):
            return None
    slot, raw = _price(offer)
    money = parse_money(raw) if raw else None
    if money is None or money.cents_max is not None or not money.cents:
        return None
    unit = f"{offer.get('priceSpecification')} {offer.get('eligibleDuration')}"
    if _NOT_MONTHLY.search(unit) and not re.search(r"MON|month|P1M", unit):
        return None
    down = parse_speed(speeds[0]) if len(speeds) == 1 else None
    plan_key = bundle_key(slug(name) or "plan", services)
    technology = next(
        iter(Vocabulary().told(Said(f"{name} {about}", ""), "technology", "words")),
        Told("unknown", "", Said("", "")),
    )
    ident = offer_id(shared["capture_id"], f"json {script}{where}", plan_key, "unknown")
    places = {"plan_name": (name_at, name), "monthly_cents": (f"{where}/{slot}", raw)}
    if down is not None:
        places["down_mbps"] = (speeds_at, name if speeds_at == name_at else about)
        if down.high is not None:
            places["down_mbps_max"] = places["down_mbps"]
    places["currency"] = (
        (f"{where}/priceCurrency", str(offer["priceCurrency"]))
        if offer.get("priceCurrency")
        else places["monthly_cents"]
    )
    if technology.words:
        places["technology"] = (name_at, name) if technology.at[0] < len(name) else (about_at, about)
    places |= {f"bundled_with[{number}]": (name_at, name) for number in range(len(services))}
    evidence = tuple(
        Evidence(
            capture_id=shared["capture_id"],
            record_id=ident,
            slot=target,
            quote=quote,
            where=JsonPointer(script=script, pointer=pointer),
            reader=reader,
            reader_version=version,
        )
        for target, (pointer, quote) in places.items()
    )
    return Offer(
        id=ident,
        plan_key=plan_key,
        plan_name=clean(name)[:200],
        technology=technology.value,
        bundled_with=services,
        down_mbps=down.low if down else None,
        down_mbps_max=down.high if down else None,
        price_raw=raw,
        monthly_cents=money.cents,
        currency=str(offer.get("priceCurrency") or "USD").upper()[:3],
        evidence=evidence,
        **shared,
    )


def _named(
    priced: tuple[str, dict[str, Any]], owner: tuple[str, dict[str, Any]], key: str
) -> tuple[str, str]:
    """Return where a name or description stands and its text: the offer's, what it offers, or its owner's."""
    where, offer = priced
    item = offer.get("itemOffered")
    for at, holder in ((where, offer), (f"{where}/itemOffered", item), owner):
        if isinstance(holder, dict) and isinstance(holder.get(key), str) and holder[key].strip():
            return f"{at}/{key}", holder[key]
    return "", ""


def _price(offer: dict[str, Any]) -> tuple[str, str]:
    """Return the pointer below the offer, and the words, of its price."""
    if offer.get("price") not in (None, ""):
        return "price", str(offer["price"])
    inner = offer.get("priceSpecification")
    if isinstance(inner, dict) and inner.get("price") not in (None, ""):
        return "priceSpecification/price", str(inner["price"])
    return "", ""
