"""How a build came to where it is: its earlier stages, and the figures that its tellers give differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, tzinfo

from briefs.borne import not_borne
from briefs.claims import unquoted
from briefs.desk import Desk
from briefs.reach import place_names
from briefs.samebuild import company_name, differs, places_of
from briefs.sentences import build_claim, figure_phrases
from market.records import Build, Citation, Claim, Dispute, Evidence, Expansion, Telling

_DISPUTED = {
    "passings": "size",
    "route_miles": "route",
    "investment_cents": "investment",
    "grant_cents": "grant",
    "target_on": "target",
}
_FIGURES = (*_DISPUTED, "down_mbps", "up_mbps")


Told = tuple[tuple[Claim, ...], tuple[Dispute, ...]]


class Progress:
    """The builds of a market's book, as lines of briefs tell how they came to where they are."""

    def __init__(self, desk: Desk, book: Iterable[Build]) -> None:
        self._desk = desk
        self._builds = {build.id: build for build in book}
        self._by_fact = {told.fact.id: build for build in self._builds.values() for told in build.history}
        self._told: dict[tuple[str, str, tuple[Citation, ...]], Told] = {}

    def build_of(self, fact: Expansion) -> Build | None:
        """Return the build that a fact tells of."""
        return self._by_fact.get(fact.id)

    def tell(self, claim: Claim, fact: Expansion) -> Claim:
        """Return a build's claim with its earlier stages and disputed figures, from the build's history.

        Stages of the larger build that it is part of are told, too, if it has not told them itself. Only what
        was told up to the last page of the claim counts: a brief that is made anew knows no more.
        """
        build = self.build_of(fact)
        if build is None or not claim.citations:
            return claim
        key = (build.id, fact.stage, claim.citations)
        if key not in self._told:
            self._told[key] = self._history(*key)
        steps, disputes = self._told[key]
        return claim.model_copy(update={"steps": steps, "disputes": disputes})

    def _history(self, build_id: str, stage: str, pages: Sequence[Citation]) -> Told:
        build, zone = self._builds[build_id], self._desk.zone
        until = max(page.on for page in pages)
        known = [told for told in build.history if told.on <= until]
        began = min(_day(page, zone) for page in pages)
        earlier = [(told, False) for told in _earlier(known, stage, began, zone)]
        whole = self._builds.get(build.part_of) if build.part_of else None
        if whole is not None:
            own = {told.fact.stage for told, _ in earlier}
            above = _earlier(whole.history, stage, began, zone)
            earlier = [(told, True) for told in above if told.fact.stage not in own] + earlier
        earlier.sort(key=lambda pair: pair[0].on)
        steps = (_step(told, self._desk, of_whole) for told, of_whole in earlier)
        return tuple(step for step in steps if step is not None), tuple(_disputes(known, self._desk))


def _earlier(known: Sequence[Telling], stage: str, before: date, zone: tzinfo) -> list[Telling]:
    """Return one telling of each other stage that was told on an earlier day, oldest first.

    It is of the first day that told the stage, and of those the one with most figures.
    """
    first: dict[str, Telling] = {}
    for told in known:
        day = told_day(told, zone)
        if told.fact.stage == stage or day >= before:
            continue
        other = first.get(told.fact.stage)
        if other is None or (told_day(other, zone) == day and _figures(told) > _figures(other)):
            first[told.fact.stage] = told
    return sorted(first.values(), key=lambda told: told.on)


def _figures(told: Telling) -> int:
    return sum(getattr(told.fact, slot) is not None for slot in _DISPUTED)


def told_day(told: Telling, zone: tzinfo) -> date:
    """Return the day of a telling in the market's time zone; a date without a time is not shifted."""
    return told.on.astimezone(UTC if told.day_only else zone).date()


def _day(page: Citation, zone: tzinfo) -> date:
    return page.on.astimezone(UTC if page.day_only else zone).date()


def _page(told: Telling) -> Citation:
    return Citation(
        capture_id=told.capture_id,
        url=told.url,
        publisher=told.publisher,
        title=told.title,
        on=told.on,
        dated="published" if told.dated else "captured",
        day_only=told.day_only,
    )


def _step(told: Telling, desk: Desk, whole: bool) -> Claim | None:
    """Return an earlier stage as a claim of its own, with no more quotes than it needs.

    Told of the `whole` that the build is part of, it says where. None when the page has changed since and
    the version that told it is not kept.
    """
    article = desk.ledger.article_version(told.article_id, told.capture_id)
    if article is None:
        return None
    fact = told.fact.model_copy(update={"down_mbps": None, "up_mbps": None})
    places = places_of(desk, fact.places)
    partner = desk.lexicon.name(fact.partner) if fact.partner else ""
    company = company_name(desk, fact.company, fact.company_name)
    claim = build_claim(fact, company, partner, places, article, [_page(told)])
    return claim.model_copy(
        update={
            "evidence": _needed(claim, company),
            "headline": "",
            "detail": place_names(places) if whole and places else "",
            "record_ids": (told.article_id,),
            "corrections": told.corrections,
        }
    )


def _needed(claim: Claim, company: str) -> tuple[Evidence, ...]:
    """Return the fewest of a claim's quotes, in their order, that bear out its words and figures."""
    kept = list(claim.evidence)
    for item in reversed(claim.evidence):
        rest = [other for other in kept if other is not item]
        if rest and not_borne(claim.text, rest) is None and unquoted(claim.text, rest, company) is None:
            kept = rest
    return tuple(kept)


def _disputes(known: Sequence[Telling], desk: Desk) -> Iterator[Dispute]:
    """Yield the figures of which two tellers give different values that cannot both be meant."""
    for slot, what in _DISPUTED.items():
        said: list[tuple[object, Claim]] = []
        for told in reversed(known):
            value = getattr(told.fact, slot)
            if value is None or not all(differs(slot, value, other) for other, _ in said):
                continue
            if (claim := _said(told, slot, desk)) is not None:
                said.append((value, claim))
        if len(said) > 1:
            yield Dispute(what=what, said=tuple(claim for _, claim in said))


def _said(told: Telling, slot: str, desk: Desk) -> Claim | None:
    """Return one teller's figure in the words of its quote, None when no quote of the fact carries it."""
    only = dict.fromkeys(name for name in _FIGURES if name != slot)
    proofs = [item for item in told.fact.evidence if item.slot == slot] or list(told.fact.evidence)
    fact: Expansion = told.fact.model_copy(update=only | {"evidence": tuple(proofs)})
    company = company_name(desk, fact.company, fact.company_name)
    for phrase in figure_phrases(fact):
        text = f"{company}: {phrase}."
        for proof in proofs:
            if unquoted(text, [proof], company) is None and not_borne(text, [proof]) is None:
                return Claim(
                    text=text,
                    evidence=(proof,),
                    kind="build",
                    company=fact.company,
                    key=f"figure:{fact.id}:{slot}",
                    record_ids=(told.article_id,),
                    citations=(_page(told),),
                )
    return None
