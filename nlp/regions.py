"""Places in a text: which words name one, and which place it is.

A scan finds every spot where a name of the gazetteer stands; two small linear models, fitted beforehand
(data/regions_weights.json), say how likely the spot names a place at all and which of its senses is meant.
What stays below the thresholds is left unresolved: unknown beats a guess.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from market.places.gazetteer import Gazetteer, Named
from market.places.names import name_key
from market.records import Place
from nlp.document import Field, Passage, Span
from nlp.regions_analysis import Analysis, analyse, chance_of
from nlp.regions_context import Context, people_of
from nlp.regions_explain import Grounds, grounds_of
from nlp.regions_groups import Group, groups_of
from nlp.regions_senses import area_of, resolve
from nlp.regions_spans import Scanner, Spot

_CANDIDATES = 5
_LISTED = 0.2
"""How much less sure a name need be in a list with its state at the end, which the fitted texts lack."""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Words that name a place. `place` is None where it is not sure enough which."""

    field: Field
    start: int
    end: int
    text: str
    place: Place | None
    method: str
    """What decided: "city-state", "state", "county", "zip", "home-state", "document", "nearby", "only-sense",
    "population"."""
    score: float
    """Calibrated probability from 0 to 1 that the words name this place."""
    inside_org: bool = False
    """True inside an organisation's name: the article need not be about the place."""
    attached: bool = False
    """True for the state in "Fort Smith, Ark.": it says which city, and is not a topic of its own."""
    area: Place | None = None
    """The region or metro that the word before makes of it: "northwest" Arkansas, "metro" Atlanta."""
    candidates: tuple[tuple[Place, float], ...] = ()
    """The likeliest senses with their probabilities, for explanations."""
    chance: float = 1.0
    """Probability that the words name a place at all, not calibrated."""
    grounds: Grounds | None = None
    """What decided, where it was asked for."""


@lru_cache(maxsize=1)
def weights() -> dict[str, Any]:
    """Return the fitted weights and thresholds: detect, again, first, second, calibration, thresholds.

    "by_hand" names the weights that no fit may change, each with the reason.
    """
    loaded: dict[str, Any] = json.loads(files("nlp.data").joinpath("regions_weights.json").read_text("utf-8"))
    return loaded


class Regions:
    """Finds and resolves places. Safe to share between threads and to pickle."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        model: Mapping[str, Any] | None = None,
        *,
        scanner: Scanner | None = None,
        apart: bool = False,
        explain: bool = False,
    ) -> None:
        """`model` replaces the shipped weights (the fitting command's use); `explain` gives mentions grounds.

        A `scanner` that sees less, and names read `apart` (not one sense a document), are for measuring.
        """
        self.gazetteer = gazetteer
        self._scanner = scanner if scanner is not None else Scanner(gazetteer)
        self._model = model
        self._apart = apart
        self._explain = explain

    @property
    def model(self) -> Mapping[str, Any]:
        """The weights in use."""
        return self._model if self._model is not None else weights()

    def analyse(
        self,
        passages: Sequence[Passage],
        home_state: str | None = None,
        footprint: Collection[str] = (),
        exclude: Mapping[Field, Sequence[Span]] | None = None,
    ) -> Analysis:
        """Return the spots of a document and the probability of each that it names a place."""
        return analyse(
            passages, self.gazetteer, self._scanner, self.model, home_state, footprint, exclude or {}
        )

    def find(
        self,
        passages: Sequence[Passage],
        *,
        home_state: str | None = None,
        footprint: Collection[str] = (),
        exclude: Mapping[Field, Sequence[Span]] | None = None,
    ) -> tuple[PlaceMention, ...]:
        """Return the place mentions of a document's passages (title and text), in order.

        `home_state` is the postal code of the state the source writes from, `footprint` those of the states
        its company serves, `exclude` spans by field that are known to name something else (companies).
        """
        work = self.analyse(passages, home_state, footprint, exclude)
        limit = self.model["thresholds"]
        kept = [
            n
            for n, chance in enumerate(work.chances)
            if chance >= limit["detect"] - (_LISTED if work.spots[n].listed else 0.0)
        ]
        groups = groups_of([work.spots[n] for n in kept], self._apart)
        resolve(groups, work.context, self.model["first"], self.model["second"])
        chances = {id(work.spots[n]): work.chances[n] for n in kept}
        found = []
        for group in groups:
            likeliest = _likeliest(group)
            found += [self._mention(work, spot, group, chances[id(spot)], likeliest) for spot in group.spots]
        order = {passage.field: number for number, passage in enumerate(passages)}
        found.sort(key=lambda mention: (order[mention.field], mention.start))
        return tuple(found)

    def given(
        self,
        passages: Sequence[Passage],
        spans: Sequence[tuple[Field, Span]],
        *,
        home_state: str | None = None,
        footprint: Collection[str] = (),
    ) -> tuple[PlaceMention, ...]:
        """Return one mention a given span, in the order given; `place` is None for a name nobody knows."""
        work = self.analyse(passages, home_state, footprint)
        fields = [passage.field for passage in passages]
        at = {(spot.passage, spot.start, spot.end): spot for spot in work.spots}
        asked: list[Spot] = []
        for name, span in spans:
            part = fields.index(name)
            asked.append(at.get((part, span.start, span.end)) or self._asked(work, part, span))
        taken = {id(spot) for spot in asked}
        limit = self.model["thresholds"]["detect"]
        near = [s for s, c in zip(work.spots, work.chances, strict=True) if c >= limit or id(s) in taken]
        known = {id(spot) for spot in near}
        groups = groups_of(near + [spot for spot in asked if id(spot) not in known])
        resolve(groups, work.context, self.model["first"], self.model["second"])
        mine = {id(spot): group for group in groups for spot in group.spots}
        found = []
        for spot, (_, span) in zip(asked, spans, strict=True):
            group = mine[id(spot)]
            mention = self._mention(work, spot, group, 1.0, _likeliest(group), unsure=True)
            text = work.passages[spot.passage].text
            found.append(replace(mention, start=span.start, end=span.end, text=text[span.start : span.end]))
        return tuple(found)

    def _asked(self, work: Analysis, part: int, span: Span) -> Spot:
        """Make a spot of a span that the scan did not find: its whole name, or the best known within."""
        text = work.passages[part].text[span.start : span.end]
        inside = [s for s in work.spots if s.passage == part and s.start < span.end and s.end > span.start]
        key = name_key(text)
        senses: tuple[Named, ...] = ()
        for form in (key, key.removeprefix("the "), f"{key} city", f"{key} county"):
            senses = senses or self.gazetteer.named(form)
        best = max(inside, key=lambda spot: (_known(spot), spot.end - spot.start), default=None)
        if not senses and best is not None:
            return replace(best, features={})
        first = next((n for n, token in enumerate(work.words[part]) if token.end > span.start), 0)
        return Spot(part, first, first + 1, span.start, span.end, text, key, senses)

    def _mention(
        self,
        work: Analysis,
        spot: Spot,
        group: Group,
        chance: float,
        likeliest: tuple[tuple[Place, float], ...],
        unsure: bool = False,
    ) -> PlaceMention:
        passage = work.passages[spot.passage]
        entity = work.entities[spot.passage].at(spot.start, spot.end)
        org = (
            entity is not None
            and entity.label == "ORG"
            and entity.end - entity.start > spot.end - spot.start + 4
        )
        best = group.best()
        place: Place | None = None
        sure = 0.0
        method = "unknown"
        if best is not None:
            named, sense = best
            sure = calibrated(chance * sense, self.model["calibration"])
            if unsure or sure >= self.model["thresholds"]["accept"] - (_LISTED if spot.listed else 0.0):
                place = named.place
                method = _method(group, named, work.context)
        return PlaceMention(
            field=passage.field,
            start=spot.start,
            end=spot.end,
            text=passage.text[spot.start : spot.end],
            place=place,
            method=method,
            score=round(sure, 4),
            inside_org=org,
            attached=spot.attached,
            area=area_of(group, self.gazetteer, place) if place is not None else None,
            candidates=likeliest,
            chance=round(chance, 4),
            grounds=grounds_of(spot, group, self.model) if self._explain else None,
        )


def _likeliest(group: Group) -> tuple[tuple[Place, float], ...]:
    """Return the likeliest senses of a group, one for all its mentions."""
    ranked = sorted(zip(group.senses, group.chances, strict=True), key=lambda pair: -pair[1])
    return tuple((named.place, round(share, 4)) for named, share in ranked[:_CANDIDATES])


def _known(spot: Spot) -> int:
    """Return how many people the largest place has that a spot may name."""
    return max((people_of(named) for named in spot.senses), default=0)


def calibrated(chance: float, calibration: Mapping[str, float]) -> float:
    """Return the probability that a resolution judged `chance` likely is right, as measured when fitting."""
    chance = max(1e-6, min(1 - 1e-6, chance))
    odds = math.log(chance / (1 - chance))
    return chance_of(calibration["slope"] * odds + calibration["bias"])


def _method(group: Group, named: Named, context: Context) -> str:
    place = named.place
    if group.form == "zip":
        return "zip"
    if place.kind in ("state", "country"):
        return place.kind
    if group.state is not None or group.country is not None:
        return "city-state"
    if place.kind == "county":
        return "county"
    if len(group.senses) == 1:
        return "only-sense"
    if context.home is not None and place.state == context.home:
        return "home-state"
    if place.state is not None and context.states[place.state]:
        return "document"
    return "nearby" if place.population < max(n.place.population for n in group.senses) else "population"
