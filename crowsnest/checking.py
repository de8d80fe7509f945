"""What `check` and `companies` tell the analyst about the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crowsnest.correction_names import Names
from crowsnest.corrections import path_of, read_corrections
from crowsnest.known import companies
from crowsnest.settings import Settings
from crowsnest.ship import Progress, board, silent
from market.clock import SystemClock
from market.companies.lexicon import Lexicon
from market.places.gazetteer import Gazetteer
from market.places.territory import cover
from market.records import Offer
from market.services import plan_label

if TYPE_CHECKING:
    from index.ledger import Ledger

MOST_SHOWN = 3
NO_SOURCE = '  nothing to collect yet: add a [[source]] table, or use = ["catalog id", ...]'


def check_settings(settings: Settings) -> dict[str, Any]:
    """Return what the settings declare, and every territory word that was not understood."""
    gazetteer = Gazetteer.load()
    misunderstood: list[str] = []
    covered: dict[str, int] = {}
    for territory in settings.territories:
        found = cover(territory, gazetteer)
        covered[territory.id] = len(found.counties)
        misunderstood += [f"territory {territory.id}: {words}" for words in found.misunderstood]
    kept = read_corrections(settings, Names(companies(settings), gazetteer))
    sources = settings.sources
    disabled = [source.id for source in sources if not source.enabled or not source.terms.allowed]
    lines = [
        f"{settings.path}: good",
        f"  {len(sources)} source(s), {len(disabled)} of them disabled"
        + (f" ({', '.join(disabled)})" if disabled else ""),
        *([] if sources else [NO_SOURCE]),
        *(f"  territory {name}: {count} counties" for name, count in covered.items()),
        f"  {len(settings.competitor)} competitor(s), {len(settings.subscriber)} subscriber(s)",
        f"  data in {settings.data}",
        *([f"  {len(kept)} correction(s) in {path_of(settings)}"] if kept else []),
        *(f"  not understood, {words}" for words in misunderstood),
    ]
    return {
        "settings": str(settings.path),
        "sources": len(sources),
        "disabled": disabled,
        "territories": covered,
        "corrections": len(kept),
        "misunderstood": misunderstood,
        "text": "\n".join(lines),
    }


def company_lines(settings: Settings | None) -> list[dict[str, Any]]:
    """Return the companies known, each with its owner today."""
    lexicon = companies(settings) if settings else Lexicon.load()
    today = SystemClock().now().date()
    found = []
    for company in sorted(lexicon, key=lambda entry: str(entry.id)):
        owner = lexicon.owner_on(company.id, today)
        found.append(
            {"id": company.id, "name": company.name, "owner": lexicon.name(owner) if owner else None}
        )
    return found


def catalog_lines() -> list[dict[str, Any]]:
    """Return the shipped sources, with the reason beside each one that is disabled."""
    from crawlers.sources import catalog

    return [
        {
            "id": source.id,
            "kind": source.kind,
            "url": source.url,
            "enabled": source.enabled and source.terms.allowed,
            "note": source.terms.note,
        }
        for source in catalog()
    ]


def check_live(settings: Settings, progress: Progress = silent) -> list[dict[str, Any]]:
    """Ask each enabled source once, reading at most one article of a feed, and say what it would yield.

    Everything goes into a throw-away market, so the real ledger and archive stay as they are.
    """
    import tempfile
    from pathlib import Path

    from crowsnest.run import Run
    from crowsnest.settings_tables import LedgerTable, SourceTable

    with tempfile.TemporaryDirectory(prefix="crowsnest-check-") as folder:
        tables = tuple(
            SourceTable(**dict(source) | {"options": source.options.model_copy(update={"max_items": 1})})
            for source in settings.sources
            if source.enabled and source.terms.allowed
        )
        changed = {
            "market": settings.market.model_copy(update={"data": Path(folder)}),
            "ledger": LedgerTable(),
            "use": (),
            "source": tables,
        }
        with board(settings.model_copy(update=changed), progress=progress) as ship:
            this = Run(ship, "check")
            this.collect()
            this.read()
            return [_live_answer(ship.ledger, source.id) for source in tables]


def _live_answer(ledger: Ledger, source: str) -> dict[str, Any]:
    captures = {capture.id for capture in ledger.captures(source)}
    found = [
        f"{article.title!r}, {article.published_at.date() if article.published_at else 'undated'}"
        for article in ledger.articles()
        if article.capture_id in captures
    ]
    found += [_offer_words(offer) for offer in ledger.offers(source_id=source)]
    issues = ledger.issues(source_id=source)
    more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    troubles = "; ".join(f"{issue.code}: {issue.message}" for issue in issues)
    return {
        "source": source,
        "ok": bool(found) and not any(issue.level == "error" for issue in issues),
        "records": len(found),
        "answer": "; ".join(filter(None, ("; ".join(found[:MOST_SHOWN]) + more or "nothing", troubles))),
    }


def _offer_words(offer: Offer) -> str:
    price = (
        "no price"
        if offer.monthly_cents is None
        else f"{'from ' if offer.price_from else ''}${offer.monthly_cents / 100:,.2f} a month"
    )
    return f"{plan_label(offer) if offer.plan_name else offer.plan_key}, {price}"
