"""Builds of the week in and near a territory: each told once, by the article that says most."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from briefs.desk import Desk, Follows
from briefs.gather import WeekFacts
from briefs.pages import article_page
from briefs.reach import Reach
from briefs.rules import rules
from briefs.sentences import build_claim
from market.records import Claim, Expansion, Place

# A figure of another article on the same build fills a gap of the lead; its speed or date says less.
_FILLED = ("passings", "route_miles", "investment_cents", "grant_cents", "target_on")
_FIGURES = ("passings", "route_miles", "investment_cents", "grant_cents", "down_mbps", "target_on")
_DAY = 86_400.0
_STAGES = ("cancelled", "live", "construction", "permitted", "funded", "announced")


def build_claims(
    desk: Desk,
    facts: WeekFacts,
    reach: Reach,
    follows: Follows,
    *,
    others: Reach | None = None,
    known_too: bool = False,
) -> list[Claim]:
    """Return the claims about builds of competitors in the territory, and near it where the rules say so.

    `others` are the market's other territories: what lies there is not near. Builds that were known before
    the week are left out, unless `known_too`.
    """
    told = [
        item
        for item in facts.expansions
        if follows.has(item.company) and _is_here(item, desk, facts, reach, others)
    ]
    claims = []
    for group in _same(told, facts, desk):
        lead = max(group, key=lambda item: (figure_count(item), _told_at(item, facts), item.id))
        if known_too or not _is_known(lead, facts.earlier):
            claims.append((lead, _claim(lead, group, desk, facts, reach)))
    claims.sort(key=lambda pair: (-(pair[0].passings or 0), _STAGES.index(pair[0].stage), pair[1].text))
    return [claim for _, claim in claims]


def figure_count(item: Expansion) -> int:
    """Return how many figures a fact gives."""
    return sum(getattr(item, name) is not None for name in _FIGURES)


def _is_here(item: Expansion, desk: Desk, facts: WeekFacts, reach: Reach, others: Reach | None) -> bool:
    """Say whether a place of the build that its article is about lies within reach."""
    tags = facts.tags[item.record_id]
    about = {place.id for place in tags.places if place.role == "about"}
    places = places_of(desk, [name for name in item.places if name in about])
    relation = reach.best(places)
    if relation == "near":
        return rules().builds.reach == "near" and (others is None or others.best(places) != "in")
    return relation == "in"


def places_of(desk: Desk, ids: Sequence[int]) -> list[Place]:
    """Return the places of these ids that the gazetteer has."""
    return [place for name in ids if (place := desk.gazetteer.place(name)) is not None]


def _same(told: Sequence[Expansion], facts: WeekFacts, desk: Desk) -> list[list[Expansion]]:
    """Group facts that tell one build: one company, the same ground, and a story or a figure in common.

    Copies and rewrites of one announcement differ in the stage they seem to tell, but come within days of
    each other; two stages that are weeks apart, or have neither story nor figure in common, stay two.
    """
    parent = list(range(len(told)))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for a, b in combinations(range(len(told)), 2):
        first, second = told[a], told[b]
        if first.company != second.company or not overlap(first, second, desk):
            continue
        one_story = facts.tags[first.record_id].story_id == facts.tags[second.record_id].story_id
        one_stage = first.stage == second.stage
        apart = abs(_told_at(first, facts) - _told_at(second, facts))
        if not one_stage and apart > rules().news.one_event_days * _DAY:
            continue
        if one_story or (agree(first, second) and (one_stage or share(first, second))):
            parent[root(a)] = root(b)
    groups: dict[int, list[Expansion]] = {}
    for index, item in enumerate(told):
        groups.setdefault(root(index), []).append(item)
    return list(groups.values())


def overlap(first: Expansion, second: Expansion, desk: Desk) -> bool:
    """Say whether two builds have a place in common, or one is told of the county of the other."""
    if set(first.places) & set(second.places):
        return True
    ours, theirs = places_of(desk, first.places), places_of(desk, second.places)
    return any(
        one.county_fips is not None
        and one.county_fips == other.county_fips
        and "county" in (one.kind, other.kind)
        for one in ours
        for other in theirs
    )


def share(first: Expansion, second: Expansion) -> bool:
    """Say whether two facts give one and the same figure."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in _FIGURES]
    return any(a is not None and a == b for a, b in pairs)


def agree(first: Expansion, second: Expansion) -> bool:
    """Say whether no figure of the two contradicts another: then different articles tell one build."""
    pairs = [(getattr(first, name), getattr(second, name)) for name in _FIGURES]
    return all(a is None or b is None or a == b for a, b in pairs)


def _told_at(item: Expansion, facts: WeekFacts) -> float:
    """Return the moment of telling, so that of equal tellers the first is the larger."""
    article = facts.articles[item.record_id]
    at = article.published_at or facts.captures[article.capture_id].fetched_at
    return -at.timestamp()


def _is_known(item: Expansion, earlier: Sequence[Expansion]) -> bool:
    """Say whether earlier articles told this build at this stage, with every figure it gives."""
    same = [
        old
        for old in earlier
        if (old.company, old.stage) == (item.company, item.stage) and set(old.places) & set(item.places)
    ]
    if not same:
        return False
    return all(
        (value := getattr(item, name)) is None or any(getattr(old, name) == value for old in same)
        for name in _FIGURES
    )


def _claim(lead: Expansion, group: Sequence[Expansion], desk: Desk, facts: WeekFacts, reach: Reach) -> Claim:
    article = facts.articles[lead.record_id]
    fuller, cited = _filled(lead, group)
    tellers = [item.record_id for item in group]
    story = facts.stories.get(facts.tags[lead.record_id].story_id, [])
    tellers += [name for name in story if not _tells_another(facts.tags[name].expansions, group)]
    others = [name for name in dict.fromkeys(tellers) if name not in cited]
    told = [facts.articles[name] for name in cited]
    pages = [
        page
        for each in told
        if (page := article_page(each, facts.captures.get(each.capture_id), desk.publisher(each)))
    ]
    places = places_of(desk, lead.places)
    inside = [place for place in places if reach.place(place) == "in"]
    inside = inside or [place for place in places if reach.place(place) != "out"]
    company = lead.company_name or desk.lexicon.name(lead.company)
    if desk.lexicon.get(lead.company) is not None:
        company = desk.lexicon.name(lead.company)
    partner = desk.lexicon.name(lead.partner) if lead.partner else ""
    sentence = facts.tags[article.id].key_sentence
    claim = build_claim(fuller, company, partner, inside or places, article, pages, sentence)
    near = reach.best(inside) == "near"
    return claim.model_copy(
        update={
            "record_ids": tuple(dict.fromkeys((*claim.record_ids, *tellers))),
            "also": tuple(facts.articles[name].url for name in others),
            "also_by": tuple(desk.publisher(facts.articles[name]) for name in others),
            "detail": "nearby" if near else "",
        }
    )


def _tells_another(told: Sequence[Expansion], group: Sequence[Expansion]) -> bool:
    """Say whether an article of the story tells another stage of the company's build, a line of its own."""
    others = [item for item in told if item.company == group[0].company]
    return bool(others) and not any(item.id in {each.id for each in group} for item in others)


def _filled(lead: Expansion, group: Sequence[Expansion]) -> tuple[Expansion, list[str]]:
    """Return the lead with figures that only other tellers of the build give, and the articles it rests on.

    A figure comes with the quote that carries it; one that two of the others tell differently stays out.
    """
    evidence = list(lead.evidence)
    found: dict[str, object] = {}
    cited = [lead.record_id]
    for name in _FILLED:
        if getattr(lead, name) is not None:
            continue
        donors = [item for item in group if getattr(item, name) is not None and item.stage == lead.stage]
        proofs = [proof for item in donors[:1] for proof in item.evidence if proof.slot == name]
        if len({getattr(item, name) for item in donors}) != 1 or not proofs:
            continue
        found[name] = getattr(donors[0], name)
        evidence += proofs
        cited.append(donors[0].record_id)
    filled = lead.model_copy(update=found | {"evidence": tuple(evidence)}) if found else lead
    return filled, list(dict.fromkeys(cited))
