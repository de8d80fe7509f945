"""A small market in a real ledger: what the tests of weekly briefs and meeting sheets read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from briefs.desk import Desk
from briefs.follow import follow_plans
from index.ledger import Ledger
from market.companies.lexicon import Company, Lexicon
from market.places.gazetteer import Gazetteer
from market.records import Article, Capture, Issue, Offer, Source, Subscriber, Tagged, Territory
from market.records.source import SourceOptions
from tests.briefs.build import capture, offer, reading, tagged

EASTERN = ZoneInfo("America/New_York")
UPSTATE = Territory(
    id="upstate", name="Upstate", counties=("Greenville County, SC", "Spartanburg County, SC")
)
READER = Subscriber(
    id="dana",
    name="Dana Reyes",
    email="dana@example.com",
    territories=("upstate",),
    competitors=("acme-fiber",),
)
SOURCES = (
    Source(
        id="acme-plans",
        kind="page",
        url="https://acme-plans.example/plans",
        company="acme-fiber",
        publisher="Acme Fiber plan page",
        options=SourceOptions(segment="residential", market=("Greenville, SC",)),
    ),
    Source(
        id="upstate-ledger",
        kind="feed",
        url="https://upstate-ledger.example/feed",
        publisher="Upstate Ledger",
    ),
)


class World:
    """Writes records as the stages would, and opens a desk on them."""

    def __init__(self, folder: Path, sources: Sequence[Source] = SOURCES) -> None:
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite'}")
        self.ledger.migrate()
        extra = [
            Company(id="acme-fiber", name="Acme Fiber"),
            Company(id="harbor-cable", name="Harbor Cable"),
            Company(id="our-net", name="OurNet", owners=()),
        ]
        self.desk = Desk(
            ledger=self.ledger,
            lexicon=Lexicon.load(extra),
            gazetteer=Gazetteer.load(),
            market_name="Upstate South Carolina",
            zone=EASTERN,
            own_company="our-net",
            sources=sources,
            territories=(UPSTATE,),
            companies=("acme-fiber", "harbor-cable"),
        )

    def look(self, at: datetime, *plans: dict[str, Any], source: str = "acme-plans", **of: Any) -> Capture:
        """One reading of a plan page."""
        held = capture(at, source=source)
        self.ledger.capture(held)
        self.offers(held, [offer(held, **plan) for plan in plans], **of)
        return held

    def offers(self, held: Capture, offers: Sequence[Offer], **of: Any) -> None:
        self.ledger.record_reading(reading(held, **of), offers, ())
        follow_plans(self.ledger, self.desk.sources)

    def tell(self, told: tuple[Capture, Article], **tags: Any) -> Article:
        """One captured, read and tagged article."""
        held, article = told
        self.ledger.capture(held)
        self.ledger.record_reading(reading(held), [article], ())
        self.ledger.record_tagged([self.tags(article, **tags)])
        return article

    def tags(self, article: Article, **changed: Any) -> Tagged:
        return tagged(article, **changed)

    def feed(self, at: datetime, source: str = "upstate-ledger", **changed: Any) -> Capture:
        """One look at a feed."""
        url = f"https://{source}.example/feed"
        held = capture(at, source=source, url=url, **({"reader": "feed"} | changed))
        self.ledger.capture(held)
        return held

    def trouble(self, code: str, at: datetime, source: str, url: str | None = None) -> None:
        self.ledger.issue(
            Issue(run_id="r", stage="collect", code=code, source_id=source, url=url, message=code, at=at)
        )
