"""Records for the ledger's tests, built from what each test cares about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from market.ids import article_id, capture_id, expansion_id, offer_id, text_sha256
from market.records import (
    Article,
    Capture,
    Evidence,
    Expansion,
    Importance,
    Issue,
    Link,
    Offer,
    Reading,
    Tagged,
    TextSpan,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def at(day: int, hour: int = 12) -> datetime:
    return NOON.replace(day=day, hour=hour)


def capture(offset: int, when: datetime = NOON, **more: Any) -> Capture:
    values = {
        "id": capture_id("one.warc.gz", offset),
        "source_id": "acme",
        "run_id": "run-1",
        "url": "https://acme.example/plans",
        "final_url": "https://acme.example/plans",
        "fetched_at": when,
        "status": 200,
        "sha256": f"{offset:064}",
        "warc_file": "one.warc.gz",
        "warc_offset": offset,
        "changed": True,
        "reader": "offers",
    }
    return Capture(**{**values, **more})


def link(url: str, when: datetime = NOON, **more: Any) -> Link:
    return Link(source_id="acme", url=url, seen_at=when, **more)


def reading(of: Capture, version: int = 1, **more: Any) -> Reading:
    values = {"outcome": "read", "records": 1, "read_at": of.fetched_at}
    return Reading(capture_id=of.id, reader=str(of.reader), reader_version=version, **{**values, **more})


def offer(of: Capture, plan: str = "gig", cents: int | None = 7000, **more: Any) -> Offer:
    return Offer(
        id=offer_id(of.id, plan, plan, "fiber"),
        capture_id=of.id,
        source_id=of.source_id,
        company=more.pop("company", "acme"),
        plan_key=plan,
        plan_name=plan.title(),
        technology="fiber",
        monthly_cents=cents,
        observed_at=of.fetched_at,
        **more,
    )


def article(of: Capture, text: str = "Acme builds in Aurora.", **more: Any) -> Article:
    return Article(
        id=article_id(of.url),
        capture_id=of.id,
        source_id=of.source_id,
        url=of.url,
        title=more.pop("title", "Acme builds"),
        text=text,
        text_sha256=text_sha256(text),
        **more,
    )


def tagged(of: Article, version: int = 1, stages: tuple[str, ...] = (), **more: Any) -> Tagged:
    facts = tuple(
        Expansion(
            id=expansion_id(of.id, "acme", stage, (), 0),
            record_id=of.id,
            company="acme",
            stage=stage,
            evidence=(
                Evidence(
                    capture_id=of.capture_id,
                    record_id=of.id,
                    quote=of.text,
                    where=TextSpan(text_sha256=of.text_sha256, start=0, end=len(of.text)),
                    reader="article",
                    reader_version=1,
                ),
            ),
        )
        for stage in stages
    )
    values = {"importance": Importance(score=0.5), "story_id": of.id, "expansions": facts}
    return Tagged(record_id=of.id, capture_id=of.capture_id, tagger_version=version, **{**values, **more})


def issue(message: str = "the page is gone", **more: Any) -> Issue:
    values = {"run_id": "run-1", "stage": "collect", "code": "http-404", "source_id": "acme", "at": NOON}
    return Issue(message=message, **{**values, **more})
