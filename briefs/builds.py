"""Builds of the week in and near a territory: each told once, by the article that says most."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from briefs.desk import Desk, Follows
from briefs.gather import WeekFacts
from briefs.pages import article_page
from briefs.progress import Progress
from briefs.reach import Reach
from briefs.rules import rules
from briefs.samebuild import agree, company_name, overlap, places_of, share
from briefs.sentences import build_claim
from market.records import Claim, Expansion

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
    progress: Progress | None = None,
) -> list[Claim]:
    """Return the claims about builds of competitors in the territory, and near it where the rules say so.

    `others` are the market's other territories: what lies there is not near. Builds that were known before
    the week are left out, unless `known_too`. With `progress` each claim tells the earlier stages of its
    build and what its tellers contradict, and two stages of one build are one claim, of the later.
    """
    told = [
        item
        for item in facts.expansions
        if follows.has(item.company) and _is_here(item, desk, facts, reach, others)
    ]
    claims = []
    for group in _same(told, facts, desk, progress):
        lead = max(group, key=lambda item: (figure_count(item), _told_at(item, facts), item.id))
        if known_too or not _is_known(lead, facts.earlier):
            claims.append((lead, _claim(lead, group, desk, facts, reach)))
    if progress is not None:
        claims = _with_progress(claims, progress)
    claims.sort(key=lambda pair: (-(pair[0].passings or 0), _STAGES.index(pair[0].stage), pair[1].text))
    return [claim for _, claim in claims]


def _with_progress(
    claims: Sequence[tuple[Expansion, Claim]], progress: Progress
) -> list[tuple[Expansion, Claim]]:
    """Return the claims with the history of their builds.

    One whose stage is a step of another is left out; its articles are then told by the other.
    """
    found = [(lead, progress.tell(claim, lead)) for lead, claim in claims]
    kept: list[tuple[Expansion, Claim]] = []
    for lead, claim in found:
        if any(_is_step(lead, claim, other, progress) for other in found):
            continue
        below = [pair[1] for pair in found if _is_step(*pair, (lead, claim), progress)]
        records = dict.fromkeys((*claim.record_ids, *(name for each in below for name in each.record_ids)))
        kept.append((lead, claim.model_copy(update={"record_ids": tuple(records)})))
    return kept


def _is_step(lead: Expansion, claim: Claim, other: tuple[Expansion, Claim], progress: Progress) -> bool:
    """Say whether a claim tells a stage that another claim on the same build tells as an earlier one."""
    one, two = progress.build_of(lead), progress.build_of(other[0])
    if one is None or two is None or one.id != two.id:
        return False
    return any(step.tags[0] == claim.tags[0] for step in other[1].steps)


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


def _same(
    told: Sequence[Expansion], facts: WeekFacts, desk: Desk, progress: Progress | None
) -> list[list[Expansion]]:
    """Group facts that tell one build: one company, the same ground, and a story or a figure in common.

    One article's facts on one stage of one build in the book are one, too, whatever ground each tells of.

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
        if progress is not None and _one_breath(first, second, progress):
            parent[root(a)] = root(b)
            continue
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


def _one_breath(first: Expansion, second: Expansion, progress: Progress) -> bool:
    """Say whether one article tells one stage of one build twice: of each town of it."""
    one, other = progress.build_of(first), progress.build_of(second)
    if one is None or other is None or one.id != other.id:
        return False
    return (first.record_id, first.stage) == (second.record_id, second.stage) and agree(first, second)


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
    ground = [item.places for item in group if item.record_id == lead.record_id and item.stage == lead.stage]
    places = places_of(desk, list(dict.fromkeys(name for names in (lead.places, *ground) for name in names)))
    inside = [place for place in places if reach.place(place) == "in"]
    inside = inside or [place for place in places if reach.place(place) != "out"]
    company = company_name(desk, lead.company, lead.company_name)
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
