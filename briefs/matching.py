"""Which plan of one reading is which plan of the next. Unsure means unmatched: withdrawn and new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from market.ids import slug
from market.records import Offer

Key = Callable[[Offer], Hashable | None]


def _same_key(offer: Offer) -> Hashable:
    return (offer.company, offer.plan_key, offer.segment, offer.technology, tuple(sorted(offer.market)))


def _same_key_and_speed(offer: Offer) -> Hashable:
    return (_same_key(offer), offer.down_mbps, offer.up_mbps)


def _same_key_and_price(offer: Offer) -> Hashable:
    return (_same_key_and_speed(offer), offer.monthly_cents, offer.promo_cents)


def _same_name(offer: Offer) -> Hashable:
    """A label's identifier is issued anew with its terms; name, kind and speed stay."""
    return (offer.company, slug(offer.plan_name), offer.segment, offer.technology, offer.down_mbps)


def _same_speed_and_price(offer: Offer) -> Hashable | None:
    """A plan renamed keeps company, market, speeds and price; without these three figures nobody can tell."""
    if offer.down_mbps is None or offer.monthly_cents is None:
        return None
    market = tuple(sorted(offer.market))
    figures = (offer.down_mbps, offer.up_mbps, offer.monthly_cents, offer.currency)
    return (offer.company, offer.segment, offer.technology, market, *figures)


_EXACT: tuple[Key, ...] = (_same_key_and_price, _same_key_and_speed, _same_key)
_LOOSE: tuple[Key, ...] = (_same_name, _same_speed_and_price)


def match(
    before: Sequence[Offer], after: Sequence[Offer], *, exact: bool = False
) -> tuple[list[tuple[int, Offer]], list[int], list[Offer]]:
    """Pair offers; return (index before, offer after) pairs, unmatched indexes before, unmatched after.

    Keys are tried from strict to loose (only the strict ones with `exact`). A loose key pairs only where
    one offer on each side has it.
    """
    left = dict(enumerate(before))
    right = dict(enumerate(after))
    pairs: list[tuple[int, Offer]] = []
    for key in _EXACT if exact else _EXACT + _LOOSE:
        ours, theirs = _groups(left, key), _groups(right, key)
        for value, indexes in ours.items():
            others = theirs.get(value, [])
            # Equal twins (one plan printed twice) pair off in order; under any other key twins are unsure.
            if key is not _same_key_and_price and (len(indexes) != 1 or len(others) != 1):
                continue
            for mine, other in zip(indexes, others, strict=False):
                pairs.append((mine, right.pop(other)))
                del left[mine]
    return pairs, sorted(left), list(right.values())


def _groups(offers: dict[int, Offer], key: Key) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, offer in offers.items():
        value = key(offer)
        if value is not None:
            groups[value].append(index)
    return groups
