"""News of the week by story: what is about the territory, or about a competitor whom it concerns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from briefs.claims import figures
from briefs.desk import Desk, Follows
from briefs.gather import WeekFacts
from briefs.pages import article_page
from briefs.reach import Reach
from briefs.rules import rules
from briefs.sentences import story_claim
from market.records import Article, Claim, Tagged

_TELLING = 30
"""Smaller figures (a number of towns, of months) stand in any two texts."""


def story_claims(
    desk: Desk, facts: WeekFacts, reach: Reach, follows: Follows, spoken: Collection[str]
) -> list[Claim]:
    """Return the week's stories for one reader, most important first.

    `spoken` are articles that are told already, here or in another week's brief; their stories are left out.
    """
    found: list[tuple[float, Claim]] = []
    for story_id, members in facts.stories.items():
        if any(name in spoken for name in facts.members[story_id]):
            continue
        fitting = [name for name in members if is_relevant(facts, name, desk, reach, follows)]
        if fitting:
            lead = facts.articles[fitting[0]]
            score = max(facts.tags[name].importance.score for name in members)
            found.append((score, _claim(lead, members, desk, facts, follows.rivals)))
    found.sort(key=lambda pair: (-pair[0], pair[1].headline, pair[1].key))
    return _without_retellings([claim for _, claim in found], facts)


def fold_into_builds(
    builds: Sequence[Claim], stories: Sequence[Claim], facts: WeekFacts
) -> tuple[list[Claim], list[Claim]]:
    """Link stories that tell of a build in the same brief to its claim; return the builds and other stories.

    A story tells of a build when it names the company and a place or figure of it: the trade paper's own
    words on an announcement, or the round of grants that one of them is part of.
    """
    kept = list(builds)
    rest: list[Claim] = []
    for story in stories:
        at = next((n for n, build in enumerate(kept) if _tells_of(story, build, facts)), None)
        if at is None:
            rest.append(story)
        else:
            kept[at] = _linked(kept[at], story)
    return kept, rest


def _tells_of(story: Claim, build: Claim, facts: WeekFacts) -> bool:
    article, tags = facts.articles[story.record_ids[0]], facts.tags[story.record_ids[0]]
    if build.company not in {item.id for item in tags.companies}:
        return False
    teller = next((name for name in build.record_ids if name in facts.tags), None)
    if teller is None:
        return False
    theirs = {item.id for item in facts.tags[teller].places if item.role == "about" and item.kind != "state"}
    here = bool(theirs & {item.id for item in tags.places})
    told = {(figure.value, figure.kind) for figure in figures(build.text) if figure.value >= _TELLING}
    shared = told & {(figure.value, figure.kind) for figure in figures(article.text)}
    return here and bool(shared)


def _linked(lead: Claim, rest: Claim) -> Claim:
    """Return a claim that also names the pages of another."""
    also = dict(zip(lead.also, (*lead.also_by, *[""] * len(lead.also)), strict=False))
    also |= {page.url: page.publisher for page in rest.citations}
    also |= dict(zip(rest.also, (*rest.also_by, *[""] * len(rest.also)), strict=False))
    records = dict.fromkeys((*lead.record_ids, *rest.record_ids))
    return lead.model_copy(
        update={"also": tuple(also), "also_by": tuple(also.values()), "record_ids": tuple(records)}
    )


def _without_retellings(claims: list[Claim], facts: WeekFacts) -> list[Claim]:
    """Fold a story into another of the same companies, place and topic of the same days; it stays linked.

    Papers write their own text on one event, so its stories are no copies of each other. The one whose quotes
    hold most figures leads.
    """
    kept: list[Claim] = []
    for claim in claims:
        at = next((n for n, other in enumerate(kept) if _one_event(claim, other, facts)), None)
        if at is None:
            kept.append(claim)
            continue
        lead, rest = kept[at], claim
        if _figure_count(rest) > _figure_count(lead):
            lead, rest = rest, lead
        kept[at] = _linked(lead, rest)
    return kept


def _figure_count(claim: Claim) -> int:
    return len({figure.value for item in claim.evidence for figure in figures(item.quote)})


def _one_event(first: Claim, second: Claim, facts: WeekFacts) -> bool:
    tags = [facts.tags[claim.record_ids[0]] for claim in (first, second)]
    companies = [{item.id for item in each.companies if item.role == "about"} for each in tags]
    places = [
        {item.id for item in each.places if item.role == "about" and item.kind != "state"} for each in tags
    ]
    apart = (
        abs(first.citations[0].on - second.citations[0].on) if first.citations and second.citations else None
    )
    return (
        bool(companies[0])
        and companies[0] == companies[1]
        and bool(places[0] & places[1])
        and _one_topic(facts, first, second)
        and apart is not None
        and apart <= timedelta(days=rules().news.one_event_days)
    )


def _one_topic(facts: WeekFacts, first: Claim, second: Claim) -> bool:
    """Say whether two stories have their first topic in common, or a telling figure where one has none."""
    topics = [facts.tags[claim.record_ids[0]].topics[:1] for claim in (first, second)]
    if all(topics):
        return topics[0] == topics[1]
    told = [
        {
            (figure.value, figure.kind)
            for figure in figures(facts.articles[claim.record_ids[0]].text)
            if figure.value >= _TELLING
        }
        for claim in (first, second)
    ]
    return bool(told[0] & told[1])


def is_relevant(facts: WeekFacts, article_id: str, desk: Desk, reach: Reach, follows: Follows) -> bool:
    """Say whether an article concerns the reader.

    It is of the trade and about a place of the territory (or only about its state); or it is about a
    competitor and about no place, or the whole country. A mention is not enough, nor is a company that a
    reader with her own list of competitors does not follow.
    """
    tags = facts.tags[article_id]
    places = [
        place
        for item in tags.places
        if item.role == "about" and (place := desk.gazetteer.place(item.id)) is not None
    ]
    about = {company.id for company in tags.companies if company.role == "about"}
    if tags.topics and (owner := desk.owner_of(facts.articles[article_id].source_id)):
        # What a company tells of the trade in its own newsroom it tells of itself, if only as "we".
        about.add(owner)
    if about and not follows.any_of(about):
        return False
    if not _is_of_trade(facts.articles[article_id], tags, bool(about)):
        return False
    local = [place for place in places if place.kind not in ("country", "state")]
    states = [place for place in places if place.kind == "state"]
    here = reach.best(local) == "in" if local else bool(states) and reach.best(states) != "out"
    if local or states:
        return here
    least = rules().news.least_importance_elsewhere
    return bool(about & follows.rivals) and tags.importance.score >= least


def _is_of_trade(article: Article, tags: Tagged, about_company: bool) -> bool:
    """Say whether an article is of the trade at all.

    About a company, it has a topic or speaks of the trade somewhere: a shrub may bear a provider's name.
    About none, it has a topic and its lead speaks of the trade.
    """
    if about_company:
        return bool(tags.topics) or _speaks_of_trade(f"{article.title} {article.text}")
    lead = f"{article.title} {article.text[: rules().news.lead_characters]}"
    return bool(tags.topics) and _speaks_of_trade(lead)


def _speaks_of_trade(text: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", text, re.I) for word in rules().news.trade_words)


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
        also_by=[desk.publisher(copy) for copy in copies],
        tags=tags.topics[:2],
        detail=", ".join(names),
    )
