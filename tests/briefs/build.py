"""Records for the tests of the briefs, with invented companies; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from market.ids import article_id, capture_id, expansion_id, offer_id, sha256_hex, slug, text_sha256
from market.records import (
    Article,
    Capture,
    Cell,
    Evidence,
    Expansion,
    Importance,
    Offer,
    Reading,
    Tagged,
    TaggedCompany,
    TaggedPlace,
    TextSpan,
)

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
"""Noon UTC of the Monday of 2026-W47."""


def day(number: int, hour: int = 12) -> datetime:
    """Return a time `number` days after the Monday of W47."""
    return MONDAY + timedelta(days=number, hours=hour - 12)


def capture(at: datetime, *, source: str = "acme-plans", **changed: Any) -> Capture:
    url = changed.pop("url", f"https://{source}.example/plans")
    file = f"crowsnest-{at:%Y%m%d%H%M}-{slug(url)}.warc.gz"
    values: dict[str, Any] = {
        "id": capture_id(file, 0),
        "source_id": source,
        "run_id": f"run-{at:%Y%m%d%H%M}",
        "url": url,
        "final_url": url,
        "fetched_at": at,
        "status": 200,
        "media_type": "text/html",
        "sha256": sha256_hex(f"{url}{at}".encode()),
        "warc_file": file,
        "warc_offset": 0,
        "changed": True,
        "reader": "offers",
    }
    return Capture(**(values | changed))


def reading(of: Capture, *, version: int = 1, outcome: Any = "read", **counts: int) -> Reading:
    return Reading(
        capture_id=of.id,
        reader=of.reader or "offers",
        reader_version=version,
        outcome=outcome,
        records=1,
        counts=counts,
        read_at=of.fetched_at,
    )


def dollars(cents: int | None) -> str:
    return "" if cents is None else f"${cents / 100:.2f}"


def offer(of: Capture, name: str = "Fiber 500", cents: int | None = 5999, **changed: Any) -> Offer:
    """An offer with one piece of evidence a slot, each a cell of its own row."""
    key = changed.pop("key", slug(name))
    row = changed.pop("row", 2)
    values: dict[str, Any] = {
        "company": "acme-fiber",
        "plan_key": key,
        "plan_name": name,
        "segment": "residential",
        "technology": "fiber",
        "down_mbps": 500.0,
        "monthly_cents": cents,
        "market": ("Greenville, SC",),
        "source_id": of.source_id,
        "observed_at": of.fetched_at,
        "price_raw": dollars(cents),
    } | changed
    words = {
        "plan_name": name,
        "monthly_cents": dollars(values["monthly_cents"]),
        "promo_cents": dollars(values.get("promo_cents")),
        "autopay_cents": dollars(values.get("autopay_cents")),
        "promo_months": f"for {values['promo_months']} months" if values.get("promo_months") else "",
        "down_mbps": f"{values['down_mbps']:g} Mbps" if values["down_mbps"] else "",
        "termination_cents": dollars(values.get("termination_cents")),
    }
    for index, service in enumerate(values.get("bundled_with", ())):
        words[f"bundled_with[{index}]"] = "TV" if service == "tv" else service
    for slot in ("monthly_fees", "one_time_fees"):
        for index, fee in enumerate(values.get(slot, ())):
            words[f"{slot}[{index}]"] = f"{fee.name} {fee.raw}".strip()
    identity = offer_id(of.id, str(row), key, values["technology"])
    evidence = tuple(
        Evidence(
            capture_id=of.id,
            record_id=identity,
            slot=slot,
            quote=quote,
            where=Cell(row=row, column=slot),
            reader="offers",
            reader_version=1,
        )
        for slot, quote in words.items()
        if quote
    )
    return Offer(id=identity, capture_id=of.id, evidence=evidence, **values)


def article(
    title: str, text: str, at: datetime | None, *, source: str = "upstate-ledger", **changed: Any
) -> tuple[Capture, Article]:
    """An article and the capture that holds it, fetched two hours after it was published unless told."""
    url = changed.pop("url", f"https://{source}.example/{slug(title)}")
    fetched = changed.pop("fetched", (at or MONDAY) + timedelta(hours=2))
    held = capture(fetched, source=source, url=url, reader="article")
    values: dict[str, Any] = {
        "id": article_id(url),
        "capture_id": held.id,
        "source_id": source,
        "url": url,
        "title": title,
        "text": text,
        "text_sha256": text_sha256(text),
        "published_at": at,
        "publisher": source.replace("-", " ").title(),
    }
    return held, Article(**(values | changed))


def span(of: Article, quote: str, slot: str = "") -> Evidence:
    start = of.text.index(quote)
    return Evidence(
        capture_id=of.capture_id,
        record_id=of.id,
        slot=slot,
        quote=quote,
        where=TextSpan(text_sha256=of.text_sha256, start=start, end=start + len(quote)),
        reader="article",
        reader_version=1,
    )


def company(identity: str, name: str, role: Any = "about") -> TaggedCompany:
    return TaggedCompany(id=identity, name=name, role=role)


GREENVILLE = {"id": 4580543, "name": "Greenville", "kind": "city", "state": "SC", "county_fips": "45045"}
SPARTANBURG = {"id": 4597200, "name": "Spartanburg", "kind": "city", "state": "SC", "county_fips": "45083"}
BOISE = {"id": 5586437, "name": "Boise", "kind": "city", "state": "ID", "county_fips": "16001"}


def place(values: dict[str, Any], role: Any = "about") -> TaggedPlace:
    return TaggedPlace(**values, lat=34.85, lon=-82.39, role=role)


def tagged(of: Article, **changed: Any) -> Tagged:
    values: dict[str, Any] = {
        "record_id": of.id,
        "capture_id": of.capture_id,
        "importance": Importance(score=0.5),
        "story_id": of.id,
        "topics": ("expansion",),
        "key_sentence": span(of, of.text.split("\n")[0]) if of.text else None,
        "tagger_version": 1,
    }
    return Tagged(**(values | changed))


def expansion(of: Article, *, places: tuple[int, ...] = (4580543,), **changed: Any) -> Expansion:
    stage = changed.get("stage", "announced")
    values: dict[str, Any] = {
        "id": expansion_id(of.id, changed.get("company", "acme-fiber"), stage, tuple(map(str, places)), 0),
        "record_id": of.id,
        "company": "acme-fiber",
        "company_name": "Acme Fiber",
        "places": places,
        "stage": stage,
    }
    return Expansion(**(values | changed))
