"""What the briefs work with: memory, what is known beforehand, and whose market it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from briefs.pages import host
from briefs.reach import Reach
from index.ledger import Ledger
from market.companies.lexicon import Lexicon
from market.errors import UsageError
from market.places.gazetteer import Gazetteer
from market.records import Article, Source, Subscriber, Territory


@dataclass(frozen=True)
class Follows:
    """Whom a reader follows on a day."""

    rivals: frozenset[str]
    ours: frozenset[str]
    named: bool
    """True when she names her competitors herself: then others are left out of everything."""

    def has(self, company: str) -> bool:
        """Say whether a competitor's doings concern her."""
        return company not in self.ours and (not self.named or company in self.rivals)

    def any_of(self, companies: Collection[str]) -> bool:
        """Say whether one of the companies an article is about is one she follows, or our own."""
        return not self.named or bool(set(companies) & (self.rivals | self.ours))


@dataclass
class Desk:
    """One market's editorial desk. Territories are worked out once and kept."""

    ledger: Ledger
    lexicon: Lexicon
    gazetteer: Gazetteer
    market_name: str
    zone: tzinfo
    own_company: str
    sources: Sequence[Source] = ()
    territories: Sequence[Territory] = ()
    companies: Sequence[str] = ()
    """Ids of the competitors that the settings name; empty means every provider of the lexicon."""
    _reaches: dict[tuple[str, ...], Reach] = field(default_factory=dict)

    def reach(self, territory_ids: Sequence[str] = ()) -> Reach:
        """Return the reach of the named territories, of all when none is named."""
        key = tuple(territory_ids)
        if key not in self._reaches:
            known = {territory.id: territory for territory in self.territories}
            missing = [name for name in key if name not in known]
            if missing:
                raise UsageError(
                    "territory-unknown",
                    f"no [[territory]] has the id {missing[0]}; known: {', '.join(known)}",
                )
            chosen = [known[name] for name in key] if key else list(self.territories)
            self._reaches[key] = Reach(chosen, self.gazetteer)
        return self._reaches[key]

    def elsewhere(self, territory_ids: Sequence[str]) -> Reach | None:
        """Return the reach of the market's other territories, None when there are none."""
        others = [item.id for item in self.territories if territory_ids and item.id not in territory_ids]
        return self.reach(tuple(others)) if others else None

    def our_side(self, day: date) -> frozenset[str]:
        """Return the ids of our own company and of everyone under the same owner on `day`."""
        return self.lexicon.group(self.own_company, day)

    def rivals(self, subscriber: Subscriber | None, day: date) -> frozenset[str]:
        """Return a subscriber's competitors on `day`: hers, else the settings', with their groups."""
        named = tuple(subscriber.competitors if subscriber else ()) or tuple(self.companies)
        if named:
            ids = frozenset().union(*(self.lexicon.group(name, day) for name in named))
        else:
            ids = frozenset(company.id for company in self.lexicon if company.kind == "provider")
        return ids - self.our_side(day)

    def follows(self, subscriber: Subscriber | None, day: date) -> Follows:
        """Return whom a subscriber follows on `day`; without one, everybody."""
        named = bool(subscriber and subscriber.competitors)
        return Follows(self.rivals(subscriber, day), self.our_side(day), named)

    def publisher(self, article: Article) -> str:
        """Return who published an article: as its source is set up, else as the page says, else its site."""
        source = next((source for source in self.sources if source.id == article.source_id), None)
        return (source.publisher if source else "") or article.publisher or host(article.url)

    def owner_of(self, source_id: str) -> str | None:
        """Return the company whose own source it is, None for a paper or a source that has left."""
        return next((source.company for source in self.sources if source.id == source_id), None)
