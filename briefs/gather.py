"""What happened in a week or longer, gathered once and told to every reader from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from briefs.changes import PriceChange
from briefs.desk import Desk
from briefs.pages import page_of
from briefs.rules import WeekRules, rules
from briefs.week import Period
from market.records import Article, Capture, Citation, Expansion, PlanMove, PlanSeries, Source, Tagged

_DAY = timedelta(days=1)
_UNTOLD = frozenset({"correction", "terms"})
"""Moves that stand in the price book only."""


@dataclass
class WeekFacts:
    """The raw material of a week or of a sheet's longer period; nothing here is yet chosen or worded."""

    week: Period
    prices: list[PriceChange] = field(default_factory=list)
    pages: dict[str, Citation] = field(default_factory=dict)
    """Citations of the captures behind the price changes."""
    articles: dict[str, Article] = field(default_factory=dict)
    """Articles that a reader should learn of this week, by id."""
    captures: dict[str, Capture] = field(default_factory=dict)
    """The captures of these articles, by id."""
    tags: dict[str, Tagged] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    """Story id to all its articles, those of other weeks too."""
    stories: dict[str, list[str]] = field(default_factory=dict)
    """Story id to its new articles, oldest first; stories that an earlier brief could tell are left out."""
    expansions: list[Expansion] = field(default_factory=list)
    earlier: list[Expansion] = field(default_factory=list)
    """Facts told by articles that were there before the week."""
    articles_new: int = 0
    """How many of the articles were first seen in this week, or on the morning after it."""
    offers_read: int = 0
    """List prices on the last page of each source that was read in the week."""


def gather(desk: Desk, week: Period, limits: WeekRules | None = None) -> WeekFacts:
    """Read the ledger for one week."""
    limits = limits or rules().week
    facts = WeekFacts(week)
    _prices(desk, facts)
    seen = _first_seen(desk, week, limits)
    for article in desk.ledger.articles(
        since=week.start - _DAY * (limits.late_days + 1), until=week.end + _DAY
    ):
        capture = seen.captures.get(article.capture_id) or desk.ledger.capture(article.capture_id)
        if capture is None:
            continue
        first = seen.by_url.get(capture.url, capture.fetched_at)
        watched = seen.since.get(article.source_id, first) < week.start
        if _belongs(article, first, watched, week, limits):
            facts.articles[article.id] = article
            facts.captures[capture.id] = capture
            facts.articles_new += first >= week.start + (week.horizon - week.end)
    facts.tags = desk.ledger.tagged(facts.articles)
    _stories(desk, facts, seen, limits)
    facts.expansions = [
        item
        for record_id in facts.articles
        if (tags := facts.tags.get(record_id)) is not None
        for item in tags.expansions
    ]
    since = week.start - _DAY * limits.build_memory_days
    earlier = desk.ledger.expansions(since=since, until=week.end)
    facts.earlier = [item for item in earlier if item.record_id not in facts.articles]
    return facts


def _prices(desk: Desk, facts: WeekFacts) -> None:
    week = facts.week
    sources = {source.id: source for source in desk.sources if source.kind != "feed"}
    for source_id in sources:
        facts.offers_read += desk.ledger.offers_seen(source_id, week.start, week.horizon)
    moved = [
        (plan, move)
        for plan in desk.ledger.plans(sources, moved_since=week.start)
        for move in plan.moves
        if move.kind not in _UNTOLD and _happened(move, week)
    ]
    offers = desk.ledger.offers_by_id(_offer_ids(moved))
    captures: dict[str, Capture | None] = {}

    def page(capture_id: str, source: Source) -> None:
        if capture_id not in captures:
            captures[capture_id] = desk.ledger.capture(capture_id)
        capture = captures[capture_id]
        if capture is not None:
            facts.pages[capture_id] = page_of(capture, source.publisher)

    order = {source_id: number for number, source_id in enumerate(sources)}
    moved.sort(key=lambda pair: (pair[1].seen_at, order[pair[0].source_id], pair[0].offer.plan_key))
    for plan, move in moved:
        source = sources[plan.source_id]
        page(move.seen_capture, source)
        before, after = (offers.get(name or "") for name in (move.before_offer, move.after_offer))
        if captures[move.seen_capture] is None or (before is None and after is None):
            continue
        facts.prices.append(
            PriceChange(
                move=move,
                before=before,
                after=after,
                history=tuple(offers[name] for name in _history(plan, move) if name in offers),
            )
        )
        for offer in (before, after):
            if offer is not None:
                page(offer.capture_id, source)


def _history(plan: PlanSeries, move: PlanMove) -> list[str]:
    """Return the observations that began the plan's terms up to a move, oldest first."""
    return [point.offer_id for point in plan.points if point.first_seen <= move.seen_at]


def _offer_ids(moved: Iterable[tuple[PlanSeries, PlanMove]]) -> set[str]:
    ids = {name for _, move in moved for name in (move.before_offer, move.after_offer) if name}
    return ids.union(*(_history(plan, move) for plan, move in moved))


def _happened(move: PlanMove, week: Period) -> bool:
    """Say whether a change was seen in the week, or soon after it and may have happened in it."""
    at = move.seen_at
    return week.has(at) or (week.end <= at < week.horizon and (move.since is None or move.since < week.end))


@dataclass
class _Seen:
    captures: dict[str, Capture]
    since: dict[str, datetime]
    """When a source was first captured, by its id."""
    by_url: dict[str, datetime]
    """When a page was first captured, by the URL that was asked for."""


def _first_seen(desk: Desk, week: Period, limits: WeekRules) -> _Seen:
    since = week.start - _DAY * limits.story_memory_days
    known = desk.ledger.captures(since=since)
    sources: dict[str, datetime] = {}
    for capture in known:
        sources.setdefault(capture.source_id, capture.fetched_at)
    held = [item for item in known if item.reader == "article"]
    by_url: dict[str, datetime] = {}
    for capture in held:
        by_url.setdefault(capture.url, capture.fetched_at)
    return _Seen({capture.id: capture for capture in held}, sources, by_url)


def _belongs(article: Article, first_seen: datetime, watched: bool, week: Period, limits: WeekRules) -> bool:
    """Say whether a reader should learn of an article this week.

    Published in the week; or first seen in it (or the morning after) and either without a date, or not much
    older and from a source that was watched before: what a new source brings along is no news.
    """
    seen_in_time = week.start <= first_seen < week.horizon
    if article.published_at is None:
        return seen_in_time
    published = week.day_of(article.published_at, article.published_day_only)
    if week.has_day(published):
        return True
    oldest = week.first_day - timedelta(days=limits.late_days)
    return watched and seen_in_time and oldest <= published < week.first_day


def _stories(desk: Desk, facts: WeekFacts, seen: _Seen, limits: WeekRules) -> None:
    """Group the week's articles by story, without stories whose copy was there for an earlier brief."""
    groups: dict[str, list[str]] = {}
    for record_id, tags in facts.tags.items():
        groups.setdefault(tags.story_id, []).append(record_id)
    for story_id, members in groups.items():
        facts.members[story_id] = desk.ledger.story(story_id)
        others = [name for name in facts.members[story_id] if name not in facts.articles]
        if not _told_before(desk, desk.ledger.articles(others) if others else [], facts.week, seen, limits):
            facts.stories[story_id] = sorted(members, key=lambda name: _order(facts.articles[name], facts))


def _told_before(desk: Desk, others: Iterable[Article], week: Period, seen: _Seen, limits: WeekRules) -> bool:
    oldest = week.start - _DAY * limits.story_memory_days
    for article in others:
        capture = seen.captures.get(article.capture_id) or desk.ledger.capture(article.capture_id)
        first = seen.by_url.get(capture.url, capture.fetched_at) if capture else None
        day = article.published_at or first
        if first is not None and first < week.start and day is not None and oldest <= day < week.start:
            return True
    return False


def _order(article: Article, facts: WeekFacts) -> tuple[datetime, str]:
    return (article.published_at or facts.captures[article.capture_id].fetched_at, article.id)
