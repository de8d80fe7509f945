"""Applying an analyst's corrections to what the tagger said of an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from market.companies.lexicon import Lexicon
from market.places.gazetteer import Gazetteer
from market.records import (
    Correction,
    Expansion,
    Mention,
    Tagged,
    TaggedCompany,
    TaggedPlace,
    ToldEvent,
    ToldOffer,
)
from market.records.correction import CorrectionKind, CorrectionRole

Item = TypeVar("Item", TaggedPlace, TaggedCompany)
Fact = TypeVar("Fact", Expansion, ToldEvent, ToldOffer)

REASON = "corrected"
"""The reason of a role, and the method of a mention, that the analyst decided."""


class Corrector:
    """Applies the corrections in force to tags of any tagger version; tags without any stay as they are."""

    def __init__(self, corrections: Iterable[Correction], lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._by_record: dict[str, list[Correction]] = {}
        for correction in in_force(corrections):
            if correction.scope != "plan":
                self._by_record.setdefault(correction.record_id, []).append(correction)
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self.effective: set[str] = set()
        """Ids of the corrections that have changed the tags of a record so far."""

    def __call__(self, tags: Tagged) -> Tagged:
        """Return the tagger's own `tags` with the record's corrections applied, in the order they were made.

        Places and companies change in the tags, in mentions and in the facts told; importance, topics and key
        sentence stay the tagger's.
        """
        corrections = self._by_record.get(tags.record_id, [])
        for correction in corrections:
            before = tags
            if correction.scope == "build":
                tags = self._build(tags, correction)
            elif correction.kind == "place":
                tags = self._place(tags, correction)
            else:
                tags = self._company(tags, correction)
            if tags != before:
                self.effective.add(correction.id)
        return tags.model_copy(update={"corrections": tuple(corrections)}) if corrections else tags

    def _build(self, tags: Tagged, correction: Correction) -> Tagged:
        """Correct what the article tells of one company's builds; the article's own names stay beside.

        What is put in becomes a company or place that the article is about: it tells of a build there.
        """
        told = [fact for fact in tags.expansions if fact.company == correction.part]
        if not told:
            return tags
        new = correction.new_target if correction.action == "replace" else None
        named = tags
        if correction.action != "reject":
            put_in = {"action": "add", "target": new or correction.target, "role": "about"}
            adding = correction.model_copy(
                update=put_in | {"name": correction.new_name or correction.name, "new_target": None}
            )
            named = self._place(tags, adding) if correction.kind == "place" else self._company(tags, adding)
        names = {company.id: company.name for company in named.companies}
        changed: list[Expansion] = []
        for fact in tags.expansions:
            if fact.company != correction.part:
                changed.append(fact)
            elif correction.kind == "place":
                places = _swapped(fact.places, int(correction.target), new)
                if correction.action == "add":
                    places = tuple(dict.fromkeys((*fact.places, int(correction.target))))
                changed.append(fact.model_copy(update={"places": places}))
            elif new is not None or fact.company != correction.target:
                changed.append(_of_company(fact, correction.target, new, names.get(new or "", "")))
        if tuple(changed) == tags.expansions:
            return tags
        return named.model_copy(update={"expansions": tuple(changed)})

    def _place(self, tags: Tagged, correction: Correction) -> Tagged:
        old = int(correction.target)
        new_id = int(correction.new_target or old)
        if correction.action == "reject":
            tags = _moved(tags, "place", correction.target, None)
            return tags.model_copy(
                update={"places": tuple(place for place in tags.places if place.id != old)}
            )
        replaced = [place for place in tags.places if place.id in (old, new_id)]
        role = _role(correction, [place.role for place in replaced])
        place = self._gazetteer.place(new_id)
        if place is None or role is None:
            return tags
        fields = place.model_dump(include=set(TaggedPlace.model_fields))
        new = TaggedPlace(**fields, role=role, reason=REASON)
        if correction.action == "replace":
            tags = _moved(tags, "place", correction.target, str(new_id))
        return tags.model_copy(update={"places": _with(tags.places, old, new)})

    def _company(self, tags: Tagged, correction: Correction) -> Tagged:
        old, new_id = correction.target, correction.new_target or correction.target
        if correction.action == "reject":
            tags = _moved(tags, "company", old, None)
            kept = tuple(company for company in tags.companies if company.id != old)
            return tags.model_copy(update={"companies": kept})
        replaced = [company for company in tags.companies if company.id in (old, new_id)]
        role = _role(correction, [company.role for company in replaced])
        if role is None:
            return tags
        known = self._lexicon.get(new_id)
        name = known.name if known else correction.new_name or correction.name
        # A name that the tagger chose, as a former one, stays while the company does.
        name = next((company.name for company in replaced if company.id == new_id), name)
        new = TaggedCompany(id=new_id, name=name, role=role, reason=REASON)
        if correction.action == "replace":
            tags = _moved(tags, "company", old, new_id, name)
        return tags.model_copy(update={"companies": _with(tags.companies, old, new)})


def in_force(corrections: Iterable[Correction]) -> list[Correction]:
    """Return the corrections that are not taken back, in order; of two that replace one thing, the later."""
    standing = [correction for correction in corrections if correction.undone is None]
    last = {_of(one): one.id for one in standing if one.action == "replace"}
    return [one for one in standing if one.action != "replace" or last[_of(one)] == one.id]


def disagreeing(corrections: Iterable[Correction]) -> list[tuple[Correction, Correction]]:
    """Return pairs of corrections of one thing that say different of it, the one that stands second."""
    said: dict[tuple[str, ...], Correction] = {}
    pairs: list[tuple[Correction, Correction]] = []
    for one in corrections:
        if one.undone is not None:
            continue
        before = said.get(_of(one))
        if before is not None and _word(before) != _word(one):
            pairs.append((before, one))
        said[_of(one)] = one
    return pairs


def _of(correction: Correction) -> tuple[str, ...]:
    """Return what a correction is about."""
    of = (correction.record_id, correction.scope, correction.part.casefold())
    return (*of, correction.kind, correction.target)


def _word(correction: Correction) -> tuple[str, str | None, str | None]:
    """Return what it says: to have a role is to be there."""
    stays = correction.action in ("add", "role")
    role = (correction.role or "about") if stays else None
    return "stays" if stays else correction.action, correction.new_target, role


def _role(correction: Correction, had: Sequence[CorrectionRole]) -> CorrectionRole | None:
    """Return the role of what a correction puts in; None where a passing mention need not be put in."""
    if correction.action == "role" and correction.role == "mentioned" and not had:
        return None
    return correction.role or ("about" if not had or "about" in had else "mentioned")


def _with(items: Sequence[Item], old: int | str, new: Item) -> tuple[Item, ...]:
    """Put `new` where `old` stands, or where it stands itself, once; at the end where neither does."""
    result: list[Item] = []
    for item in items:
        if item.id not in (old, new.id):
            result.append(item)
        elif new not in result:
            result.append(new)
    if new not in result:
        result.append(new)
    return tuple(result)


def _moved(tags: Tagged, kind: CorrectionKind, old: str, new: str | None, new_name: str = "") -> Tagged:
    """Return tags whose mentions and facts name `new` for `old`; without `new` they no longer name it.

    A fact told of a company that was rejected goes; one that loses its places stays, told of no place.
    """
    mentions = tuple(
        mention if mention.kind != kind or mention.target != old else _renamed(mention, new)
        for mention in tags.mentions
        if new is not None or mention.kind != kind or mention.target != old
    )
    if kind == "place":
        facts = {
            name: tuple(
                fact.model_copy(update={"places": _swapped(fact.places, int(old), new)})
                for fact in getattr(tags, name)
            )
            for name in ("expansions", "events")
        }
    else:
        facts = {
            name: tuple(
                _of_company(fact, old, new, new_name)
                for fact in getattr(tags, name)
                if new is not None or fact.company != old
            )
            for name in ("expansions", "events", "offers")
        }
    return tags.model_copy(update={"mentions": mentions, **facts})


def _renamed(mention: Mention, new: str | None) -> Mention:
    return mention.model_copy(update={"target": new, "method": REASON, "score": None})


def _swapped(places: Sequence[int], old: int, new: str | None) -> tuple[int, ...]:
    named = [int(new) if new is not None and place == old else place for place in places]
    return tuple(dict.fromkeys(place for place in named if new is not None or place != old))


def _of_company(fact: Fact, old: str, new: str | None, new_name: str) -> Fact:
    changes: dict[str, str | None] = {}
    if fact.company == old:
        changes = {"company": new, "company_name": new_name}
    for slot in ("partner", "other_company"):
        if getattr(fact, slot, None) == old:
            changes[slot] = new
    return fact.model_copy(update=changes)
