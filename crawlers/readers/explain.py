"""Why each slot of an offer has its value: the words, where they stand, and the rule that read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crawlers.readers.pricelist import read_offers
from crawlers.readers.told import SETTINGS, Step
from market.records import Capture, CssPath, Evidence, Offer, Source

_OTHER = frozenset(
    {"id", "capture_id", "source_id", "source_row", "company", "provider_raw", "plan_key", "observed_at"}
) | {"evidence", "price_raw", "technology_raw"}
"""Fields that no words on the page are read into, or that repeat those of another slot."""
_PRICES = ("monthly_cents", "promo_cents", "autopay_cents")
_RULES = {
    "json": "a value of the page's JSON-LD or state, by its key",
    "cell": "a cell of the file, by its column",
    "page": "a line of the price list, by its columns",
}
_LABEL = "a row of a broadband label or of a table of prices, by its name"
NATIONWIDE = "a provider's label file that names no places holds for all that it serves"


def valued_slots(offer: Offer) -> Iterator[str]:
    """Yield the slots of an offer that say something, each entry of a list apart: "monthly_fees[0]"."""
    for name in Offer.model_fields:
        value = getattr(offer, name)
        if name in _OTHER or value in (None, "unknown", "", ()) or value is False:
            continue
        if name == "currency" and all(getattr(offer, price) is None for price in _PRICES):
            continue
        if name.endswith("_fees") or name == "bundled_with":
            yield from (f"{name}[{number}]" for number in range(len(value)))
        else:
            yield name


def slot_value(offer: Offer, slot: str) -> Any:
    """Return a slot's value as JSON; "monthly_fees[0]" is one fee, and "monthly_fees.name" proves the names
    of all.
    """
    name, _, rest = slot.partition("[")
    value = getattr(offer, name.partition(".")[0], None)
    number = rest.partition("]")[0]
    if isinstance(value, tuple) and number.isdigit() and int(number) < len(value):
        value = (value[int(number)],)
    if not isinstance(value, tuple):
        return value
    return [each.model_dump(mode="json") if hasattr(each, "model_dump") else each for each in value]


class Explainer:
    """Explains the offers of one capture; a plan page is read again for the rules."""

    def __init__(self, capture: Capture, body: bytes, source: Source, now: datetime) -> None:
        steps = read_offers(capture, body, source, now).steps if capture.reader == "offers" else []
        self._source = source
        self._by_slot = {(step.record_id, step.slot): step for step in steps}
        self._by_place = {(step.slot, step.css): step for step in steps if step.css}
        """Steps of another showing of the same plan, whose slots were put together with this one's."""

    def offer(self, offer: Offer) -> Iterator[dict[str, Any]]:
        """Yield, for each piece of evidence and then for each slot without any, the slot, its value, the
        words, the quote, where it stands (None outside of any document) and the rule.
        """
        proved = {each.slot for each in offer.evidence}
        yield from (self._proved(offer, each) for each in offer.evidence)
        for slot in valued_slots(offer):
            # A cell may prove all fees at once.
            if proved.isdisjoint({slot, slot.partition("[")[0]}):
                found = self._by_slot.get((offer.id, slot)) or self._from_settings(offer, slot)
                if found is not None:
                    yield _row(offer, slot, found.words, found.rule)

    def _proved(self, offer: Offer, evidence: Evidence) -> dict[str, Any]:
        where = evidence.where
        step = self._by_slot.get((offer.id, evidence.slot))
        if isinstance(where, CssPath) and (step is None or step.css != where.path):
            step = self._by_place.get((evidence.slot, where.path))
        rule = step.rule if step else _RULES.get(where.at, _LABEL)
        row = _row(offer, evidence.slot, step.words if step else evidence.quote, rule)
        return row | {
            "quote": evidence.quote,
            "where": where.model_dump(mode="json", exclude_defaults=True) | {"at": where.at},
            "reader": f"{evidence.reader} {evidence.reader_version}",
        }

    def _from_settings(self, offer: Offer, slot: str) -> Step | None:
        """Return the step of what the analyst's settings say, of a label file too; None for other slots."""
        options = self._source.options
        if slot == "segment" and offer.segment == options.segment:
            return Step(offer.id, slot, options.segment, "", SETTINGS)
        if slot == "market" and offer.market == options.market:
            return Step(offer.id, slot, "; ".join(options.market), "", SETTINGS)
        if slot == "market" and offer.market == ("US",) and self._source.company:
            return Step(offer.id, slot, "", "", NATIONWIDE)
        return None


def _row(offer: Offer, slot: str, words: str, rule: str) -> dict[str, Any]:
    return {
        "plan": offer.plan_name,
        "slot": slot,
        "value": slot_value(offer, slot),
        "words": words,
        "quote": "",
        "where": None,
        "rule": rule,
    }
