"""The build book: builds over time, each telling of one build brought together with its quotes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from briefs.builds import agree, overlap, places_of, share
from briefs.desk import Desk
from briefs.reach import Reach
from market.ids import digest
from market.records import Build, Expansion, Telling
from market.records.expansion import Stage

PROGRESS: tuple[Stage, ...] = ("announced", "funded", "permitted", "construction", "live", "cancelled")
FIGURES = ("passings", "route_miles", "investment_cents", "grant_cents", "technology", "funding", "target_on")
_CLOSE = 1.5
"""Two counts of homes this near each other may be one build's, counted twice; further apart they are two."""
_OVER = timedelta(days=365)
"""So long after a build went live or was given up, a new telling is a new build."""


def read_builds(
    desk: Desk,
    *,
    companies: Collection[str] = (),
    reach: Reach | None = None,
    stages: Collection[str] = (),
    since: datetime | None = None,
) -> list[Build]:
    """Return the builds asked for, the latest told first.

    `since` asks for builds told of from then on, with their whole history. A telling joins a build of the
    same company on the same ground when figure or story agree, or nothing speaks against it.
    """
    groups: list[list[Telling]] = []
    stories: dict[str, str] = {}
    for telling in _tellings(desk, companies, stories):
        home = next((group for group in reversed(groups) if _joins(telling, group, desk, stories)), None)
        if home is None:
            groups.append([telling])
        else:
            home.append(telling)
    builds = [_build(desk, group) for group in groups]
    found = [
        build
        for build in builds
        if (since is None or build.last_told >= since)
        and (not stages or build.stage in stages)
        and (reach is None or reach.best(places_of(desk, build.places)) == "in")
    ]
    return sorted(found, key=lambda build: (build.last_told, build.id), reverse=True)


def _tellings(desk: Desk, companies: Collection[str], stories: dict[str, str]) -> Iterable[Telling]:
    """Yield what articles tell, oldest first; `stories` learns each article's story."""
    facts = [fact for fact in desk.ledger.expansions() if not companies or fact.company in companies]
    ids = list(dict.fromkeys(fact.record_id for fact in facts))
    articles = {article.id: article for article in desk.ledger.articles(ids)}
    stories.update({name: tags.story_id for name, tags in desk.ledger.tagged(ids).items()})
    for fact in facts:
        article = articles.get(fact.record_id)
        capture = desk.ledger.capture(article.capture_id) if article else None
        if article is None or capture is None:
            continue
        yield Telling(
            on=article.published_at or capture.fetched_at,
            dated=article.published_at is not None,
            article_id=article.id,
            capture_id=article.capture_id,
            title=article.title,
            url=article.url,
            publisher=desk.publisher(article),
            fact=fact,
        )


def _joins(telling: Telling, group: Sequence[Telling], desk: Desk, stories: dict[str, str]) -> bool:
    fact, last = telling.fact, group[-1]
    if fact.company != last.fact.company or not any(overlap(fact, told.fact, desk) for told in group):
        return False
    if _stage(group) in ("live", "cancelled") and telling.on - last.on > _OVER:
        return False
    if any(stories.get(telling.article_id) == stories.get(told.article_id) for told in group):
        return not any(_far_apart(fact, told.fact) for told in group)
    return any(share(fact, told.fact) for told in group) or all(
        agree(fact, told.fact) or not _far_apart(fact, told.fact) for told in group
    )


def _far_apart(first: Expansion, second: Expansion) -> bool:
    """Tell whether two counts of homes are too different to be one build's."""
    if not first.passings or not second.passings:
        return False
    return max(first.passings, second.passings) > _CLOSE * min(first.passings, second.passings)


def _stage(group: Sequence[Telling]) -> Stage:
    """Return the furthest stage told; a late copy of an old announcement does not take a build back."""
    given_up = max((told.on for told in group if told.fact.stage == "cancelled"), default=None)
    going = [told for told in group if told.fact.stage != "cancelled"]
    if given_up is not None and all(told.on <= given_up for told in going):
        return "cancelled"
    after = [told for told in going if given_up is None or told.on > given_up]
    return max((told.fact.stage for told in after), key=PROGRESS.index)


def _build(desk: Desk, group: Sequence[Telling]) -> Build:
    first, last = group[0], group[-1]
    places = tuple(dict.fromkeys(place for told in group for place in told.fact.places))
    known = desk.lexicon.get(first.fact.company)
    figures: dict[str, tuple[str, ...]] = {}
    for slot in FIGURES:
        values = [str(value) for told in reversed(group) if (value := getattr(told.fact, slot)) is not None]
        if values:
            figures[slot] = tuple(dict.fromkeys(values))
    return Build(
        id="b" + digest(first.fact.id)[:20],
        company=first.fact.company,
        company_name=known.name if known else first.fact.company_name or first.fact.company,
        places=places,
        place_names=tuple(
            f"{place.name}, {place.state}" if place.state and place.kind != "state" else place.name
            for place in places_of(desk, places)
        ),
        stage=_stage(group),
        first_told=first.on,
        last_told=last.on,
        figures=figures,
        history=tuple(group),
    )
