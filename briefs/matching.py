"""Which plan of one reading is which plan of the next. Unsure means unmatched: withdrawn and new.

An internet plan and a bundle, or two bundles of different services, are never one plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from briefs.changes import price_of
from market.ids import slug
from market.records import Offer

Key = Callable[[Offer], Hashable | None]


def _kind(offer: Offer) -> tuple[str, ...]:
    """What no name or price pairs with another: the company, for whom, over what, with which services."""
    return (offer.company, offer.segment, offer.technology, *offer.bundled_with)


def _same_key(offer: Offer) -> Hashable:
    return (_kind(offer), offer.plan_key, tuple(sorted(offer.market)))


def _same_key_and_speed(offer: Offer) -> Hashable:
    return (_same_key(offer), offer.down_mbps, offer.up_mbps)


def _same_key_and_price(offer: Offer) -> Hashable:
    return (_same_key_and_speed(offer), offer.monthly_cents, offer.promo_cents)


def _same_name(offer: Offer) -> Hashable:
    """A label's identifier is issued anew with its terms; name, kind, market and speed stay."""
    return (_kind(offer), slug(offer.plan_name), tuple(sorted(offer.market)), offer.down_mbps)


def _same_but_market(offer: Offer) -> Hashable | None:
    """A plan that is sold elsewhere too, or elsewhere now, keeps name, speeds and price."""
    figures = _figures(offer)
    return figures and (_kind(offer), slug(offer.plan_name), *figures)


def _same_but_name(offer: Offer) -> Hashable | None:
    """A plan renamed keeps company, market, speeds and price; without these figures nobody can tell."""
    figures = _figures(offer)
    return (
        None if offer.down_mbps is None else figures and (_kind(offer), tuple(sorted(offer.market)), *figures)
    )


def _same_but_technology(offer: Offer) -> Hashable | None:
    """A page that begins to name the technology shows the plan it showed before."""
    figures = _figures(offer)
    sold = (offer.company, offer.segment, offer.bundled_with, tuple(sorted(offer.market)))
    return figures and (sold, slug(offer.plan_name), *figures)


def _same_but_places(offer: Offer) -> Hashable:
    """A plan whose market grows or shrinks as its price moves: only of markets that share a place."""
    return (_kind(offer), slug(offer.plan_name), offer.down_mbps)


def _figures(offer: Offer) -> tuple[object, ...] | None:
    """Return speeds and main price; None for a plan without a price."""
    what, cents = price_of(offer)
    return None if cents is None else (offer.down_mbps, offer.up_mbps, what, cents, offer.currency)


_EXACT: tuple[Key, ...] = (_same_key_and_price, _same_key_and_speed, _same_key)
_LOOSE: tuple[Key, ...] = (
    _same_name,
    _same_but_market,
    _same_but_name,
    _same_but_technology,
    _same_but_places,
)


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
            if key is _same_but_places and not {*left[indexes[0]].market} & {*right[others[0]].market}:
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
