"""What speaks for a spot naming a place: numbers from its writing, its neighbours and the whole document."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from market.places.features import FLAGS
from market.places.gazetteer import Gazetteer, Named
from market.records import Place
from nlp.document import Entity, Passage
from nlp.regions_spans import Spot
from nlp.regions_words import Token, vocabulary

_NEAR = (" ", "\u00a0", "\n")
_FIRM = ("p", "a")
"""Flags of names that belong to a place without more ado."""
_SURNAME = 0.002
"""Percent of people who bear it from which on a word counts as a surname."""


@dataclass(slots=True)
class Context:
    """What a whole document says, gathered before a single spot is judged."""

    home: str | None = None
    footprint: frozenset[str] = frozenset()
    states: Counter[str] = field(default_factory=Counter)
    """How often each state is named by its own name or abbreviation."""
    nations: Counter[str] = field(default_factory=Counter)
    """How often each country abroad is named, by ISO code: itself, one of its regions, its people."""
    own: frozenset[tuple[str, str]] = frozenset()
    """Pairs (state, key of a name that counted for it): what a name must not take as evidence for itself."""
    small: frozenset[str] = frozenset()
    """Words that also stand in small letters."""
    people: frozenset[str] = frozenset()
    """Last words of the names of persons of two words or more."""
    strong: Counter[str] = field(default_factory=Counter)
    """Keys of names that stand somewhere with a state, or that the model calls a place."""
    counties: frozenset[str] = frozenset()
    """Keys of the counties written as such: "laurel" for "Laurel County"."""
    named_counties: frozenset[str] = frozenset()
    """FIPS codes of every county that those may be: twelve for "Polk County"."""
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Keys of the names that may lie in a county, by its FIPS code."""


class Entities:
    """The model's entities of one passage, by position."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = sorted(entities, key=lambda entity: entity.start)
        self._starts = [entity.start for entity in self._entities]

    def at(self, start: int, end: int) -> Entity | None:
        """Return the entity that overlaps start..end (entities do not overlap each other), or None."""
        for number in (bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1):
            if number >= 0 and self._entities[number].end > start:
                return self._entities[number]
        return None


def gather(
    passages: Sequence[Passage],
    words: Sequence[list[Token]],
    spots: Sequence[Spot],
    entities: Sequence[Entities],
    home: str | None,
    footprint: frozenset[str],
) -> Context:
    """Return the context of a document whose spots are known."""
    context = Context(home=home, footprint=footprint)
    context.small = frozenset(token.lower for part in words for token in part if not token.capital)
    people = set()
    for passage in passages:
        for person in passage.entities:
            if person.label == "PERSON":
                name = passage.text[person.start : person.end].split()
                if len(name) > 1:
                    people.add(name[-1].lower().removesuffix("'s").removesuffix("’s"))
    context.people = frozenset(people)
    counties = set()
    own = set()
    for spot in spots:
        whole = [n.place for n in spot.senses if n.place.kind == "state" and n.place.state]
        if whole and (spot.form == "state" or len(spot.key) > 2):
            context.states[str(whole[0].state)] += 1
            own.add((str(whole[0].state), spot.key))
        if spot.state:
            context.states[spot.state] += 1
        if spot.country and spot.country != "US":
            context.nations[spot.country] += 1
        nation = _nation(spot)
        if nation is not None:
            context.nations[nation] += 1
            own.add((nation_key(nation), spot.key))
        if spot.form == "county":
            counties.add(spot.key.rpartition(" ")[0])
        elif spot.form == "counties":
            counties.add(spot.key)
        entity = entities[spot.passage].at(spot.start, spot.end)
        exact = entity is not None and entity.end <= spot.end and entity.label == "GPE"
        if spot.state or spot.country or exact:
            context.strong[spot.key] += 1
    demonyms = vocabulary()["demonym"]
    context.nations.update(
        demonyms[t.lower] for part in words for t in part if t.capital and t.lower in demonyms
    )
    context.counties = frozenset(counties)
    context.own = frozenset(own)
    context.named_counties = frozenset(
        n.place.county_fips
        for spot in spots
        if spot.form in ("county", "counties")
        for n in spot.senses
        if n.place.kind == "county" and n.place.county_fips
    )
    context.beside = _beside(spots, context)
    return context


def people_of(named: Named) -> int:
    """Return how many people a place has; of a feature, those of a town that is as well known."""
    return int(vocabulary()["feature"]["people"]) if named.flag in FLAGS else named.place.population


def nation_key(country: str) -> str:
    """Return the key under which a country counts beside the states' postal codes."""
    return f"@{country}"


def _nation(spot: Spot) -> str | None:
    """Return the country abroad that a name stands for, itself or as the region that it alone can be."""
    wide = [
        n.place
        for n in spot.senses
        if n.place.kind in ("country", "region") and n.place.country != "US" and n.flag not in FLAGS
    ]
    if not wide or spot.state or any(n.place.kind == "state" for n in spot.senses):
        return None
    top = max(wide, key=lambda place: (place.kind == "country", place.population))
    if top.kind == "region" and any(n.place.country == "US" and n.flag in _FIRM for n in spot.senses):
        return None
    largest = max(n.place.population for n in spot.senses)
    return top.country if top.population >= largest else None


def _beside(spots: Sequence[Spot], context: Context) -> dict[str, frozenset[str]]:
    """Return the keys of sure names by the counties that they may lie in."""
    beside: dict[str, set[str]] = {}
    for spot in {spot.key: spot for spot in spots if context.strong[spot.key]}.values():
        for named in spot.senses:
            place = named.place
            if place.kind == "city" and place.county_fips and named.flag in _FIRM:
                beside.setdefault(place.county_fips, set()).add(spot.key)
    return {fips: frozenset(keys) for fips, keys in beside.items()}


def names_beside(place: Place, key: str, context: Context) -> int:
    """Return how many other sure names may lie in a place's county."""
    keys = context.beside.get(place.county_fips or "", frozenset())
    return len(keys) - (key in keys)


def detect_features(
    spot: Spot,
    passage: Passage,
    words: list[Token],
    entities: Entities,
    context: Context,
    gazetteer: Gazetteer,
    around: tuple[Spot | None, Spot | None],
) -> dict[str, float]:
    """Return the evidence that `spot` names a place at all, each number about 0 to 1."""
    lists = vocabulary()
    found: dict[str, float] = {"bias": 1.0}
    entity = entities.at(spot.start, spot.end)
    found[_label(entity, spot, passage)] = 1.0
    before = words[spot.first - 1] if spot.first else None
    after = words[spot.last] if spot.last < len(words) else None
    joined = before is not None and words[spot.first].gap in _NEAR
    first = words[spot.first].sentence
    if before is not None and joined and not first:
        if before.lower in lists["place_before"] and not before.text.isupper():
            found["before_place"] = 1.0
        elif before.lower in lists["direction"]:
            found["before_direction"] = 1.0
        elif before.lower in lists["title_before"] and before.capital:
            found["before_title"] = 1.0
        elif before.lower in lists["feature_before"] and before.capital:
            found["before_feature"] = 1.0
        elif before.capital and before.lower not in ("the", "a", "an"):
            given = gazetteer.word(before.lower).given
            found["before_given" if given > 0.004 else "before_capital"] = 1.0
        if before.text[0].isdigit():
            found["before_number"] = 1.0
        if before.lower in ("the", "a", "an"):
            found["before_article"] = 1.0
        if before.lower == "of" and spot.first > 1 and words[spot.first - 2].lower in lists["body_of"]:
            found["body_of"] = 1.0
    if before is not None and words[spot.first].gap == "-" and before.text in ("D", "R", "I"):
        found["before_party"] = 1.0
    if after is not None and after.gap in _NEAR:
        if after.lower in lists["street_after"] and after.capital:
            found["after_street"] = 1.0
        elif after.lower in lists["person_after"]:
            found["after_person"] = 1.0
        elif after.lower in lists["feature_after"] and after.capital:
            found["after_feature"] = 1.0
        elif after.lower in lists["firm_after"] and after.capital:
            found["after_firm"] = 1.0
        elif after.lower in lists["team_after"] and after.capital:
            found["after_team"] = 1.0
        elif after.lower in lists["school_after"] and after.capital:
            found["after_school"] = 1.0
        elif after.lower in lists["body_after"]:
            found["after_body"] = 1.0
        elif after.capital:
            found["after_capital"] = 1.0
            if " " not in spot.key and gazetteer.word(after.lower).surname > _SURNAME:
                found["after_surname"] = 1.0
        if after.text[0].isdigit():
            found["after_number"] = 1.0
    elif after is not None and after.gap.startswith(","):
        found["after_comma"] = 1.0
    found.update(_form(spot))
    if passage.text[spot.end : spot.end + 2] in ("'s", "’s"):
        found["saint_own" if spot.key.startswith("saint ") else "own"] = 1.0
    left, right = around
    if left is not None and left.last == spot.first and "," in passage.text[left.end : spot.start]:
        found["after_spot"] = 1.0
    if right is not None and spot.last == right.first and "," in passage.text[spot.end : right.start]:
        found["before_spot"] = 1.0
    if first:
        found["sentence_first"] = 1.0
    if spot.text.isupper() and len(spot.text) > 4:
        found["capitals"] = 1.0
    _word(spot, context, gazetteer, found)
    _senses(spot, context, found)
    return found


def _label(entity: Entity | None, spot: Spot, passage: Passage) -> str:
    if entity is None:
        return "ner_none"
    begin = entity.start
    if passage.text[begin : begin + 4].lower() == "the ":
        begin += 4
    tail = passage.text[spot.end : entity.end].strip(" .,'’s")
    exact = begin >= spot.start and not tail
    label = {"LOC": "GPE", "FAC": "FAC", "GPE": "GPE", "ORG": "ORG", "PERSON": "PERSON", "NORP": "NORP"}.get(
        entity.label, "OTHER"
    )
    where = "exact" if exact else "first" if begin >= spot.start else "last" if not tail else "inside"
    return f"ner_{label}_{where}"


def _form(spot: Spot) -> dict[str, float]:
    found = {f"form_{spot.form}": 1.0}
    if spot.state:
        found["has_state"] = 1.0
    if spot.country:
        found["has_country"] = 1.0
    if spot.attached:
        found["attached"] = 1.0
    if spot.wide:
        found["wide"] = 1.0
    if spot.listed and any(n.place.state == spot.listed and n.flag in _FIRM for n in spot.senses):
        found["listed_state"] = 1.0
    return found


def _word(spot: Spot, context: Context, gazetteer: Gazetteer, found: dict[str, float]) -> None:
    # "Mobile, Ala." is the town, whatever else the word means.
    if spot.form not in ("name", "counties") or spot.state or spot.country:
        return
    if " " in spot.key:
        found["several_words"] = 1.0
        return
    use = gazetteer.word(spot.key)
    found["common"] = (
        max(-6.0, min(6.0, use.lower - use.title)) / 6 if use.title > -20 or use.lower > -20 else -1.0
    )
    found["rare"] = (-use.title - 10) / 10
    found["surname"] = math.log1p(use.surname * 1000) / 7
    found["given"] = math.log1p(use.given * 1000) / 8
    if spot.key in context.small:
        found["small_too"] = 1.0
    if spot.key in context.people:
        found["person_too"] = 1.0


def _senses(spot: Spot, context: Context, found: dict[str, float]) -> None:
    flags = {named.flag for named in spot.senses}
    kinds = {named.place.kind for named in spot.senses}
    for name, bare in (("people", False), ("people_bare", True)):
        top = max((people_of(n) for n in spot.senses if (n.flag == "b") is bare), default=0)
        found[name] = math.log10(top + 10) / 7
    if flags == {"b"}:
        found["only_bare"] = 1.0
    if flags <= {"w", "x"} and flags:
        found["only_weak"] = 1.0
    if all(named.place.country != "US" for named in spot.senses):
        found["only_abroad"] = 1.0
    for kind in ("state", "country", "region"):
        if kind in kinds:
            found[f"can_{kind}"] = 1.0
    states = {named.place.state for named in spot.senses if named.place.state and named.flag not in ("w",)}
    if context.home:
        found["in_home" if context.home in states else "not_home"] = 1.0
    if any(context.states.get(state, 0) for state in states if state is not None):
        found["in_named"] = 1.0
    if context.nations:
        abroad = {named.place.country for named in spot.senses} & context.nations.keys()
        if any((nation_key(country), spot.key) not in context.own for country in abroad):
            found["in_nation"] = 1.0
    if spot.key in context.counties:
        found["county_too"] = 1.0
    if spot.form == "name":
        inside = [n.place for n in spot.senses if n.place.kind == "city" and n.flag in _FIRM]
        if any(place.county_fips in context.named_counties for place in inside):
            found["in_county"] = 1.0
        if any(names_beside(place, spot.key, context) for place in inside):
            found["beside"] = 1.0
    if context.strong[spot.key]:
        found["strong_too"] = 1.0
    found["alone"] = 1.0 if len(spot.senses) == 1 else 0.0
