"""Price changes: what differs between two observations of one plan (briefs/tracking.py pairs them)."""

from __future__ import annotations

from collections.abc import Sequence

from market.ids import slug
from market.records import Capture, Fee, Offer
from market.records.base import Record, UtcTime
from market.records.claim import MoveKind

TERMINATION = "early termination fee"
LIST, AUTOPAY, PROMO = "list price", "price with autopay", "promotional price"


class PriceChange(Record):
    """One difference of one plan between two readings of its source."""

    kind: MoveKind
    what: str
    """LIST, AUTOPAY, PROMO, or the fee's name as the source writes it."""
    before: Offer | None = None
    """The last observation before; None for a new plan."""
    after: Offer | None = None
    """The first observation after; None for a withdrawn plan."""
    before_cents: int | None = None
    after_cents: int | None = None
    unit: str = "a month"
    """"a month", or "one time" for fees paid once."""
    seen: Capture
    """The capture that showed it."""
    history: tuple[Offer, ...] = ()
    """The plan's terms so far, oldest first, each as first seen; `after` is the last."""
    since: UtcTime | None = None
    """When its source had been read before: the change happened between that moment and `seen`."""

    @property
    def offer(self) -> Offer:
        """The plan it is about: as it is now, or as it was last seen."""
        offer = self.after or self.before
        if offer is None:
            raise ValueError("a price change needs an offer before or after")
        return offer


def price_of(offer: Offer | None) -> tuple[str, int | None]:
    """Return what a plan's main price is and its cents: regular, else with autopay, else promotional.

    Some pages print no other price than the one that AutoPay or a promotion gives.
    """
    if offer is None or offer.monthly_cents is not None:
        return LIST, offer.monthly_cents if offer else None
    if offer.autopay_cents is not None:
        return AUTOPAY, offer.autopay_cents
    return (PROMO, offer.promo_cents) if offer.promo_cents is not None else (LIST, None)


def entry_price(offer: Offer) -> tuple[str, int | None]:
    """Return which slot holds what a new customer pays a month, and its cents."""
    for slot in ("promo_cents", "monthly_cents", "autopay_cents"):
        if (cents := getattr(offer, slot)) is not None:
            return slot, cents
    return "monthly_cents", None


def change_of(kind: MoveKind, before: Offer | None, after: Offer | None, capture: Capture) -> PriceChange:
    """Return a change of a plan as a whole, with its main price before and after."""
    what, cents = price_of(after or before)
    was, old = price_of(before)
    # Figures of two kinds (a regular price, then one with autopay) are not set against each other.
    old = old if was == what else None
    new = cents if after else None
    return PriceChange(
        kind=kind,
        what=what,
        before=before,
        after=after,
        before_cents=old,
        after_cents=new,
        seen=capture,
    )


def differences(before: Offer, after: Offer, capture: Capture) -> list[PriceChange]:
    """Return what changed between two observations of one plan."""
    if before.currency != after.currency:
        return []
    found: list[PriceChange] = []
    if _words(before.plan_name) != _words(after.plan_name):
        found.append(change_of("renamed", before, after, capture))
    moved = False
    for what, old, new in (
        (LIST, before.monthly_cents, after.monthly_cents),
        (AUTOPAY, before.autopay_cents, after.autopay_cents),
    ):
        # The price with autopay follows the list price: one line tells both.
        if old is not None and new is not None and old != new and not moved:
            found.append(_moved("rise" if new > old else "fall", what, before, after, old, new, capture))
            moved = True
    if after.quote_only != before.quote_only and _has_price(before) != _has_price(after):
        found.append(change_of("on-request" if after.quote_only else "published", before, after, capture))
        return found
    if (before.promo_cents, before.promo_months) != (after.promo_cents, after.promo_months):
        old, new = before.promo_cents, after.promo_cents
        found.append(_moved("promo", PROMO, before, after, old, new, capture))
    for once, old_fees, new_fees in (
        (False, before.monthly_fees, after.monthly_fees),
        (True, before.one_time_fees, after.one_time_fees),
    ):
        unit = "one time" if once else "a month"
        for what, old, new in _fees(old_fees, new_fees):
            found.append(_moved("fee", what, before, after, old, new, capture, unit))
    old, new = before.termination_cents, after.termination_cents
    if old is not None and new is not None and old != new:
        found.append(_moved("fee", TERMINATION, before, after, old, new, capture, "one time"))
    return found


def _has_price(offer: Offer) -> bool:
    return price_of(offer)[1] is not None


def _moved(
    kind: MoveKind,
    what: str,
    before: Offer,
    after: Offer,
    old: int | None,
    new: int | None,
    capture: Capture,
    unit: str = "a month",
) -> PriceChange:
    return PriceChange(
        kind=kind,
        what=what,
        before=before,
        after=after,
        before_cents=old,
        after_cents=new,
        unit=unit,
        seen=capture,
    )


def _fees(before: Sequence[Fee], after: Sequence[Fee]) -> list[tuple[str, int | None, int | None]]:
    """Return (name, before, after) of fees whose amount changed, came or went; ranges by their upper end."""
    old, new = _by_name(before), _by_name(after)
    found: list[tuple[str, int | None, int | None]] = []
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        amounts = _amount(was), _amount(now)
        # A fee whose amount is given in words on either side has no figure to compare.
        if (was and amounts[0] is None) or (now and amounts[1] is None) or amounts[0] == amounts[1]:
            continue
        name = (now or was or before[0]).name
        found.append((name, *amounts))
    return found


def _by_name(fees: Sequence[Fee]) -> dict[str, Fee]:
    """Return the fees by name, without names that stand twice: which of the two is meant is unknown."""
    names = [slug(fee.name) for fee in fees]
    return {name: fee for name, fee in zip(names, fees, strict=True) if names.count(name) == 1}


def _amount(fee: Fee | None) -> int | None:
    if fee is None:
        return None
    return fee.cents if fee.cents_max is None else fee.cents_max


def _words(name: str) -> str:
    return slug(name)
