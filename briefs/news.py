"""News of the week by story: what is about the territory, or about a competitor whom it concerns."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from briefs.desk import Desk, Follows
from briefs.gather import WeekFacts
from briefs.pages import article_page
from briefs.reach import Reach
from briefs.retellings import told_once
from briefs.rules import rules
from briefs.sentences import story_claim
from market.records import Article, Claim, Tagged


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
    return told_once([claim for _, claim in found], facts)


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
    words = rules().news.trade_words
    if about_company:
        text = f"{article.title} {article.text}"
        return bool(tags.topics) or _speaks_of(text, (*words, *rules().news.company_words))
    lead = f"{article.title} {article.text[: rules().news.lead_characters]}"
    return bool(tags.topics) and _speaks_of(lead, words)


def _speaks_of(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", text, re.I) for word in words)


def _claim(lead: Article, members: list[str], desk: Desk, facts: WeekFacts, rivals: Collection[str]) -> Claim:
    tags = facts.tags[lead.id]
    page = article_page(lead, facts.captures.get(lead.capture_id), desk.publisher(lead))
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
