"""Price changes: what differs between two readings of one source, and what only looks as if it did.

A reading that failed or found nothing says nothing about a plan (unseen); a difference that comes with a new
reader version is a correction of ours, not a change of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from briefs.matching import match
from briefs.rules import ChangeRules, rules
from market.ids import slug
from market.records import Capture, Fee, Offer, Reading
from market.records.base import Record, UtcTime
from market.records.claim import MoveKind

TERMINATION = "early termination fee"
LIST, AUTOPAY, PROMO = "list price", "price with autopay", "promotional price"

Observation = tuple[Capture, Reading | None, Sequence[Offer]]
"""One look at a source: the capture, its reading (None: never read) and the offers found."""


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
    since: UtcTime | None = None
    """When its source had been read before: the change happened between that moment and `seen`."""

    @property
    def offer(self) -> Offer:
        """The plan it is about: as it is now, or as it was last seen."""
        offer = self.after or self.before
        if offer is None:
            raise ValueError("a price change needs an offer before or after")
        return offer


@dataclass
class _Plan:
    offer: Offer
    present: bool = True
    doubted: bool = False
    """Absent in a reading that lacked too much to be believed at once."""
    unreadable: int = 0
    """How many rows its source could not be read in when the plan was last seen."""


def price_of(offer: Offer | None) -> tuple[str, int | None]:
    """Return what a plan's main price is and its cents: regular, else with autopay, else promotional.

    Some pages print no other price than the one that AutoPay or a promotion gives.
    """
    if offer is None or offer.monthly_cents is not None:
        return LIST, offer.monthly_cents if offer else None
    if offer.autopay_cents is not None:
        return AUTOPAY, offer.autopay_cents
    return (PROMO, offer.promo_cents) if offer.promo_cents is not None else (LIST, None)


def changes(observations: Iterable[Observation], limits: ChangeRules | None = None) -> list[PriceChange]:
    """Return the changes of one source's plans in order of time; the first reading is the base line."""
    limits = limits or rules().changes
    plans: list[_Plan] = []
    last: Reading | None = None
    looked: datetime | None = None
    found: list[PriceChange] = []
    for capture, reading, offers in observations:
        if reading is None or reading.outcome != "read" or capture.truncated:
            continue
        if last is None:
            plans = [_Plan(offer, unreadable=_unreadable(reading)) for offer in offers]
        else:
            corrects = reading.reader_version != last.reader_version
            step = _step(plans, capture, reading, last, offers, limits, corrects)
            found += [change.model_copy(update={"since": looked}) for change in step]
        last, looked = reading, capture.fetched_at
    return found


def _step(
    plans: list[_Plan],
    capture: Capture,
    reading: Reading,
    last: Reading,
    offers: Sequence[Offer],
    limits: ChangeRules,
    corrects: bool,
) -> list[PriceChange]:
    """Bring `plans` up to one reading and return what changed."""
    found: list[PriceChange] = []
    present = [plan for plan in plans if plan.present]
    pairs, gone, come = match([plan.offer for plan in present], offers)
    for index, offer in pairs:
        plan = present[index]
        found += differences(plan.offer, offer, capture)
        plan.offer, plan.doubted, plan.unreadable = offer, False, _unreadable(reading)
    absent = [plan for plan in plans if not plan.present]
    found += _gone([present[index] for index in gone], len(present), capture, reading, limits)
    back, _, fresh = match([plan.offer for plan in absent], come, exact=True)
    for index, offer in back:
        plan = absent[index]
        found.append(_change("reappeared", plan.offer, offer, capture))
        plan.offer, plan.present, plan.unreadable = offer, True, _unreadable(reading)
    # Rows that could not be read last time may hold the plans that seem new now.
    if len(fresh) > _unreadable(last) - _unreadable(reading):
        found += [_change("new", None, offer, capture) for offer in fresh]
    plans += [_Plan(offer, unreadable=_unreadable(reading)) for offer in fresh]
    if corrects:
        return [change.model_copy(update={"kind": "correction"}) for change in found]
    return found


def _gone(
    gone: list[_Plan], known: int, capture: Capture, reading: Reading, limits: ChangeRules
) -> list[PriceChange]:
    """Return the withdrawals among plans that a reading lacks; the others stay as they were, unseen."""
    # Rows that have become unreadable since may hold the plans that seem gone.
    if not gone or len(gone) <= _unreadable(reading) - min(plan.unreadable for plan in gone):
        return []
    fresh = [plan for plan in gone if not plan.doubted]
    if len(fresh) >= limits.vanish_least and len(gone) > limits.vanish_share * known:
        for plan in fresh:
            plan.doubted = True
        gone = [plan for plan in gone if plan not in fresh]
    for plan in gone:
        plan.present = False
    return [_change("withdrawn", plan.offer, None, capture) for plan in gone]


def _unreadable(reading: Reading) -> int:
    return reading.counts.get("rows_reported", 0)


def _change(kind: MoveKind, before: Offer | None, after: Offer | None, capture: Capture) -> PriceChange:
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
        found.append(_change("renamed", before, after, capture))
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
        found.append(_change("on-request" if after.quote_only else "published", before, after, capture))
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
