"""Applying an analyst's corrections to published plans: whose they are, and where they are sold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from market.corrections import in_force
from market.places.gazetteer import Gazetteer
from market.records import Correction, Offer
from market.records.correction import ALL_PLANS


class PriceCorrector:
    """Applies the corrections of plans that are in force to offers; others stay as they are."""

    def __init__(self, corrections: Iterable[Correction], gazetteer: Gazetteer) -> None:
        self.corrections = tuple(one for one in in_force(corrections) if one.scope == "plan")
        self._gazetteer = gazetteer
        self.effective: set[str] = set()
        """Ids of the corrections that have changed an offer so far."""
        self.met: set[str] = set()
        """Ids of those whose plan has been seen so far."""

    def __call__(self, offer: Offer, pages: Collection[str], names: Collection[str]) -> Offer:
        """Return the offer, as its page says it, with the corrections of its plan applied in order.

        `pages` are the ids of its page and of its source's address (`Correction.record_id`), `names` all
        names that the plan has borne, in small letters.
        """
        meant = [
            one
            for one in self.corrections
            if one.record_id in pages and (one.part == ALL_PLANS or one.part.casefold() in names)
        ]
        self.met.update(one.id for one in meant)
        for one in meant:
            before = offer
            offer = self._place(offer, one) if one.kind == "place" else _company(offer, one)
            if offer != before:
                self.effective.add(one.id)
        return offer.model_copy(update={"corrections": tuple(meant)}) if meant else offer

    def _place(self, offer: Offer, correction: Correction) -> Offer:
        if correction.action == "add":
            market: Sequence[str] = (*offer.market, correction.name)
        else:
            new = [correction.new_name] if correction.action == "replace" else []
            market = [
                each
                for name in offer.market
                for each in (new if self._id(name) == correction.target else [name])
            ]
        return offer.model_copy(update={"market": tuple(dict.fromkeys(market))})

    def _id(self, name: str) -> str:
        place = self._gazetteer.find(name) or self._gazetteer.state(name)
        return str(place.id) if place is not None else ""


def _company(offer: Offer, correction: Correction) -> Offer:
    if offer.company != correction.target:
        return offer
    return offer.model_copy(update={"company": correction.new_target or offer.company})
