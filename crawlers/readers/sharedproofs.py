"""The proof of what an offer has from its page as a whole: segment, market, technology, currency."""

from __future__ import annotations

from crawlers.readers.frame import Frame
from crawlers.readers.told import Proofs
from market.records import Evidence, Offer

_SLOTS = {"segment": "unknown", "technology": "unknown", "market": (), "currency": "USD"}
"""The slots, each with its value where nothing was said."""
_FOR_HOMES = "a page for homes and businesses: what stands beside the plans for businesses is for homes"


class SharedProofs:
    """Adds evidence and steps for the slots that the page, not the plan's own part of it, told."""

    def __init__(self, frame: Frame, proofs: Proofs) -> None:
        self._frame, self._proofs = frame, proofs
        self._told = {(step.record_id, step.slot) for step in proofs.steps}

    def prove(self, offer: Offer) -> Offer:
        """Return the offer with the evidence of such slots; what is in no document gets a step alone."""
        proved = {each.slot for each in offer.evidence}
        added: list[Evidence] = []
        for slot, nothing in _SLOTS.items():
            value = getattr(offer, slot)
            if value == nothing or slot in proved or (offer.id, slot) in self._told:
                continue
            told = self._frame.told.get(slot)
            if slot == "segment" and (told is None or told.value != value) and value == "residential":
                homes = self._frame.homes
                told = homes._replace(said=homes.said._replace(rule=_FOR_HOMES)) if homes else None
            if told is not None and told.value == value:
                added.extend(self._proofs.told(offer.id, slot, told))
        return offer.model_copy(update={"evidence": (*offer.evidence, *added)}) if added else offer
