"""Bundles in the price book: plans of their own, said to be bundles, never set beside internet plans."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from briefs.cost import cost_over
from briefs.follow import follow_plans
from briefs.meeting import meeting_sheet
from briefs.price_tables import as_csv, as_xlsx, move_columns, move_rows, plan_columns, plan_rows
from briefs.pricebook import BookPlan, read_book
from briefs.rates import rate_claims
from briefs.sheet_view import sheet_view
from briefs.week import Week
from briefs.weekly import Weekly
from market.records import Account, Claim, Fee, Source
from tests.briefs.build import capture, day, offer, reading
from tests.briefs.world import EASTERN, READER, SOURCES, World

ALONE: dict[str, Any] = {"name": "Fiber 500", "cents": 5999}
BOTH: dict[str, Any] = {
    "name": "Double Play",
    "cents": 9999,
    "bundled_with": ("tv", "phone"),
    "row": 7,
}
W47 = Week.parse("2026-W47", EASTERN)
OURS = Source(
    id="our-plans",
    kind="page",
    url="https://our-plans.example/",
    company="our-net",
    publisher="OurNet",
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (*SOURCES, OURS))
    yield made
    made.ledger.close()


def kinds(plan: BookPlan) -> list[str]:
    return [move.kind for move in plan.moves]


def moves(world: World) -> tuple[Claim, ...]:
    made = Weekly(world.desk, W47).compose(READER, day(7))
    assert made.refused == []
    return made.brief.sections[0].claims


def test_a_bundles_price_moves_as_a_plan_of_its_own_with_both_captures(world: World) -> None:
    first = world.look(day(0), ALONE, BOTH)
    second = world.look(day(2), ALONE, BOTH | {"cents": 10499})
    alone, both = read_book(world.desk)
    assert (alone.bundled_with, both.bundled_with) == ((), ("tv", "phone"))
    assert [point.monthly_cents for point in both.points] == [9999, 10499]
    (move,) = both.moves
    assert (move.kind, move.before_capture, move.after_capture) == ("rise", first.id, second.id)
    assert alone.moves == ()


def test_a_bundle_of_an_internet_plans_name_is_another_plan(world: World) -> None:
    same = ALONE | {"bundled_with": ("tv",), "cents": 9999, "row": 7}
    world.look(day(0), ALONE, same)
    world.look(day(1), same, ALONE)
    plans = read_book(world.desk)
    assert [(plan.bundled_with, len(plan.points)) for plan in plans] == [((), 1), (("tv",), 1)]


@pytest.mark.parametrize(
    "became",
    [
        {"bundled_with": ("tv",)},
        {"bundled_with": ("tv",), "name": "Essential 500"},
        {"bundled_with": ("tv",), "key": "F2"},
        {"bundled_with": ("tv",), "cents": 6999},
    ],
    ids=["same", "renamed", "of a new identifier", "dearer"],
)
def test_an_internet_plan_never_becomes_a_bundle_nor_a_bundle_an_internet_plan(
    world: World, became: dict[str, Any]
) -> None:
    world.look(day(0), ALONE, BOTH)
    world.look(day(1), ALONE | became, BOTH)
    world.look(day(2), ALONE, BOTH)
    told = {plan.bundled_with: kinds(plan) for plan in read_book(world.desk)}
    assert told == {
        (): ["withdrawn", "reappeared"],
        ("tv",): ["new", "withdrawn"],
        ("tv", "phone"): [],
    }


def test_a_bundle_of_other_services_is_another_plan(world: World) -> None:
    world.look(day(0), ALONE, BOTH)
    world.look(day(1), ALONE, BOTH | {"bundled_with": ("tv",)})
    told = {plan.bundled_with: plan.standing for plan in read_book(world.desk)}
    assert told == {(): "listed", ("tv", "phone"): "withdrawn", ("tv",): "listed"}


def test_a_renamed_bundle_is_followed(world: World) -> None:
    world.look(day(0), ALONE, BOTH)
    world.look(day(1), ALONE, BOTH | {"name": "Duo"})
    both = read_book(world.desk)[1]
    assert (both.former_names, kinds(both)) == (("Double Play",), ["renamed"])


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (
            BOTH | {"cents": 10499},
            "Acme Fiber raised Double Play (bundle with TV and phone) from $99.99 to $104.99 a month.",
        ),
        (
            BOTH | {"name": "Duo"},
            "Acme Fiber renamed Double Play to Duo (bundle with TV and phone); it stays at $99.99 a month.",
        ),
        (
            BOTH | {"promo_cents": 7999, "promo_months": 12},
            "Acme Fiber now promotes Double Play (bundle with TV and phone) at $79.99 a month for 12 months.",
        ),
    ],
)
def test_a_move_of_a_bundle_says_that_it_is_one(world: World, after: dict[str, Any], says: str) -> None:
    world.look(day(-3), ALONE, BOTH)
    world.look(day(2), ALONE, after)
    (claim,) = moves(world)
    assert claim.text == says
    assert {"TV", "phone"} <= {item.quote for item in claim.evidence}


def test_one_move_of_an_internet_plan_and_of_a_bundle_is_two_lines(world: World) -> None:
    fee = Fee(name="Modem", raw="$10", cents=1000)
    for at, fees in ((day(-3), ()), (day(2), (fee,))):
        world.look(at, ALONE | {"monthly_fees": fees}, BOTH | {"monthly_fees": fees})
    assert len(moves(world)) == 2


def test_a_bundle_stands_neither_for_us_nor_for_a_rival(world: World) -> None:
    cheap = BOTH | {"cents": 1999}
    ours = {"company": "our-net", "name": "OurNet 500", "cents": 6499}
    our_bundle = cheap | {"company": "our-net", "name": "OurNet Duo"}

    def rates() -> list[str]:
        reach = world.desk.reach(("upstate",))
        book = read_book(world.desk)
        return [claim.text for claim in rate_claims(world.desk, book, reach, {"our-net"}, {"acme-fiber"})]

    world.look(day(0), cheap)
    world.look(day(0), ours, our_bundle, source="our-plans")
    assert rates() == []
    world.look(day(1), ALONE, cheap)
    assert rates() == ["Acme Fiber Fiber 500 is $59.99 a month; our OurNet 500 is $64.99."]


ACCOUNT = Account(id="raman", name="Raman Dental", city="Greenville", state="SC", county_fips="45045")


def test_a_bundle_on_a_sheet_stands_behind_the_internet_plans_of_its_segment_and_says_what_it_is(
    world: World,
) -> None:
    voice = {"name": "Office Bundle", "cents": 9900, "segment": "business", "bundled_with": ("phone",)}
    office = {"name": "Office 300", "cents": 14900, "segment": "business", "row": 5, "down_mbps": 300.0}
    world.look(day(2), ALONE, voice | {"row": 6}, office)
    made = meeting_sheet(world.desk, ACCOUNT, day(7)).sheet
    rows = sheet_view(made, EASTERN).prices
    assert [(row.plan, row.bundle) for row in rows] == [
        ("Office 300", ""),
        ("Office Bundle", "bundle with phone"),
        ("Fiber 500", ""),
    ]
    assert "lists Office Bundle (bundle with phone) at" in made.prices[1].claim.text


def test_a_sheet_with_a_bundle_only_knows_no_price_of_internet_alone(world: World) -> None:
    world.look(day(2), BOTH | {"segment": "business"})
    unknown = meeting_sheet(world.desk, ACCOUNT, day(7)).sheet.unknown
    assert any("Any business price of internet alone here" in line for line in unknown)


def test_a_table_has_a_column_for_what_a_bundle_holds(world: World) -> None:
    world.look(day(0), ALONE, BOTH)
    world.look(day(1), ALONE, BOTH | {"cents": 10499})
    plans = read_book(world.desk)
    rows = list(csv.DictReader(io.StringIO(as_csv(plan_columns(), plan_rows(plans, EASTERN)))))
    assert [row["Bundled with"] for row in rows] == ["", "TV and phone"]
    changes = list(csv.DictReader(io.StringIO(as_csv(move_columns(), move_rows(plans, EASTERN)))))
    assert [row["Bundled with"] for row in changes] == ["TV and phone"]
    book = as_xlsx([("Plans", plan_columns(), plan_rows(plans, EASTERN))])
    header, _, both = openpyxl.load_workbook(io.BytesIO(book))["Plans"].iter_rows(values_only=True)
    assert dict(zip(header, both, strict=True))["Bundled with"] == "TV and phone"


def test_the_fee_of_a_service_counts_in_the_bundle_that_holds_it_and_nowhere_else() -> None:
    at = capture(day(0))
    fees = (Fee(name="Broadcast TV fee", raw="$20", cents=2000), Fee(name="Voice line", raw="$5", cents=500))
    for services, cents in (((), 0), (("tv",), 2000), (("tv", "phone"), 2500)):
        cost = cost_over(offer(at, **ALONE, bundled_with=services, monthly_fees=fees), 12)
        assert cost is not None
        assert cost.low_cents == 12 * (5999 + cents)


def test_internet_plans_and_bundles_can_be_asked_for_apart(world: World) -> None:
    world.look(day(0), ALONE, BOTH)
    assert [plan.plan_name for plan in read_book(world.desk, bundles=False)] == ["Fiber 500"]
    assert [plan.plan_name for plan in read_book(world.desk, bundles=True)] == ["Double Play"]


def test_a_reader_that_learns_of_bundles_corrects_what_it_took_for_an_internet_plan_only(
    world: World,
) -> None:
    at = world.look(day(0), ALONE, BOTH | {"bundled_with": ()})
    twin = ALONE | {"bundled_with": ("mobile",), "cents": 8999, "row": 9}
    read = [offer(at, **plan) for plan in (ALONE, BOTH, twin)]
    world.ledger.record_reading(reading(at, version=2), read, ())
    (issue,) = follow_plans(world.ledger, world.desk.sources).corrections
    assert issue.data == {"plans": ["Double Play"]}
    assert all(plan.moves == () for plan in read_book(world.desk))
