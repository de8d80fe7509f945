"""Which place a name means: every sense is weighed against the others by what stands around it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from market.places.distance import distance_km
from market.places.gazetteer import Gazetteer, Named
from market.records import Place
from nlp.regions_context import Context, names_beside, people_of, voices_of
from nlp.regions_groups import Group, fits
from nlp.regions_words import vocabulary

Weights = Mapping[str, float]
_SETTLED = 0.98
"""A sense so likely is not weighed again."""
_SILENT = 0.01
"""Votes of the others that sum to less than this say nothing."""
_FAR_DEGREES = 7.0
"""Latitudes further apart than this, about 780 km, are near in no sense."""


def sense_features(
    group: Group,
    named: Named,
    context: Context,
    votes: Votes,
    anchors: Sequence[tuple[Place, float]],
) -> dict[str, float]:
    """Return the evidence for one sense of a group; `anchors` are other places with their probabilities."""
    return beside_others(sense_alone(group, named, context), named.place, votes, anchors)


def sense_alone(group: Group, named: Named, context: Context) -> dict[str, float]:
    """Return the evidence for one sense as far as it does not hang on how other names are read."""
    place, flag = named
    found: dict[str, float] = {
        "people": math.log10(people_of(named) + 100) / 3,
        f"kind_{place.kind}": 1.0,
        f"flag_{flag}": 1.0,
    }
    if place.kind == "city" and place.population == 0:
        found["nobody"] = 1.0
    if group.state or group.country:
        found["stated" if fits(place, group.state, group.country) else "not_stated"] = 1.0
    if group.listed is not None and place.state == group.listed:
        found["listed_state"] = 1.0
    if group.form in ("county", "counties"):
        found["county_form"] = 1.0 if place.kind == "county" else 0.0
    if place.id == vocabulary()["capital"]["id"]:
        found["capital"] = 1.0
    if place.country != "US":
        found["abroad"] = 1.0
        if voices_of(group.key, context).at_home:
            found["abroad_in_us"] = 1.0
    _nations(group, place, context, found)
    if context.home:
        found["home" if place.state == context.home else "not_home"] = 1.0
        if place.kind == "county" and place.state == context.home:
            found["home_county"] = 1.0
        if place.country == "US" and place.kind == "city" and place.state == context.home:
            found["home_city"] = 1.0
    if place.state in context.footprint:
        found["footprint"] = 1.0
    if place.state and place.kind not in ("state", "country"):
        total = context.states.total()
        if total:
            found["state_named"] = context.states[place.state] / (total + 1)
            found["state_named_any"] = 1.0 if context.states[place.state] else 0.0
        found["votes"] = 0.0
        if place.kind == "county" and flag == "b" and group.key in context.counties:
            found["county_too"] = 1.0
    if place.kind == "city" and place.county_fips in context.named_counties:
        found["in_county"] = 1.0
    if place.kind in ("city", "county"):
        found["beside"] = math.log1p(names_beside(place, group.key, context))
    return found


def _nations(group: Group, place: Place, context: Context, found: dict[str, float]) -> None:
    """Weigh a sense by how much the text speaks of its country, without what the name itself adds."""
    at_home, abroad, whole = voices_of(group.key, context)
    named = abroad.get(place.country, 0)
    if whole or at_home:
        share = (at_home if place.country == "US" else named) / (whole + at_home + 1)
        found["us_share" if place.country == "US" else "abroad_share"] = share
        if place.country != "US" and named:
            found["abroad_named"] = 1.0
        if place.country == "US" and whole and not at_home:
            found["us_unnamed"] = 1.0


def beside_others(
    alone: Mapping[str, float],
    place: Place,
    votes: Votes,
    anchors: Sequence[tuple[Place, float]],
) -> dict[str, float]:
    """Return the evidence `alone` for a sense with what other names add: their states and their nearness."""
    found = dict(alone)
    if "votes" in found and place.state:
        found["votes"] = votes.for_state(place.state)
    nation = votes.for_nation(place.country)
    if nation is not None:
        found["nation_votes"] = nation
    if anchors and place.kind not in ("state", "country"):
        nearest = 20_000.0
        weight = 0.0
        for other, chance in anchors:
            if other.id == place.id or abs(place.lat - other.lat) > _FAR_DEGREES:
                continue
            apart = distance_km(place.lat, place.lon, other.lat, other.lon)
            nearest = min(nearest, apart / max(chance, 0.05))
            weight += chance * math.exp(-apart / 80)
        found["near"] = math.exp(-nearest / 100)
        found["nearby"] = math.log1p(weight)
    return found


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the probabilities of alternatives from their log-odds; at least one is needed."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def score(features: Mapping[str, float], weights: Weights) -> float:
    """Return the weighted sum of the features; a feature without a weight counts nothing."""
    total = 0.0
    for name, value in features.items():
        total += value * weights.get(name, 0.0)
    return total


def resolve(groups: Sequence[Group], context: Context, first: Weights, second: Weights) -> None:
    """Set the probabilities of every group's senses: alone, then in rounds beside the others."""
    limits = vocabulary()["limits"]
    alone: list[list[dict[str, float]]] = []
    for group in groups:
        several = len(group.senses) > 1
        alone.append([sense_alone(group, named, context) for named in group.senses] if several else [])
        group.chances = (
            softmax([score(each, first) for each in alone[-1]]) if several else [1.0] * len(group.senses)
        )
    for _ in range(int(limits["rounds"])):
        _round(groups, alone, second, limits)
    _same_state(groups)


def _round(
    groups: Sequence[Group],
    alone: Sequence[Sequence[dict[str, float]]],
    second: Weights,
    limits: Mapping[str, int],
) -> None:
    """Weigh every group's senses beside what the others came to so far."""
    votes, anchors = neighbours(groups[: limits["names"]], limits["anchors"])
    updated = []
    for group, known in zip(groups, alone, strict=True):
        if not known or max(group.chances) > _SETTLED:
            group.looks = group.looks or list(known)
            continue
        others, beside = without(group, votes, anchors)
        features = [
            beside_others(each, named.place, others, beside)
            for each, named in zip(known, group.senses, strict=True)
        ]
        group.looks = features
        updated.append((group, softmax([score(each, second) for each in features])))
    for group, chances in updated:
        group.chances = chances


def _same_state(groups: Sequence[Group]) -> None:
    """Keep the counties of one list in one state: the likeliest that has them all, where one does."""
    lists: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for group in groups:
        first = group.spots[0]
        if first.series is not None and group.senses:
            lists[first.passage, first.series].append(group)
    for members in lists.values():
        shares = [votes_of([group]).states for group in members]
        common = set.intersection(*(set(share) for share in shares))
        if len(members) < 2 or not common:
            continue
        state = max(sorted(common), key=lambda code: sum(math.log(max(s[code], 1e-9)) for s in shares))
        for group in members:
            kept = [
                chance if named.place.state == state else 0.0
                for named, chance in zip(group.senses, group.chances, strict=True)
            ]
            total = sum(kept)
            group.chances = [chance / total for chance in kept] if total > 0 else group.chances


@dataclass(slots=True)
class Votes:
    """Probabilities of senses summed by state (postal code) and by country (ISO code)."""

    states: dict[str, float] = field(default_factory=dict)
    nations: dict[str, float] = field(default_factory=dict)
    mine: Votes | None = None
    """The part of a group that is being judged: its own voice does not count."""
    in_states: float = 0.0
    in_nations: float = 0.0

    def for_state(self, state: str) -> float:
        """Return the share of the others' senses that lie in a state, 0 to 1."""
        own, total = (self.mine.states.get(state, 0.0), self.mine.in_states) if self.mine else (0.0, 0.0)
        rest = self.in_states - total
        return max(0.0, self.states.get(state, 0.0) - own) / rest if rest > _SILENT else 0.0

    def for_nation(self, country: str) -> float | None:
        """Return the share of the others' senses that lie in a country, 0 to 1; None without others."""
        own, total = (self.mine.nations.get(country, 0.0), self.mine.in_nations) if self.mine else (0.0, 0.0)
        rest = self.in_nations - total
        return max(0.0, self.nations.get(country, 0.0) - own) / rest if rest > _SILENT else None


NO_VOTES = Votes()


def votes_of(groups: Sequence[Group]) -> Votes:
    """Return the votes of the groups' senses; a state itself votes for its country only."""
    votes = Votes()
    states, nations = votes.states, votes.nations
    for group in groups:
        for (place, _), chance in zip(group.senses, group.chances, strict=True):
            nations[place.country] = nations.get(place.country, 0.0) + chance
            if place.state and place.kind != "state":
                states[place.state] = states.get(place.state, 0.0) + chance
    votes.in_states, votes.in_nations = sum(states.values()), sum(nations.values())
    return votes


def neighbours(groups: Sequence[Group], limit: int) -> tuple[Votes, list[tuple[str, Place, float]]]:
    """Return the votes of the names so far, and the likeliest (key, place, probability)."""
    known = [group for group in groups if group.senses and group.chances]
    anchors = []
    for group in known:
        best = group.best()
        if best is not None and best[1] >= 0.3:
            anchors.append((group.key, best[0].place, best[1]))
    anchors.sort(key=lambda anchor: -anchor[2])
    return votes_of(known), anchors[:limit]


def without(
    group: Group, votes: Votes, anchors: Sequence[tuple[str, Place, float]]
) -> tuple[Votes, list[tuple[Place, float]]]:
    """Return the votes and the anchors as `group` may use them: without its own part."""
    others = replace(votes, mine=votes_of([group]))
    points = [
        (place, chance)
        for key, place, chance in anchors
        if key != group.key and place.kind not in ("state", "country")
    ]
    return others, points


def area_of(group: Group, gazetteer: Gazetteer, place: Place) -> Place | None:
    """Return the region or metro that "northwest" or "metro" makes of a place, or None."""
    if group.wide is None:
        return None
    for wider, _ in gazetteer.named(group.wide):
        if wider.kind in ("region", "metro") and wider.country == "US":
            if place.kind == "state" and wider.state == place.state:
                return wider
            if place.cbsa is not None and wider.cbsa == place.cbsa:
                return wider
    return None
