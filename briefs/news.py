"""News of the week by story: what is about the territory, or about a competitor whom it concerns."""

from __future__ import annotations

from collections.abc import Collection

from briefs.desk import Desk
from briefs.gather import WeekFacts
from briefs.reach import Reach
from briefs.rules import rules
from briefs.sentences import article_page, story_claim
from market.records import Article, Claim, Place, Tagged


def story_claims(
    desk: Desk, facts: WeekFacts, reach: Reach, rivals: Collection[str], spoken: Collection[str]
) -> list[Claim]:
    """Return the week's stories for one reader, most important first.

    `spoken` are articles whose build is told elsewhere in the brief; their stories are not told twice.
    """
    found: list[tuple[float, Claim]] = []
    for members in facts.stories.values():
        if any(name in spoken for name in members):
            continue
        fitting = [name for name in members if is_relevant(facts.tags[name], desk, reach, rivals)]
        if fitting:
            lead = facts.articles[fitting[0]]
            score = max(facts.tags[name].importance.score for name in members)
            found.append((score, _claim(lead, members, desk, facts, rivals)))
    found.sort(key=lambda pair: (-pair[0], pair[1].headline, pair[1].key))
    return [claim for _, claim in found]


def is_relevant(tags: Tagged, desk: Desk, reach: Reach, rivals: Collection[str]) -> bool:
    """Say whether an article concerns the reader.

    It is of the trade and about a place of the territory (or its state); or it is about a competitor
    and about no place, the whole country, or a place in or near the territory. A mention is not enough.
    """
    places = [
        place
        for item in tags.places
        if item.role == "about" and (place := desk.gazetteer.place(item.id)) is not None
    ]
    about = {company.id for company in tags.companies if company.role == "about"}
    of_trade = bool(tags.topics or about)
    if of_trade and any(_is_here(place, reach) for place in places):
        return True
    if not about & set(rivals):
        return False
    local = [place for place in places if place.kind != "country"]
    if local:
        return reach.best(local) != "out"
    return tags.importance.score >= rules().news.least_importance_elsewhere


def _is_here(place: Place, reach: Reach) -> bool:
    relation = reach.place(place)
    return relation == "in" or (relation == "near" and place.kind == "state")


def _claim(lead: Article, members: list[str], desk: Desk, facts: WeekFacts, rivals: Collection[str]) -> Claim:
    tags = facts.tags[lead.id]
    page = article_page(lead, facts.captures.get(lead.capture_id))
    copies = [facts.articles[name] for name in members if name != lead.id]
    about = [company for company in tags.companies if company.role == "about"]
    names = [desk.lexicon.name(company.id) for company in about if company.id in rivals]
    return story_claim(
        lead,
        tags.key_sentence if tags.capture_id == lead.capture_id else None,
        tags.story_id,
        [page] if page else [],
        record_ids=[lead.id, *(copy.id for copy in copies)],
        also=[copy.url for copy in copies],
        tags=tags.topics[:2],
        detail=", ".join(names),
    )
