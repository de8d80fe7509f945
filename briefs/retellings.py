"""One event is told once: stories that retell another, or a build of the same brief, are linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from briefs.claims import figures
from briefs.gather import WeekFacts
from briefs.rules import rules
from market.records import Claim, Tagged

_TELLING = 30
"""Smaller figures (a number of towns, of months) stand in any two texts."""

Told = frozenset[tuple[Decimal, str]]


def told_once(claims: Sequence[Claim], facts: WeekFacts) -> list[Claim]:
    """Fold stories that tell one event into the one whose quotes hold most figures; the others stay linked.

    Papers write their own text on one event, so its stories are no copies of each other.
    """
    kept: list[Claim] = []
    for claim in claims:
        at = next((n for n, other in enumerate(kept) if _one_event(claim, other, facts)), None)
        if at is None:
            kept.append(claim)
            continue
        lead, rest = kept[at], claim
        if _quoted(rest) > _quoted(lead):
            lead, rest = rest, lead
        kept[at] = _linked(lead, rest)
    return kept


def fold_into_builds(
    builds: Sequence[Claim], stories: Sequence[Claim], facts: WeekFacts
) -> tuple[list[Claim], list[Claim]]:
    """Link stories that tell of a build in the same brief to its claim; return the builds and other stories.

    A story tells of a build when it names the company, one of its places and one of its figures: the trade
    paper's own words on an announcement, or the round of grants that one of them is part of.
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


def _one_event(first: Claim, second: Claim, facts: WeekFacts) -> bool:
    """Say whether two stories of the same days and companies tell one event.

    They have place and topic in common, or two telling figures: "46 buildings" and "$2.7 million".
    """
    one, other = _tags(first, facts), _tags(second, facts)
    companies = _about_companies(one)
    if not companies or companies != _about_companies(other) or not _near_in_time(first, second):
        return False
    shared = len(_figures(first, facts) & _figures(second, facts))
    if shared > 1:
        return True
    if not _about_places(one) & _about_places(other):
        return False
    if one.topics and other.topics:
        return one.topics[0] == other.topics[0]
    return shared > 0


def _tells_of(story: Claim, build: Claim, facts: WeekFacts) -> bool:
    tags = _tags(story, facts)
    teller = next((name for name in build.record_ids if name in facts.tags), None)
    if teller is None or build.company not in {item.id for item in tags.companies}:
        return False
    here = _about_places(facts.tags[teller]) & {item.id for item in tags.places}
    return bool(here) and bool(_telling(build.text) & _figures(story, facts))


def _linked(lead: Claim, rest: Claim) -> Claim:
    """Return a claim that also names the pages of another."""
    also = dict(zip(lead.also, (*lead.also_by, *[""] * len(lead.also)), strict=False))
    also |= {page.url: page.publisher for page in rest.citations}
    also |= dict(zip(rest.also, (*rest.also_by, *[""] * len(rest.also)), strict=False))
    for page in lead.citations:
        also.pop(page.url, None)
    records = dict.fromkeys((*lead.record_ids, *rest.record_ids))
    return lead.model_copy(
        update={"also": tuple(also), "also_by": tuple(also.values()), "record_ids": tuple(records)}
    )


def _tags(claim: Claim, facts: WeekFacts) -> Tagged:
    return facts.tags[claim.record_ids[0]]


def _about_companies(tags: Tagged) -> set[str]:
    return {item.id for item in tags.companies if item.role == "about"}


def _about_places(tags: Tagged) -> set[int]:
    return {item.id for item in tags.places if item.role == "about" and item.kind != "state"}


def _near_in_time(first: Claim, second: Claim) -> bool:
    if not first.citations or not second.citations:
        return False
    apart = abs(first.citations[0].on - second.citations[0].on)
    return apart <= timedelta(days=rules().news.one_event_days)


def _quoted(claim: Claim) -> int:
    return len({figure.value for item in claim.evidence for figure in figures(item.quote)})


def _figures(claim: Claim, facts: WeekFacts) -> Told:
    return _telling(facts.articles[claim.record_ids[0]].text)


def _telling(text: str) -> Told:
    """Return the figures of a text that few other texts have; years are none."""
    return frozenset(
        (figure.value, figure.kind)
        for figure in figures(text)
        if figure.value >= _TELLING and not (figure.raw.isdigit() and 1900 <= figure.value <= 2100)
    )
