"""The weekly brief: what one subscriber should know of one week, every line through the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from briefs.buildbook import read_builds
from briefs.builds import build_claims
from briefs.claims import Gate, Refusal
from briefs.corrected import with_corrections
from briefs.coverage import source_checks
from briefs.desk import Desk, Follows
from briefs.gather import WeekFacts, gather
from briefs.news import story_claims
from briefs.pricebook import BookPlan, read_book
from briefs.prices import price_claims
from briefs.progress import Progress
from briefs.rates import rate_claims
from briefs.reach import Reach
from briefs.retellings import fold_into_builds
from briefs.rules import rules
from briefs.week import Week
from market.ids import brief_id
from market.records import Brief, Claim, Coverage, Issue, Offer, Section, SourceCheck, Subscriber
from market.records.brief import SectionId

TITLES: dict[SectionId, str] = {
    "prices": "Price moves",
    "rates": "Our prices beside theirs",
    "builds": "Builds",
    "news": "News",
}
_STANDING: frozenset[SectionId] = frozenset({"rates"})
"""Sections that say how things stand: what they told last week they may tell again."""


@dataclass
class Composed:
    """A brief and the claims that the gate kept out of it."""

    brief: Brief
    refused: list[Refusal]
    fresh: bool = True
    """False for a stored brief that was not made anew."""


class Weekly:
    """One week's briefs. The week is gathered once; each subscriber's choice is made from it."""

    def __init__(self, desk: Desk, week: Week) -> None:
        """Read nothing yet: the first brief that has to be made does."""
        self.desk, self.week = desk, week
        self.gate = Gate(desk.ledger, desk.lexicon.name)
        self._rates: dict[tuple[Reach, frozenset[str], frozenset[str]], list[Claim]] = {}

    @cached_property
    def book(self) -> list[BookPlan]:
        """The price book as it stood when the week was over."""
        return read_book(self.desk, listed_only=True, until=self.week.horizon)

    @cached_property
    def facts(self) -> WeekFacts:
        """What happened in the week."""
        return gather(self.desk, self.week)

    @cached_property
    def progress(self) -> Progress:
        """The build book as it stood when the week was over, of the companies that the week tells of."""
        companies = {fact.company for fact in self.facts.expansions}
        book = read_builds(self.desk, companies=companies, until=self.week.horizon) if companies else []
        return Progress(self.desk, book)

    @cached_property
    def corrected(self) -> dict[str, Offer]:
        """The offers that the analyst corrected, by id."""
        return self.desk.ledger.corrected_offers()

    @cached_property
    def checks(self) -> tuple[SourceCheck, ...]:
        """How the sources stood."""
        return source_checks(self.desk, self.week)

    def publish(
        self,
        subscriber: Subscriber,
        now: datetime,
        *,
        note: Callable[[Issue], None],
        again: bool = False,
    ) -> Composed:
        """Return the subscriber's stored brief, or compose and store it.

        A brief made after its week was over stays as it is, so that what she read can be found again;
        `again` makes it anew. `note` is told of each refused claim before the brief is stored: a run that is
        killed between the two loses none.
        """
        stored = self.desk.ledger.brief(brief_id(subscriber.id, self.week.id))
        if stored is not None and is_final(stored, self.week) and not again:
            return Composed(stored, [], fresh=False)
        composed = self.compose(subscriber, now)
        for refusal in composed.refused:
            note(refusal.issue())
        self.desk.ledger.save_brief(composed.brief)
        return composed

    def compose(self, subscriber: Subscriber, now: datetime) -> Composed:
        """Return one subscriber's brief. What another week's stored brief told her is not told again."""
        reach = self.desk.reach(subscriber.territories)
        told, told_records = self._told(subscriber)
        follows = self.desk.follows(subscriber, self.week.last_day)
        others = self.desk.elsewhere(subscriber.territories)
        refused: list[Refusal] = []
        spoken = set(told_records)
        held: dict[SectionId, list[Claim]] = {}
        for name in TITLES:
            if name not in subscriber.sections:
                continue
            wanted = self._wanted(name, reach, others, follows, spoken)
            held[name], bad = self.gate.admit(
                claim for claim in wanted if name in _STANDING or claim.key not in told
            )
            refused += bad
            if name == "builds":
                # A build that the gate refused may still be told as news; one told, now or before, may not.
                kept_out = {refusal.claim.key for refusal in bad}
                spoken |= {record for c in wanted if c.key not in kept_out for record in c.record_ids}
        if "builds" in held and "news" in held:
            held["builds"], held["news"] = fold_into_builds(held["builds"], held["news"], self.facts)
        sections = [
            self._section(name, with_corrections(claims, self.facts.tags, self.corrected))
            for name, claims in held.items()
        ]
        return Composed(self._brief(subscriber, sections, len(refused), now), refused)

    def _section(self, name: SectionId, claims: Sequence[Claim]) -> Section:
        most = {"news": rules().news.most, "rates": rules().rates.most}.get(name, len(claims))
        return Section(
            id=name,
            title=TITLES[name],
            claims=tuple(claims[:most]),
            left_out=max(0, len(claims) - most),
            empty="" if claims else self._empty(name),
        )

    def _wanted(
        self, name: SectionId, reach: Reach, others: Reach | None, follows: Follows, spoken: set[str]
    ) -> list[Claim]:
        if name == "prices":
            return price_claims(self.desk, self.facts, reach, follows.rivals)
        if name == "rates":
            key = (reach, follows.ours, follows.rivals)
            if key not in self._rates:
                self._rates[key] = rate_claims(self.desk, self.book, *key)
            return self._rates[key]
        if name == "builds":
            return build_claims(self.desk, self.facts, reach, follows, others=others, progress=self.progress)
        return story_claims(self.desk, self.facts, reach, follows, spoken)

    def _brief(
        self, subscriber: Subscriber, sections: Sequence[Section], refused: int, now: datetime
    ) -> Brief:
        return Brief(
            id=brief_id(subscriber.id, self.week.id),
            subscriber_id=subscriber.id,
            subscriber_name=subscriber.name,
            market_name=self.desk.market_name,
            week=self.week.id,
            starts_on=self.week.first_day.isoformat(),
            ends_on=self.week.last_day.isoformat(),
            sections=tuple(sections),
            coverage=Coverage(
                sources=self.checks,
                articles_read=self.facts.articles_new,
                offers_read=self.facts.offers_read,
                refused=refused,
            ),
            generated_at=now,
        )

    def _empty(self, name: SectionId) -> str:
        """Return what an empty section says: how much was looked at, and that it held nothing."""
        if name == "rates":
            return "No price of ours and of a competitor is for the same segment and the same speeds."
        kinds = {"prices": ("page", "labels"), "builds": ("feed",), "news": ("feed",)}[name]
        known = {source.id: source.kind for source in self.desk.sources}
        mine = [check for check in self.checks if known.get(check.source_id) in kinds]
        seen = sum(self._seen(check) for check in mine)
        what = {
            "prices": "No price of a competitor moved",
            "builds": "No build in the territory was told of",
            "news": "No story about the territory or its competitors",
        }[name]
        source = "price source" if name == "prices" else "news source"
        if not mine:
            return f"Nothing to report: no {source} is set up."
        if not seen:
            return f"Nothing can be said: none of the {len(mine)} {source}s could be read this week."
        return f"{what} this week, in {seen} of {len(mine)} {source}s read."

    def _seen(self, check: SourceCheck) -> bool:
        """Say whether a source gave something to read in the week, whatever came after."""
        within = check.last_good is not None and check.last_good >= self.week.start
        return within or check.state == "checked"

    def _told(self, subscriber: Subscriber) -> tuple[set[str], set[str]]:
        """Return keys and records of all claims in this subscriber's stored briefs of the weeks around."""
        span = rules().week.told_weeks
        keys: set[str] = set()
        records: set[str] = set()
        for shift in (*range(-span, 0), *range(1, span + 1)):
            brief = self.desk.ledger.brief(brief_id(subscriber.id, self.week.shifted(shift).id))
            if brief is not None:
                keys.update(claim.key for claim in brief.claims())
                records.update(record for claim in brief.claims() for record in claim.record_ids)
        return keys, records


def is_final(brief: Brief, week: Week) -> bool:
    """Say whether a stored brief was made after its week was over: then it is not made anew."""
    return brief.generated_at >= week.end
