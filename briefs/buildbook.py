"""The build book: builds over time, each telling of one build brought together with its quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from briefs.desk import Desk
from briefs.reach import Reach
from briefs.samebuild import Ground, ground_of, holds, places_of
from briefs.telling import Group, Told
from market.ids import digest
from market.records import Build, Telling

FIGURES = ("passings", "route_miles", "investment_cents", "grant_cents", "technology", "funding", "target_on")
_PART = 1.5
"""A build has to be so many times as large as another to hold it as a part."""


def read_builds(
    desk: Desk,
    *,
    companies: Collection[str] = (),
    reach: Reach | None = None,
    stages: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Build]:
    """Return the builds asked for, the latest told first.

    `since` asks for builds told of from then on, with their whole history; what was told from `until` on is
    not looked at. A telling joins a build of the same company on the same ground when figure or story agree,
    or nothing speaks against it (briefs/telling.py).
    """
    groups: list[Group] = []
    by_ground: dict[object, dict[int, Group]] = defaultdict(dict)
    for told in _told(desk, companies, until):
        near = {number: group for key in told.ground.marks() for number, group in by_ground[key].items()}
        joined = [(group.strength(told), group.last, number) for number, group in near.items()]
        strength, _, number = max(joined, default=(0, told.telling.on, 0))
        if not strength:
            number = len(groups)
            groups.append(Group())
        groups[number].add(told)
        for key in told.ground.marks():
            by_ground[key][number] = groups[number]
    builds = _parts(desk, [_build(desk, group.tellings) for group in groups])
    found = [
        build
        for build in builds
        if (since is None or build.last_told >= since)
        and (not stages or build.stage in stages)
        and (reach is None or reach.best(places_of(desk, build.places)) == "in")
    ]
    return sorted(found, key=lambda build: (build.last_told, build.id), reverse=True)


def _told(desk: Desk, companies: Collection[str], until: datetime | None) -> Iterable[Told]:
    """Yield what articles tell, oldest first."""
    facts = [
        fact
        for fact in desk.ledger.expansions(until=until)
        if not companies or fact.company in companies or fact.partner in companies
    ]
    ids = list(dict.fromkeys(fact.record_id for fact in facts))
    articles = {article.id: article for article in desk.ledger.articles(ids)}
    tagged = desk.ledger.tagged(ids)
    for fact in facts:
        article = articles.get(fact.record_id)
        capture = desk.ledger.capture(article.capture_id) if article else None
        if article is None or capture is None:
            continue
        tags = tagged.get(article.id)
        telling = Telling(
            on=article.published_at or capture.fetched_at,
            dated=article.published_at is not None,
            day_only=article.published_day_only,
            article_id=article.id,
            capture_id=article.capture_id,
            title=article.title,
            url=article.url,
            publisher=desk.publisher(article),
            fact=fact,
            corrections=tuple(one.words() for one in tags.corrections) if tags else (),
        )
        yield Told(telling, ground_of(desk, fact.places), tags.story_id if tags else None)


def _parts(desk: Desk, builds: Sequence[Build]) -> list[Build]:
    """Return the builds; a part of a larger one that was told before it says which."""
    grounds = {build.id: ground_of(desk, build.places) for build in builds}
    by_place: dict[object, list[Build]] = defaultdict(list)
    for build in builds:
        for key in grounds[build.id].marks():
            by_place[build.company, key].append(build)
    found = []
    for build in builds:
        near = {
            other.id: other
            for key in grounds[build.id].marks()
            for other in by_place[build.company, key]
            if _is_part(build, other, grounds)
        }
        whole = max(near.values(), key=lambda other: (other.last_told, other.id), default=None)
        found.append(build if whole is None else build.model_copy(update={"part_of": whole.id}))
    return found


def _is_part(build: Build, other: Build, grounds: dict[str, Ground]) -> bool:
    if other.first_told > build.first_told or other.stage == "cancelled":
        return False
    ours, theirs = (max((int(n) for n in b.figures.get("passings", ())), default=0) for b in (build, other))
    return bool(ours) and theirs >= _PART * ours and holds(grounds[other.id], grounds[build.id])


def _build(desk: Desk, group: Sequence[Telling]) -> Build:
    first, last = group[0], group[-1]
    places = tuple(dict.fromkeys(place for told in group for place in told.fact.places))
    company = Counter(told.fact.company for told in group).most_common(1)[0][0]
    known = desk.lexicon.get(company)
    names = (told.fact.company_name for told in group if told.fact.company == company)
    figures: dict[str, tuple[str, ...]] = {}
    for slot in FIGURES:
        values = [str(value) for told in reversed(group) if (value := getattr(told.fact, slot)) is not None]
        if values:
            figures[slot] = tuple(dict.fromkeys(values))
    return Build(
        id="b" + digest(first.fact.id)[:20],
        company=company,
        company_name=known.name if known else next((name for name in names if name), company),
        places=places,
        place_names=tuple(
            f"{place.name}, {place.state}" if place.state and place.kind != "state" else place.name
            for place in places_of(desk, places)
        ),
        stage=Group.stage_of(group),
        first_told=first.on,
        last_told=last.on,
        figures=figures,
        history=tuple(group),
    )
