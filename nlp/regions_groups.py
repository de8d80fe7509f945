"""Which mentions of a document share one sense: those of one name with the same state beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from market.places.gazetteer import Named
from market.records import Place
from nlp.regions_spans import Spot


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
    looks: list[dict[str, float]] = field(default_factory=list)
    """The evidence for each sense as last weighed; empty for a single sense."""

    def best(self) -> tuple[Named, float] | None:
        """Return the likeliest sense and its probability, or None without senses."""
        if not self.senses:
            return None
        top = max(range(len(self.senses)), key=self.chances.__getitem__)
        return self.senses[top], self.chances[top]


def groups_of(spots: Sequence[Spot], apart: bool = False) -> list[Group]:
    """Return the groups of the spots; `apart` gives every spot its own (a measurement's use).

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
        alone = state is None and country is None and not apart
        if alone and stated[spot.key] and spot.form in ("name", "counties"):
            state, country = stated[spot.key].most_common(1)[0][0]
            if not any(fits(named.place, state, country) for named in spot.senses):
                state = country = None
        whole = states.get(spot.key)
        if whole is not None and alone and state is None and country is None and spot.form == "name":
            spot.senses, spot.form = whole.senses, "state"
        series = (spot.passage, spot.series) if spot.series is not None else None
        identity = (
            spot.key,
            state,
            country,
            spot.form,
            spot.wide,
            series,
            (spot.passage, spot.start)[: 2 * apart],
        )
        if identity not in found:
            found[identity] = Group(
                spot.key, state, country, spot.form, spot.wide, spot.listed, senses=_meant(spot)
            )
        found[identity].spots.append(spot)
    return list(found.values())


def _meant(spot: Spot) -> tuple[Named, ...]:
    """Return the senses of a spot; a state's bare name is no county of another state or its own."""
    if spot.form == "name" and any(named.place.kind == "state" for named in spot.senses):
        return tuple(named for named in spot.senses if named.flag != "b")
    return spot.senses


def fits(place: Place, state: str | None, country: str | None) -> bool:
    """Return whether a place lies in the state or country that stands beside its name."""
    if state is not None:
        return place.state == state and place.kind != "state"
    return place.country == country and place.kind != "country"
