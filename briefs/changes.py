"""Price changes: what differs between two observations of one plan (briefs/tracking.py pairs them)."""

from __future__ import annotations

from collections.abc import Sequence

from briefs.wording import market_label, mbps, technology_label
from market.ids import slug
from market.records import Capture, Fee, Offer, PlanMove
from market.records.base import Record
from market.records.claim import MoveKind

TERMINATION = "early termination fee"
LIST, AUTOPAY, PROMO = "list price", "price with autopay", "promotional price"


class PriceChange(Record):
    """A move of the price ledger with the observations behind it, as it is told to a reader."""

    move: PlanMove
    before: Offer | None = None
    """The last observation before; None for a new plan."""
    after: Offer | None = None
    """The first observation after; None for a withdrawn plan."""
    history: tuple[Offer, ...] = ()
    """The plan's terms up to the move, oldest first, each as first seen."""

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


def move_of(kind: MoveKind, before: Offer | None, after: Offer | None, capture: Capture) -> PlanMove:
    """Return the move of a plan as a whole that `capture` shows, with its main price before and after."""
    what, cents = price_of(after or before)
    was, old = price_of(before)
    # Figures of two kinds (a regular price, then one with autopay) are not set against each other.
    return _moved(kind, what, before, after, old if was == what else None, cents if after else None, capture)


def differences(before: Offer, after: Offer, capture: Capture) -> list[PlanMove]:
    """Return what changed between two observations of one plan; `capture` shows the later one."""
    if before.currency != after.currency:
        return []
    found: list[PlanMove] = []
    if _words(before.plan_name) != _words(after.plan_name):
        found.append(move_of("renamed", before, after, capture))
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
        found.append(move_of("on-request" if after.quote_only else "published", before, after, capture))
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
    return found + _terms_moved(before, after, capture)


def _terms_moved(before: Offer, after: Offer, capture: Capture) -> list[PlanMove]:
    """Return the moves of terms that both state, and of prices that came beside others or went."""
    found: list[PlanMove] = []
    if _has_price(before) and _has_price(after):
        for what, old, new in (
            (LIST, before.monthly_cents, after.monthly_cents),
            (AUTOPAY, before.autopay_cents, after.autopay_cents),
        ):
            if (old is None) != (new is None):
                found.append(_moved("terms", what, before, after, old, new, capture))
    was, now = _in_words(before), _in_words(after)
    for what, words in was.items():
        if words and now[what] and words != now[what]:
            move = _moved("terms", what, before, after, None, None, capture, "")
            found.append(move.model_copy(update={"before_words": words, "after_words": now[what]}))
    return found


def _in_words(offer: Offer) -> dict[str, str]:
    """Return the terms that are no money; "" where the source says nothing."""
    months, cap = offer.contract_months, offer.data_cap_gb
    return {
        "download speed": _speed(offer.down_mbps, offer.down_mbps_max),
        "upload speed": _speed(offer.up_mbps, offer.up_mbps_max),
        "contract": "" if months is None else f"{months} months" if months else "none",
        "data": "unlimited" if offer.unlimited_data else "" if cap is None else f"{cap:g} GB",
        "technology": technology_label(offer.technology),
        "market": market_label(sorted(offer.market)) if offer.market else "",
    }


def _speed(low: float | None, high: float | None) -> str:
    return f"{mbps(low, high)} Mbps" if mbps(low, high) else ""


def _has_price(offer: Offer) -> bool:
    return price_of(offer)[1] is not None


def _moved(
    kind: MoveKind,
    what: str,
    before: Offer | None,
    after: Offer | None,
    old: int | None,
    new: int | None,
    capture: Capture,
    unit: str = "a month",
) -> PlanMove:
    return PlanMove(
        kind=kind,
        what=what,
        before_cents=old,
        after_cents=new,
        unit=unit,
        before_offer=before.id if before else None,
        after_offer=after.id if after else None,
        before_capture=before.capture_id if before else None,
        after_capture=after.capture_id if after else None,
        seen_capture=capture.id,
        seen_at=capture.fetched_at,
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
