"""How prices, builds and news stand to the territories of one reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from market.places.gazetteer import Gazetteer
from market.places.territory import Cover, Relation, cover, relation
from market.records import Holding, Place, Territory

_NATIONAL = frozenset({"us", "usa", "united states", "national", "nationwide"})
_RANK: dict[Relation, int] = {"in": 2, "near": 1, "out": 0}


class Reach:
    """The union of some territories. Without any, every place is in reach."""

    def __init__(self, territories: Sequence[Territory], gazetteer: Gazetteer) -> None:
        covers = [cover(territory, gazetteer) for territory in territories]
        self._gazetteer = gazetteer
        self._everywhere = not territories
        self._cover = Cover(
            counties=frozenset().union(*(item.counties for item in covers)),
            states_whole=frozenset().union(*(item.states_whole for item in covers)),
            states_part=frozenset().union(*(item.states_part for item in covers))
            - frozenset().union(*(item.states_whole for item in covers)),
        )
        self._places: dict[int, Relation] = {}
        self._markets: dict[tuple[str, ...], Holding] = {}

    def place(self, place: Place) -> Relation:
        """Return whether a place is in the territories, near them or out."""
        if self._everywhere:
            return "in"
        if place.id not in self._places:
            self._places[place.id] = relation(place, self._cover, self._gazetteer)
        return self._places[place.id]

    def best(self, places: Iterable[Place]) -> Relation:
        """Return how the nearest of some places stands; "out" when there are none."""
        return max((self.place(place) for place in places), key=lambda found: _RANK[found], default="out")

    def market(self, names: tuple[str, ...]) -> Holding:
        """Return where a price with this market holds; an unknown name makes it unknown, not elsewhere."""
        if names not in self._markets:
            self._markets[names] = self._market(names)
        return self._markets[names]

    def _market(self, names: tuple[str, ...]) -> Holding:
        if any(name.strip().lower() in _NATIONAL for name in names):
            return "national"
        places = [self._gazetteer.find(name) or self._gazetteer.state(name) for name in names]
        known = [place for place in places if place is not None]
        if any(place.kind == "country" and place.country == "US" for place in known):
            return "national"
        for place in known:
            found = self.place(place)
            # A price for a whole state holds in the part of it that the territory is.
            if found == "in" or (found == "near" and place.kind == "state"):
                return "territory"
        return "elsewhere" if known and len(known) == len(names) else "unknown"


def place_names(places: Iterable[Place]) -> str:
    """Return "Greenville and Greer, SC": names joined, those of one state sharing its postal code."""
    by_state: dict[str, list[str]] = {}
    for place in places:
        code = (place.state or "") if place.kind != "state" else ""
        names = by_state.setdefault(code, [])
        if place.name not in names:
            names.append(place.name)
    parts = [_and(names) + (f", {code}" if code else "") for code, names in by_state.items()]
    return "; ".join(parts) if len(parts) > 2 else " and ".join(parts)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
