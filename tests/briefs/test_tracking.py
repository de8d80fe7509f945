from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.tracking import track
from market.records import Capture, Offer, PlanSeries, Reading
from tests.briefs.build import capture, day, offer, reading

Look = tuple[Capture, Reading | None, list[Offer]]
FIVE = {"name": "Fiber 500", "cents": 5999}
GIG = {"name": "Fiber Gig", "cents": 7999, "down_mbps": 1000.0, "row": 3}


def look(number: int, *plans: dict[str, Any], outcome: str = "read", version: int = 1) -> Look:
    at = capture(day(number))
    return at, reading(at, outcome=outcome, version=version), [offer(at, **plan) for plan in plans]


def by_name(looks: list[Look]) -> dict[str, PlanSeries]:
    return {plan.offer.plan_name: plan.record("acme-plans") for plan in track(looks).plans}


def prices(plan: PlanSeries) -> list[tuple[int | None, int, int]]:
    """(cents, day first seen, day last seen) of each stretch of unchanged terms."""
    return [
        (point.monthly_cents, (point.first_seen - day(0)).days, (point.last_seen - day(0)).days)
        for point in plan.points
    ]


def test_a_price_that_stands_still_is_one_span_from_its_first_to_its_last_look() -> None:
    plan = by_name([look(0, FIVE), look(1, FIVE), look(5, FIVE)])["Fiber 500"]
    assert prices(plan) == [(5999, 0, 5)]
    assert (plan.first_seen, plan.last_seen, plan.standing) == (day(0), day(5), "listed")


def test_each_price_is_a_span_of_its_own_and_a_former_price_that_returns_is_a_third() -> None:
    looks = [look(0, FIVE), look(1, FIVE | {"cents": 6499}), look(2, FIVE)]
    assert prices(by_name(looks)["Fiber 500"]) == [(5999, 0, 0), (6499, 1, 1), (5999, 2, 2)]


def test_a_fee_alone_opens_a_span_too() -> None:
    looks = [look(0, FIVE), look(1, FIVE | {"promo_cents": 3999, "promo_months": 12})]
    assert len(by_name(looks)["Fiber 500"].points) == 2


def test_a_renamed_plan_keeps_its_history_and_its_former_name() -> None:
    plan = by_name([look(0, FIVE, GIG), look(1, FIVE | {"name": "Essential 500"}, GIG)])["Essential 500"]
    assert plan.names == ("Fiber 500", "Essential 500")
    assert plan.first_seen == day(0)
    assert [move.kind for move in plan.moves] == ["renamed"]


def test_a_plan_that_the_page_drops_is_withdrawn_and_one_that_returns_is_the_same_plan() -> None:
    gone = [look(0, FIVE, GIG), look(1, GIG)]
    assert by_name(gone)["Fiber 500"].standing == "withdrawn"
    back = by_name([*gone, look(2, FIVE, GIG)])
    assert (back["Fiber 500"].standing, len(back)) == ("listed", 2)
    assert [move.kind for move in back["Fiber 500"].moves] == ["withdrawn", "reappeared"]


def test_a_page_that_stopped_showing_prices_leaves_its_plans_unseen() -> None:
    for outcome in ("failed", "empty"):
        plan = by_name([look(0, FIVE), look(1, FIVE), look(2, outcome=outcome)])["Fiber 500"]
        assert (plan.standing, plan.last_seen) == ("unseen", day(1))


def test_a_reading_that_lacks_most_plans_leaves_them_unseen_until_the_next_lacks_them_too() -> None:
    plans = [FIVE | {"name": f"Plan {n}", "cents": 1000 * n, "row": n} for n in range(1, 7)]
    once = by_name([look(0, *plans), look(1, plans[0])])
    assert [once[f"Plan {n}"].standing for n in (1, 2, 6)] == ["listed", "unseen", "unseen"]
    twice = by_name([look(0, *plans), look(1, plans[0]), look(2, plans[0])])
    assert [twice[f"Plan {n}"].standing for n in (1, 2, 6)] == ["listed", "withdrawn", "withdrawn"]


def test_a_new_reader_version_corrects_and_keeps_the_series() -> None:
    plan = by_name([look(0, FIVE), look(1, FIVE | {"cents": 6999}, version=2)])["Fiber 500"]
    assert [move.kind for move in plan.moves] == ["correction"]


def test_what_lay_between_two_looks_is_told_with_both() -> None:
    (move,) = by_name([look(0, FIVE), look(3, FIVE | {"cents": 6499})])["Fiber 500"].moves
    assert (move.since, move.seen_at) == (day(0), day(3))


PLANS = st.lists(
    st.builds(
        lambda name, cents, promo: {"name": name, "cents": cents, "promo_cents": promo},
        st.sampled_from(["Fiber 500", "Fiber Gig", "Home", "Pro"]),
        st.sampled_from([5999, 6499, None]),
        st.sampled_from([None, 3999]),
    ),
    max_size=4,
    unique_by=lambda plan: plan["name"],
)
LOOKS = st.lists(
    st.tuples(
        PLANS, st.sampled_from(["read", "read", "read", "empty", "failed"]), st.sampled_from([1, 1, 2])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(LOOKS, st.integers(0, 8))
def test_following_in_two_steps_gives_what_following_at_once_gives(
    told: list[tuple[list[dict[str, Any]], str, int]], cut: int
) -> None:
    looks = [look(n, *plans, outcome=how, version=v) for n, (plans, how, v) in enumerate(told)]
    whole = track(looks)
    first = track(looks[:cut])
    kept = [plan.record("acme-plans") for plan in first.plans]
    rest = track(looks[cut:], plans=kept, state=first.state)
    if cut < len(looks):
        ids = {plan.record("acme-plans").id: plan.record("acme-plans") for plan in whole.plans}
        assert {plan.record("acme-plans").id: plan.record("acme-plans") for plan in rest.plans} == ids
        assert rest.state == whole.state
