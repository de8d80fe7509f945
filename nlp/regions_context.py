"""What a whole document says of places, gathered before a single spot is judged."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from market.places.features import FLAGS
from market.places.gazetteer import Named
from market.records import Place
from nlp.document import Entity, Passage
from nlp.regions_spans import Spot
from nlp.regions_words import Token, vocabulary

FIRM = ("p", "a")
"""Flags of names that belong to a place without more ado."""


class Voices(NamedTuple):
    """How often a document names states, and countries abroad by ISO code, without what one name adds."""

    at_home: int
    abroad: dict[str, int]
    whole: int
    """All of `abroad`."""


@dataclass(slots=True)
class Context:
    """What a whole document says."""

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
    voices: dict[str, Voices] = field(default_factory=dict)
    """How much of the United States and of other countries is named apart from a name, by its key."""
    judged: dict[tuple[object, ...], dict[str, float]] = field(default_factory=dict)
    """What the senses of a name came to, for the next time that it stands in the document."""


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
    context.small = frozenset({token.lower for part in words for token in part if not token.capital})
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
    capitals = [token.lower for part in words for token in part if token.capital]
    context.nations.update([demonyms[word] for word in capitals if word in demonyms])
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


def voices_of(key: str, context: Context) -> Voices:
    """Return what a document says of countries, without what the name `key` itself adds."""
    if key not in context.voices:
        own = context.own
        abroad = {nation: n for nation, n in context.nations.items() if (nation_key(nation), key) not in own}
        at_home = sum(count for state, count in context.states.items() if (state, key) not in own)
        context.voices[key] = Voices(at_home, abroad, sum(abroad.values()))
    return context.voices[key]


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
    if top.kind == "region" and any(n.place.country == "US" and n.flag in FIRM for n in spot.senses):
        return None
    largest = max(n.place.population for n in spot.senses)
    return top.country if top.population >= largest else None


def _beside(spots: Sequence[Spot], context: Context) -> dict[str, frozenset[str]]:
    """Return the keys of sure names by the counties that they may lie in."""
    beside: dict[str, set[str]] = {}
    for spot in {spot.key: spot for spot in spots if context.strong[spot.key]}.values():
        for named in spot.senses:
            place = named.place
            if place.kind == "city" and place.county_fips and named.flag in FIRM:
                beside.setdefault(place.county_fips, set()).add(spot.key)
    return {fips: frozenset(keys) for fips, keys in beside.items()}


def names_beside(place: Place, key: str, context: Context) -> int:
    """Return how many other sure names may lie in a place's county."""
    keys = context.beside.get(place.county_fips or "", frozenset())
    return len(keys) - (key in keys)
