from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.cost import MONTHS, Cost, cost_over, equipment_cents
from market.records import Fee, Offer
from tests.briefs.build import capture, day, offer


def plan(**changed: Any) -> Offer:
    return offer(capture(day(0)), **changed)


def total(over: int, **changed: Any) -> tuple[int, int]:
    cost = cost_over(plan(**changed), over)
    assert cost is not None
    return cost.low_cents, cost.high_cents


def notes(over: int = 24, **changed: Any) -> str:
    cost = cost_over(plan(**changed), over)
    assert cost is not None
    return " | ".join(cost.assumptions)


def test_a_plain_price_is_paid_each_month() -> None:
    assert total(24, cents=6000) == (144000, 144000)
    assert "names no fees" in notes(cents=6000)
    assert notes(cents=6000).endswith("taxes not counted")


def test_a_promotion_ends_and_the_regular_price_follows() -> None:
    terms = {"cents": 8000, "promo_cents": 5000, "promo_months": 12}
    assert total(12, **terms) == (60000, 60000)
    assert total(24, **terms) == (60000 + 96000,) * 2
    assert "$50.00 for 12 months, then $80.00 for 12" in notes(24, **terms)


def test_a_promotion_without_an_end_gives_both_ends() -> None:
    assert total(12, cents=8000, promo_cents=5000) == (60000, 96000)
    assert "is not published" in notes(12, cents=8000, promo_cents=5000)


def test_nothing_is_computed_where_the_price_after_the_promotion_is_unknown() -> None:
    assert cost_over(plan(cents=None, promo_cents=5000, promo_months=12), 24) is None
    assert cost_over(plan(cents=None, promo_cents=5000), 12) is None
    assert total(12, cents=None, promo_cents=5000, promo_months=12) == (60000, 60000)


def test_a_plan_without_a_price_or_in_another_currency_has_no_cost() -> None:
    assert cost_over(plan(cents=None, quote_only=True), 12) is None
    assert cost_over(plan(currency="CAD"), 12) is None


def test_autopay_is_not_assumed_unless_it_is_the_only_price() -> None:
    assert total(12, cents=6000, autopay_cents=5500) == (72000, 72000)
    assert "without the AutoPay price of $55.00" in notes(cents=6000, autopay_cents=5500)
    assert total(12, cents=None, autopay_cents=5500) == (66000, 66000)
    assert "with AutoPay" in notes(cents=None, autopay_cents=5500)


def test_monthly_fees_count_each_month_and_others_once() -> None:
    fees = {
        "monthly_fees": (Fee(name="Modem rental", raw="$15.00", cents=1500),),
        "one_time_fees": (Fee(name="Activation", raw="$35", cents=3500),),
    }
    assert total(12, cents=6000, **fees) == (72000 + 18000 + 3500,) * 2
    assert "monthly fees counted: Modem rental $15.00" in notes(cents=6000, **fees)


def test_a_fee_up_to_and_a_fee_range_open_the_sum() -> None:
    up_to = Fee(name="Regulatory", raw="Up to 8.95", cents=895, cents_max=895, up_to=True)
    spread = Fee(name="Construction", raw="67 - 622", cents=6700, cents_max=62200)
    assert total(12, cents=6000, monthly_fees=(up_to,)) == (72000, 72000 + 12 * 895)
    assert total(12, cents=6000, one_time_fees=(spread,)) == (72000 + 6700, 72000 + 62200)


@pytest.mark.parametrize(
    "fee",
    [
        Fee(name="Static IP", raw="$15", cents=1500),
        Fee(name="Wi-Fi pods", raw="$10", cents=1000, optional=True),
        Fee(name="Government taxes", raw="varies"),
    ],
)
def test_what_not_everybody_pays_is_named_and_not_counted(fee: Fee) -> None:
    assert total(12, cents=6000, monthly_fees=(fee,)) == (72000, 72000)
    assert f"not counted: {fee.name}" in notes(cents=6000, monthly_fees=(fee,))


def test_equipment_is_what_the_source_calls_so() -> None:
    fees = (Fee(name="Gateway rental", raw="$14", cents=1400), Fee(name="Late fee", raw="$9", cents=900))
    assert equipment_cents(plan(monthly_fees=fees)) == 1400
    assert equipment_cents(plan()) is None


@given(
    st.integers(0, 50_000),
    st.none() | st.integers(0, 50_000),
    st.none() | st.integers(1, 48),
    st.sampled_from(MONTHS),
)
def test_the_ends_are_in_order_and_the_month_lies_between(
    regular: int, promo: int | None, months: int | None, over: int
) -> None:
    cost = cost_over(plan(cents=regular, promo_cents=promo, promo_months=months), over)
    assert isinstance(cost, Cost)
    assert cost.low_cents <= cost.high_cents
    assert abs(cost.monthly_low * over - cost.low_cents) <= over / 2
