from __future__ import annotations

from typing import Any

import pytest

from briefs.tracking import track
from market.records import Capture, Fee, Offer, PlanMove, Reading
from tests.briefs.build import capture, day, offer, reading

Look = tuple[Capture, Reading | None, list[Offer]]


def look(number: int, *plans: dict[str, Any], outcome: str = "read", version: int = 1, **counts: int) -> Look:
    at = capture(day(number))
    return at, reading(at, outcome=outcome, version=version, **counts), [offer(at, **plan) for plan in plans]


def changes(looks: list[Look]) -> list[PlanMove]:
    """The moves of all plans in the order of their looks."""
    moves = [move for plan in track(looks).plans for move in plan.moves]
    return sorted(moves, key=lambda move: move.seen_at)


def told(found: list[PlanMove]) -> list[tuple[str, str, int | None, int | None]]:
    return [(change.kind, change.what, change.before_cents, change.after_cents) for change in found]


FIVE = {"name": "Fiber 500", "cents": 5999}
GIG = {"name": "Fiber Gig", "cents": 7999, "down_mbps": 1000.0, "row": 3}


def test_the_first_reading_is_where_changes_start_from() -> None:
    assert changes([look(0, FIVE, GIG)]) == []


def test_a_rise_and_a_fall_carry_both_observations() -> None:
    found = changes([look(0, FIVE, GIG), look(1, FIVE | {"cents": 6499}, GIG | {"cents": 6999})])
    assert told(found) == [("rise", "list price", 5999, 6499), ("fall", "list price", 7999, 6999)]
    assert (found[0].before_capture, found[0].after_capture) == (capture(day(0)).id, capture(day(1)).id)
    assert found[0].seen_at == day(1)


def test_a_new_plan_and_a_withdrawn_one() -> None:
    found = changes([look(0, FIVE), look(1, GIG)])
    assert told(found) == [("withdrawn", "list price", 5999, None), ("new", "list price", None, 7999)]


def test_a_withdrawn_plan_comes_back_as_reappeared() -> None:
    found = changes([look(0, FIVE, GIG), look(1, GIG), look(2, FIVE | {"cents": 5499}, GIG)])
    assert told(found) == [("withdrawn", "list price", 5999, None), ("reappeared", "list price", 5999, 5499)]


def test_a_failed_or_empty_or_missing_reading_is_unseen_not_withdrawn() -> None:
    for outcome in ("failed", "empty"):
        found = changes([look(0, FIVE), look(1, outcome=outcome), look(2, FIVE)])
        assert found == []
    at = capture(day(1), status=503, reader=None)
    assert changes([look(0, FIVE), (at, None, []), look(2, FIVE)]) == []


def test_a_cut_page_says_nothing_about_the_plans_it_lacks() -> None:
    at = capture(day(1), truncated=True)
    assert changes([look(0, FIVE, GIG), (at, reading(at), [offer(at, **FIVE)])]) == []


def test_a_change_across_a_failed_reading_is_still_found() -> None:
    found = changes([look(0, FIVE), look(1, outcome="failed"), look(2, FIVE | {"cents": 6499})])
    assert told(found) == [("rise", "list price", 5999, 6499)]


def test_a_new_reader_version_corrects_and_the_next_real_change_is_told() -> None:
    found = changes(
        [
            look(0, FIVE),
            look(1, FIVE | {"cents": 599900}, version=2),
            look(2, FIVE | {"cents": 600000}, version=2),
        ]
    )
    assert told(found) == [("correction", "list price", 5999, 599900), ("rise", "list price", 599900, 600000)]


def test_a_rise_hidden_in_a_fee() -> None:
    def with_fee(cents: int) -> dict[str, Any]:
        fee = Fee(name="Modem rental", raw=f"${cents / 100:.2f}", cents=cents)
        return FIVE | {"monthly_fees": (fee,)}

    found = changes([look(0, with_fee(1000)), look(1, with_fee(1500))])
    assert told(found) == [("fee", "Modem rental", 1000, 1500)]
    assert found[0].unit == "a month"


def test_a_fee_that_comes_and_one_paid_once_that_goes() -> None:
    setup = Fee(name="Setup", raw="$99", cents=9900)
    modem = Fee(name="Modem", raw="$10", cents=1000)
    found = changes([look(0, FIVE | {"one_time_fees": (setup,)}), look(1, FIVE | {"monthly_fees": (modem,)})])
    assert told(found) == [("fee", "Modem", None, 1000), ("fee", "Setup", 9900, None)]
    assert [change.unit for change in found] == ["a month", "one time"]


def test_a_fee_in_words_has_no_figure_to_compare() -> None:
    varies = Fee(name="Taxes", raw="varies", cents=None)
    paid = Fee(name="Taxes", raw="$4", cents=400)
    assert (
        changes([look(0, FIVE | {"monthly_fees": (varies,)}), look(1, FIVE | {"monthly_fees": (paid,)})])
        == []
    )


def test_two_fees_of_one_name_are_not_compared() -> None:
    def twice(cents: int) -> dict[str, Any]:
        fees = (Fee(name="Line", raw="$1", cents=100), Fee(name="Line", raw="", cents=cents))
        return FIVE | {"monthly_fees": fees}

    assert changes([look(0, twice(200)), look(1, twice(300))]) == []


def test_the_promotion_changes_while_the_list_price_stays() -> None:
    found = changes(
        [
            look(0, FIVE | {"promo_cents": 3999, "promo_months": 12}),
            look(1, FIVE | {"promo_cents": 4499, "promo_months": 12}),
            look(2, FIVE),
        ]
    )
    assert told(found) == [
        ("promo", "promotional price", 3999, 4499),
        ("promo", "promotional price", 4499, None),
    ]


def test_an_autopay_price_counts_only_when_the_list_price_stood_still() -> None:
    found = changes([look(0, FIVE | {"autopay_cents": 5499}), look(1, FIVE | {"autopay_cents": 5799})])
    assert told(found) == [("rise", "price with autopay", 5499, 5799)]
    both = changes(
        [look(0, FIVE | {"autopay_cents": 5499}), look(1, FIVE | {"cents": 6299, "autopay_cents": 5799})]
    )
    assert told(both) == [("rise", "list price", 5999, 6299)]


def test_a_label_with_a_new_identifier_is_the_same_plan() -> None:
    found = changes([look(0, FIVE | {"key": "F01"}), look(1, FIVE | {"key": "F02", "cents": 6499})])
    assert told(found) == [("rise", "list price", 5999, 6499)]


def test_renamed_when_speed_and_price_stay() -> None:
    found = changes([look(0, FIVE, GIG), look(1, FIVE | {"name": "Essential 500"}, GIG)])
    assert told(found) == [("renamed", "list price", 5999, 5999)]


def test_two_possible_names_are_a_withdrawal_and_two_new_plans() -> None:
    found = changes(
        [look(0, FIVE, GIG), look(1, FIVE | {"name": "Home 500"}, FIVE | {"name": "Pro 500", "row": 4}, GIG)]
    )
    assert [change.kind for change in found] == ["withdrawn", "new", "new"]


def test_a_renamed_plan_with_another_price_too_is_withdrawn_and_new() -> None:
    found = changes([look(0, FIVE, GIG), look(1, FIVE | {"name": "Essential 500", "cents": 6499}, GIG)])
    assert [change.kind for change in found] == ["withdrawn", "new"]


def test_segments_are_never_mixed() -> None:
    found = changes([look(0, FIVE, GIG), look(1, FIVE | {"segment": "business", "cents": 9999}, GIG)])
    assert [change.kind for change in found] == ["withdrawn", "new"]


PLANS = [{"name": f"Plan {n}", "cents": 1000 * n, "down_mbps": 100.0 * n, "row": n} for n in range(1, 7)]


def test_a_page_that_lost_most_plans_is_doubted_until_the_next_reading_agrees() -> None:
    half = look(1, *PLANS[:2])
    assert changes([look(0, *PLANS), half]) == []
    assert changes([look(0, *PLANS), half, look(2, *PLANS)]) == []
    found = changes([look(0, *PLANS), half, look(2, *PLANS[:2])])
    assert [change.kind for change in found] == ["withdrawn"] * 4
    assert {change.seen_at for change in found} == {day(2)}


def test_a_row_that_became_unreadable_is_not_a_withdrawn_plan() -> None:
    assert changes([look(0, *PLANS), look(1, *PLANS[:5], rows_reported=1)]) == []
    assert (
        changes([look(0, *PLANS), look(1, *PLANS[:5], rows_reported=1), look(2, *PLANS[:5], rows_reported=1)])
        == []
    )
    gone = changes([look(0, *PLANS, rows_reported=1), look(1, *PLANS[:5], rows_reported=1)])
    assert [change.kind for change in gone] == ["withdrawn"]


def test_a_row_that_became_readable_is_not_a_new_plan() -> None:
    assert changes([look(0, *PLANS[:5], rows_reported=1), look(1, *PLANS)]) == []


def test_another_currency_is_not_compared() -> None:
    assert changes([look(0, FIVE), look(1, FIVE | {"cents": 8099, "currency": "CAD"})]) == []


def test_equal_plans_printed_twice_pair_off() -> None:
    assert changes([look(0, FIVE, FIVE | {"row": 9}), look(1, FIVE, FIVE | {"row": 9})]) == []


def test_a_price_that_gives_way_to_a_call_and_comes_back() -> None:
    asked = FIVE | {"cents": None, "quote_only": True}
    found = changes([look(0, FIVE), look(1, asked), look(2, asked), look(3, FIVE)])
    assert told(found) == [
        ("on-request", "list price", 5999, None),
        ("published", "list price", None, 5999),
    ]


def test_a_price_that_cannot_be_read_any_more_is_no_price_on_request() -> None:
    assert changes([look(0, FIVE), look(1, FIVE | {"cents": None})]) == []


def test_a_plan_whose_only_price_is_with_autopay_comes_moves_and_goes() -> None:
    only = {"name": "Fiber 300", "cents": None, "autopay_cents": 5000, "down_mbps": 300.0, "row": 4}
    found = changes([look(0, FIVE), look(1, FIVE, only), look(2, FIVE, only | {"autopay_cents": 5500})])
    assert told(found) == [
        ("new", "price with autopay", None, 5000),
        ("rise", "price with autopay", 5000, 5500),
    ]
    gone = changes([look(0, FIVE, only), look(1, FIVE)])
    assert told(gone) == [("withdrawn", "price with autopay", 5000, None)]


def test_a_regular_price_is_not_set_against_one_with_autopay() -> None:
    found = changes([look(0, FIVE), look(1), look(2, FIVE | {"cents": None, "autopay_cents": 4999})])
    assert told(found)[-1] == ("reappeared", "price with autopay", None, 4999)


SPARTANBURG, ANDERSON = {"market": ("Spartanburg, SC",), "row": 9}, {"market": ("Anderson, SC",), "row": 9}


def test_a_plan_that_moves_to_another_market_at_its_price_is_followed() -> None:
    found = changes([look(0, FIVE, FIVE | SPARTANBURG), look(1, FIVE, FIVE | ANDERSON)])
    assert [(move.kind, move.what, move.before_words, move.after_words) for move in found] == [
        ("terms", "market", "Spartanburg, SC", "Anderson, SC")
    ]


def test_the_price_of_one_market_is_never_set_against_that_of_another() -> None:
    found = changes([look(0, FIVE, FIVE | SPARTANBURG), look(1, FIVE, FIVE | ANDERSON | {"cents": 4999})])
    assert [change.kind for change in found] == ["withdrawn", "new"]


def test_a_price_that_moves_as_its_market_grows_is_one_plans_move() -> None:
    both = {"market": ("Greenville, SC", "Spartanburg, SC")}
    found = changes([look(0, FIVE, GIG), look(1, FIVE | both | {"cents": 6499}, GIG)])
    assert [(move.kind, move.what) for move in found] == [("rise", "list price"), ("terms", "market")]


def test_a_plan_whose_only_price_is_with_autopay_is_followed_when_renamed() -> None:
    only = FIVE | {"cents": None, "autopay_cents": 5000}
    found = changes([look(0, only, GIG), look(1, only | {"name": "Essential 500"}, GIG)])
    assert told(found) == [("renamed", "price with autopay", 5000, 5000)]


def test_a_page_that_begins_to_name_the_technology_shows_the_same_plan() -> None:
    assert changes([look(0, FIVE | {"technology": "unknown"}), look(1, FIVE)]) == []


TERMS: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    ({}, {"down_mbps": 600.0}, "download speed", "500 Mbps", "600 Mbps"),
    ({"up_mbps": 20.0}, {"up_mbps": 500.0}, "upload speed", "20 Mbps", "500 Mbps"),
    ({"contract_months": 0}, {"contract_months": 24}, "contract", "none", "24 months"),
    ({"data_cap_gb": 1000.0}, {"unlimited_data": True}, "data", "1000 GB", "unlimited"),
]


@pytest.mark.parametrize(("before", "after", "what", "was", "now"), TERMS, ids=[item[2] for item in TERMS])
def test_terms_that_move_are_noted_in_words(
    before: dict[str, Any], after: dict[str, Any], what: str, was: str, now: str
) -> None:
    (move,) = changes([look(0, FIVE | before), look(1, FIVE | after)])
    assert (move.kind, move.what, move.before_words, move.after_words) == ("terms", what, was, now)
    assert (move.before_capture, move.after_capture) == (capture(day(0)).id, capture(day(1)).id)


def test_terms_that_a_page_does_not_state_have_not_moved() -> None:
    assert changes([look(0, FIVE), look(1, FIVE | {"contract_months": 12, "up_mbps": 500.0})]) == []


def test_a_price_that_comes_beside_another_or_goes_is_noted() -> None:
    found = changes([look(0, FIVE), look(1, FIVE | {"autopay_cents": 5499}), look(2, FIVE)])
    assert told(found) == [
        ("terms", "price with autopay", None, 5499),
        ("terms", "price with autopay", 5499, None),
    ]
    only = FIVE | {"cents": None, "promo_cents": 3999}
    assert told(changes([look(0, only), look(1, FIVE)])) == [
        ("promo", "promotional price", 3999, None),
        ("terms", "list price", None, 5999),
    ]
