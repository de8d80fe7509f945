"""What `check`, `territory` and `companies` tell the analyst about the settings."""

from __future__ import annotations

from typing import Any

from crowsnest.known import companies
from crowsnest.settings import Settings
from crowsnest.settings_errors import nearest
from market.clock import SystemClock
from market.companies.lexicon import Lexicon
from market.errors import UsageError
from market.places.gazetteer import Gazetteer
from market.places.territory import cover


def check_settings(settings: Settings) -> dict[str, Any]:
    """Return what the settings declare, and every territory word that was not understood."""
    gazetteer = Gazetteer.load()
    misunderstood: list[str] = []
    covered: dict[str, int] = {}
    for territory in settings.territories:
        found = cover(territory, gazetteer)
        covered[territory.id] = len(found.counties)
        misunderstood += [f"territory {territory.id}: {words}" for words in found.misunderstood]
    sources = settings.sources
    disabled = [source.id for source in sources if not source.enabled or not source.terms.allowed]
    lines = [
        f"{settings.path}: good",
        f"  {len(sources)} source(s), {len(disabled)} of them disabled"
        + (f" ({', '.join(disabled)})" if disabled else ""),
        *(f"  territory {name}: {count} counties" for name, count in covered.items()),
        f"  {len(settings.competitor)} competitor(s), {len(settings.subscriber)} subscriber(s)",
        f"  data in {settings.data}",
        *(f"  not understood, {words}" for words in misunderstood),
    ]
    return {
        "settings": str(settings.path),
        "sources": len(sources),
        "disabled": disabled,
        "territories": covered,
        "misunderstood": misunderstood,
        "text": "\n".join(lines),
    }


def cover_of(settings: Settings, name: str) -> dict[str, Any]:
    """Return what a territory covers, county by county."""
    known = {territory.id: territory for territory in settings.territories}
    if name not in known:
        raise UsageError(
            "territory-unknown", f'no territory "{name}" in the settings; {nearest(name, list(known))}'
        )
    gazetteer = Gazetteer.load()
    found = cover(known[name], gazetteer)
    counties = []
    for fips in sorted(found.counties):
        county = gazetteer.county(fips)
        counties.append(
            {"fips": fips, "name": county.name if county else "", "state": county.state if county else ""}
        )
    return {
        "id": name,
        "name": known[name].name or name,
        "counties": counties,
        "misunderstood": list(found.misunderstood),
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


def check_live(settings: Settings) -> list[dict[str, Any]]:
    """Ask each enabled source once, reading at most one article of a feed, and say what it would yield.

    Everything goes into a throw-away market, so the real ledger and archive stay as they are.
    """
    import tempfile
    from pathlib import Path

    from crowsnest.run import Run
    from crowsnest.ship import board

    answers = []
    with tempfile.TemporaryDirectory(prefix="crowsnest-check-") as folder:
        market = settings.market.model_copy(update={"data": Path(folder)})
        tables = tuple(
            table.model_copy(update={"options": table.options.model_copy(update={"max_items": 1})})
            for table in settings.source
        )
        trial = settings.model_copy(update={"market": market, "source": tables})
        with board(trial) as ship:
            this = Run(ship, "check")
            this.collect()
            this.read()
            for source in trial.sources:
                if not source.enabled or not source.terms.allowed:
                    continue
                issues = [
                    issue for issue in ship.ledger.issues(run_id=this.id) if issue.source_id == source.id
                ]
                records = sum(reading.records for reading in ship.ledger.readings(source.id))
                trouble = "; ".join(f"{issue.code}: {issue.message}" for issue in issues)
                answers.append(
                    {
                        "source": source.id,
                        "ok": not any(issue.level == "error" for issue in issues) and records > 0,
                        "records": records,
                        "answer": f"{records} record(s)" + (f"; {trouble}" if trouble else ""),
                    }
                )
    return answers
