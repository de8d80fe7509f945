"""What a plan comes to over one, two or three years, with every assumption named."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from briefs.wording import monthly
from market.records import Fee, Offer
from market.records.base import Record

MONTHS = (12, 24, 36)
"""The stretches that are compared, in months."""


class Cost(Record):
    """The whole of a plan's published charges over some months, taxes left out.

    Two ends, where the source leaves something open (a fee "up to", a promotion without an end); equal where
    it does not.
    """

    months: int
    low_cents: int
    high_cents: int
    assumptions: tuple[str, ...] = ()

    @property
    def monthly_low(self) -> int:
        """The lower end spread over the months, in cents, half up."""
        return (2 * self.low_cents + self.months) // (2 * self.months)

    @property
    def monthly_high(self) -> int:
        """The upper end spread over the months, in cents, half up."""
        return (2 * self.high_cents + self.months) // (2 * self.months)


@cache
def price_rules() -> dict[str, Any]:
    """Return prices.toml."""
    return tomllib.loads(files("briefs").joinpath("prices.toml").read_text(encoding="utf-8"))


def cost_over(offer: Offer, months: int) -> Cost | None:
    """Return what `offer` costs over `months`; None when its page prints no price or another currency."""
    if offer.currency != "USD":
        return None
    service = _service(offer, months)
    if service is None:
        return None
    low, high, notes = service
    if offer.price_from:
        notes = ["the source gives its price as the lowest of several (from)", *notes]
    for fees, times in ((offer.monthly_fees, months), (offer.one_time_fees, 1)):
        fee_low, fee_high, words = _fees(fees, times, _left_out(offer))
        low, high, notes = low + fee_low, high + fee_high, [*notes, *words]
    if not offer.monthly_fees and not offer.one_time_fees:
        notes.append("the source names no fees; there may be some")
    if offer.contract_months and offer.contract_months > months and offer.termination_cents:
        notes.append(
            f"leaving after {months} of {offer.contract_months} contract months costs up to "
            f"{monthly(offer.termination_cents)} more"
        )
    return Cost(months=months, low_cents=low, high_cents=high, assumptions=(*notes, "taxes not counted"))


def _service(offer: Offer, months: int) -> tuple[int, int, list[str]] | None:
    """Return the price of the service itself, lower and upper end, and what was assumed."""
    regular, promo, promo_months = offer.monthly_cents, offer.promo_cents, offer.promo_months
    notes: list[str] = []
    if regular is None and offer.autopay_cents is not None:
        regular = offer.autopay_cents
        notes.append("with AutoPay: no other price is published")
    elif regular is not None and offer.autopay_cents is not None and offer.autopay_cents < regular:
        notes.append(f"without the AutoPay price of {monthly(offer.autopay_cents)}")
    if promo is None:
        return None if regular is None else (regular * months, regular * months, notes)
    if promo_months is None:
        if regular is None:
            return None
        notes.append(
            f"when the {monthly(promo)} promotion ends is not published: from none of it to all of it"
        )
        return min(promo, regular) * months, max(promo, regular) * months, notes
    if regular is None and promo_months < months:
        # What the price rises to is not published.
        return None
    reduced = min(promo_months, months)
    after = (regular or 0) * (months - reduced)
    then = f", then {monthly(regular or 0)} for {months - reduced}" if after else ""
    notes.append(f"{monthly(promo)} for {reduced} months{then}")
    return promo * reduced + after, promo * reduced + after, notes


def _left_out(offer: Offer) -> list[str]:
    """Return the words that name a fee which whoever buys `offer` alone does not pay."""
    words = price_rules()["cost"]
    others = (named for name, named in words["service_words"].items() if name not in offer.bundled_with)
    return [*words["left_out_words"], *chain.from_iterable(others)]


def _fees(fees: Iterable[Fee], times: int, left_out: Iterable[str]) -> tuple[int, int, list[str]]:
    low = high = 0
    counted: list[str] = []
    left: list[str] = []
    for fee in fees:
        if fee.cents is None:
            left.append(f"{fee.name} ({fee.raw or 'no amount'})")
        elif fee.optional or _is_named(fee, left_out):
            left.append(f"{fee.name} ({monthly(fee.cents)}{', optional' if fee.optional else ''})")
        else:
            upper = fee.cents if fee.cents_max is None else fee.cents_max
            low += 0 if fee.up_to else fee.cents * times
            high += upper * times
            counted.append(f"{fee.name} {_amount(fee, upper)}")
    kind = "monthly fees" if times > 1 else "one-time fees"
    notes = [f"{kind} counted: {'; '.join(counted)}"] if counted else []
    notes += [f"{kind} not counted: {'; '.join(left)}"] if left else []
    return low, high, notes


def _amount(fee: Fee, upper: int) -> str:
    if fee.up_to:
        return f"up to {monthly(upper)}"
    cents = fee.cents or 0
    return monthly(cents) if upper == cents else f"{monthly(cents)} to {monthly(upper)}"


def equipment_cents(offer: Offer) -> int | None:
    """Return the monthly charge for equipment that the source names, in cents; None when it names none."""
    amounts = [
        fee.cents if fee.cents_max is None else fee.cents_max
        for fee in offer.monthly_fees
        if fee.cents is not None and _is_named(fee, price_rules()["cost"]["equipment_words"])
    ]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _is_named(fee: Fee, words: Iterable[str]) -> bool:
    name = f" {fee.name.casefold()} "
    return any(f" {word}" in name for word in words)
