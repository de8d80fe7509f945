"""Plans that a page shows more than once, and plans of one name that are several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from market.records import Offer

_SAME = ("plan_key", "segment", "monthly_cents", "promo_cents", "autopay_cents", "quote_only")
"""Slots in which two showings of one plan agree."""
_MORE = ("promo_months", "down_mbps", "up_mbps", "contract_months")
"""Slots that one showing may leave out."""


def distinct(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Leave out a plan shown again (tabs, cloned slides, sticky bars, a narrower copy for phones) and give
    plans of one name keys of their own.
    """
    kept: list[Offer] = []
    for offer in offers:
        at = next((at for at, other in enumerate(kept) if _again(offer, other)), None)
        if at is None:
            kept.append(offer)
        elif _told(offer) > _told(kept[at]):
            kept[at] = offer
    keys: Counter[str] = Counter()
    for offer in kept:
        keys[offer.plan_key] += 1
        if keys[offer.plan_key] > 1 and offer.down_mbps is not None:
            # Same name, another plan: the speed parts them as a reader would.
            key = f"{offer.plan_key}-{offer.down_mbps:g}".replace(".", "-")
            keys[key] += 1
            offer = offer.model_copy(update={"plan_key": key if keys[key] == 1 else f"{key}-{keys[key]}"})
        elif keys[offer.plan_key] > 1:
            offer = offer.model_copy(update={"plan_key": f"{offer.plan_key}-{keys[offer.plan_key]}"})
        yield offer


def _told(offer: Offer) -> int:
    return sum(getattr(offer, slot) is not None for slot in _MORE)


def _again(one: Offer, two: Offer) -> bool:
    return all(getattr(one, slot) == getattr(two, slot) for slot in _SAME) and all(
        None in (getattr(one, slot), getattr(two, slot)) or getattr(one, slot) == getattr(two, slot)
        for slot in _MORE
    )
