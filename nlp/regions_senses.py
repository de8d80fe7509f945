"""Which place a name means: every sense is weighed against the others by what stands around it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from market.places.distance import distance_km
from market.places.gazetteer import Gazetteer, Named
from market.records import Place
from nlp.regions_evidence import Context, names_beside
from nlp.regions_spans import Spot
from nlp.regions_words import vocabulary

Weights = Mapping[str, float]


@dataclass(slots=True)
class Group:
    """All spots of a document that share a name and what stands with it: they have one sense."""

    key: str
    state: str | None
    country: str | None
    form: str
    wide: str | None
    listed: str | None = None
    spots: list[Spot] = field(default_factory=list)
    senses: tuple[Named, ...] = ()
    chances: list[float] = field(default_factory=list)
    """Probability of each sense, from 0 to 1."""

    def best(self) -> tuple[Named, float] | None:
        """Return the likeliest sense and its probability, or None without senses."""
        if not self.senses:
            return None
        top = max(range(len(self.senses)), key=self.chances.__getitem__)
        return self.senses[top], self.chances[top]


def groups_of(spots: Sequence[Spot]) -> list[Group]:
    """Return the groups of the spots.

    A name that stands once with its state keeps that state throughout, and a state's name that stands once
    after a city ("Columbus, Georgia") is that state throughout.
    """
    states: dict[str, Spot] = {spot.key: spot for spot in spots if spot.attached and spot.form == "state"}
    stated: dict[str, Counter[tuple[str | None, str | None]]] = defaultdict(Counter)
    for spot in spots:
        if spot.state or spot.country:
            stated[spot.key][spot.state, spot.country] += 1
    found: dict[tuple[object, ...], Group] = {}
    for spot in spots:
        state, country = spot.state, spot.country
        if state is None and country is None and stated[spot.key] and spot.form in ("name", "counties"):
            state, country = stated[spot.key].most_common(1)[0][0]
            if not any(_fits(named.place, state, country) for named in spot.senses):
                state = country = None
        whole = states.get(spot.key)
        if whole is not None and state is None and country is None and spot.form == "name":
            spot.senses, spot.form = whole.senses, "state"
        series = (spot.passage, spot.series) if spot.series is not None else None
        identity = (spot.key, state, country, spot.form, spot.wide, series)
        if identity not in found:
            found[identity] = Group(
                spot.key, state, country, spot.form, spot.wide, spot.listed, senses=spot.senses
            )
        found[identity].spots.append(spot)
    return list(found.values())


def _fits(place: Place, state: str | None, country: str | None) -> bool:
    if state is not None:
        return place.state == state and place.kind != "state"
    return place.country == country and place.kind != "country"


def sense_features(
    group: Group,
    named: Named,
    context: Context,
    votes: Mapping[str, float],
    anchors: Sequence[tuple[Place, float]],
) -> dict[str, float]:
    """Return the evidence for one sense of a group; `anchors` are other places with their probabilities."""
    return beside_others(sense_alone(group, named, context), named.place, votes, anchors)


def sense_alone(group: Group, named: Named, context: Context) -> dict[str, float]:
    """Return the evidence for one sense as far as it does not hang on how other names are read."""
    place, flag = named
    found: dict[str, float] = {
        "people": math.log10(place.population + 100) / 3,
        f"kind_{place.kind}": 1.0,
        f"flag_{flag}": 1.0,
    }
    if place.kind == "city" and place.population == 0:
        found["nobody"] = 1.0
    if group.state or group.country:
        found["stated" if _fits(place, group.state, group.country) else "not_stated"] = 1.0
    if group.listed is not None and place.state == group.listed:
        found["listed_state"] = 1.0
    if group.form in ("county", "counties"):
        found["county_form"] = 1.0 if place.kind == "county" else 0.0
    if place.id == vocabulary()["capital"]["id"]:
        found["capital"] = 1.0
    if place.country != "US":
        found["abroad"] = 1.0
        if any(count for state, count in context.states.items() if (state, group.key) not in context.own):
            found["abroad_in_us"] = 1.0
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


def beside_others(
    alone: Mapping[str, float],
    place: Place,
    votes: Mapping[str, float],
    anchors: Sequence[tuple[Place, float]],
) -> dict[str, float]:
    """Return the evidence `alone` for a sense with what other names add: their states and their nearness."""
    found = dict(alone)
    if "votes" in found and place.state:
        found["votes"] = votes.get(place.state, 0.0)
    if anchors and place.kind not in ("state", "country"):
        nearest = 20_000.0
        weight = 0.0
        for other, chance in anchors:
            if other.id == place.id or other.kind in ("state", "country"):
                continue
            apart = distance_km(place.lat, place.lon, other.lat, other.lon)
            nearest = min(nearest, apart / max(chance, 0.05))
            weight += chance * math.exp(-apart / 80)
        found["near"] = math.exp(-nearest / 100)
        found["nearby"] = math.log1p(weight)
    return found


def _softmax(scores: Sequence[float]) -> list[float]:
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
    """Set the probabilities of every group's senses, in two rounds: alone, then beside the others."""
    limits = vocabulary()["limits"]
    alone: list[list[dict[str, float]]] = []
    for group in groups:
        several = len(group.senses) > 1
        alone.append([sense_alone(group, named, context) for named in group.senses] if several else [])
        group.chances = (
            _softmax([score(each, first) for each in alone[-1]]) if several else [1.0] * len(group.senses)
        )
    near = groups[: int(limits["names"])]
    votes, anchors = neighbours(near, int(limits["anchors"]))
    updated = []
    for group, known in zip(groups, alone, strict=True):
        if not known:
            continue
        others, beside = without(group, votes, anchors)
        features = [
            beside_others(each, named.place, others, beside)
            for each, named in zip(known, group.senses, strict=True)
        ]
        updated.append((group, _softmax([score(each, second) for each in features])))
    for group, chances in updated:
        group.chances = chances
    _same_state(groups)


def _same_state(groups: Sequence[Group]) -> None:
    """Keep the counties of one list in one state: the likeliest that has them all, where one does."""
    lists: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for group in groups:
        first = group.spots[0]
        if first.series is not None and group.senses:
            lists[first.passage, first.series].append(group)
    for members in lists.values():
        shares = [_votes([group]) for group in members]
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


def _votes(groups: Sequence[Group]) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for group in groups:
        for (place, _), chance in zip(group.senses, group.chances, strict=True):
            if place.state and place.kind != "state":
                votes[place.state] += chance
    return dict(votes)


def neighbours(
    groups: Sequence[Group], limit: int
) -> tuple[dict[str, float], list[tuple[str, Place, float]]]:
    """Return each state's share of the names so far, and the likeliest (key, place, probability)."""
    known = [group for group in groups if group.senses and group.chances]
    anchors = []
    for group in known:
        best = group.best()
        if best is not None and best[1] >= 0.3:
            anchors.append((group.key, best[0].place, best[1]))
    anchors.sort(key=lambda anchor: -anchor[2])
    return _votes(known), anchors[:limit]


def without(
    group: Group, votes: Mapping[str, float], anchors: Sequence[tuple[str, Place, float]]
) -> tuple[dict[str, float], list[tuple[Place, float]]]:
    """Return the votes as shares and the anchors as `group` may use them: without its own part."""
    mine = _votes([group])
    total = sum(votes.values()) - sum(mine.values())
    others = {s: max(0.0, v - mine.get(s, 0.0)) / total for s, v in votes.items()} if total > 0.01 else {}
    return others, [(place, chance) for key, place, chance in anchors if key != group.key]


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
