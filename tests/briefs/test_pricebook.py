from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from briefs.price_tables import as_csv, as_xlsx, move_columns, move_rows, plan_columns, plan_rows
from briefs.pricebook import BookPlan, band_label, band_of, read_book
from briefs.rates import rate_claims
from briefs.reach import Reach
from market.records import Claim, Source, Territory
from market.records.source import SourceOptions
from tests.briefs.build import capture, day
from tests.briefs.world import EASTERN, SOURCES, World

FIVE = {"name": "Fiber 500", "cents": 5999}
GIG = {"name": "Fiber Gig", "cents": 7999, "down_mbps": 1000.0, "row": 3}
OURS = {"company": "our-net", "name": "OurNet 500", "cents": 6499}
OURS_BUSINESS = {"company": "our-net", "name": "OurNet Pro", "cents": 9999, "segment": "business", "row": 4}


def own(identity: str = "our-plans") -> Source:
    return Source(
        id=identity,
        kind="page",
        url=f"https://{identity}.example/plans",
        company="our-net",
        publisher="OurNet",
        options=SourceOptions(market=("Greenville, SC",)),
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, (*SOURCES, own()))
    yield made
    made.ledger.close()


def names(plans: list[BookPlan]) -> list[str]:
    return [plan.plan_name for plan in plans]


def test_the_book_holds_each_plan_once_with_its_history(world: World) -> None:
    world.look(day(0), FIVE, GIG)
    world.look(day(2), FIVE | {"cents": 6499}, GIG)
    plans = read_book(world.desk)
    assert names(plans) == ["Fiber 500", "Fiber Gig"]
    five = plans[0]
    assert [(point.monthly_cents, point.first_seen) for point in five.points] == [
        (5999, day(0)),
        (6499, day(2)),
    ]
    assert [(move.kind, move.before_cents, move.after_cents) for move in five.moves] == [("rise", 5999, 6499)]
    assert five.moves[0].before_capture != five.moves[0].after_capture
    assert (five.standing, five.first_seen, five.last_seen) == ("listed", day(0), day(2))


def test_a_plan_is_found_by_its_former_name(world: World) -> None:
    world.look(day(0), FIVE, GIG)
    world.look(day(1), FIVE | {"name": "Essential 500"}, GIG)
    plans = read_book(world.desk, plan="fiber 500")
    assert (names(plans), plans[0].former_names) == (["Essential 500"], ("Fiber 500",))


def test_filters_leave_out_other_companies_segments_places_and_withdrawn_plans(world: World) -> None:
    world.look(day(0), FIVE, GIG | {"segment": "business"})
    world.look(day(1), GIG | {"segment": "business"})
    world.look(day(0), OURS, source="our-plans")
    assert names(read_book(world.desk, companies={"our-net"})) == ["OurNet 500"]
    assert names(read_book(world.desk, segment="business")) == ["Fiber Gig"]
    assert names(read_book(world.desk, companies={"acme-fiber"}, listed_only=True)) == ["Fiber Gig"]
    assert names(read_book(world.desk, companies={"acme-fiber"}, seen_since=day(1))) == ["Fiber Gig"]
    idaho = Reach([Territory(id="x", states=("ID",))], world.desk.gazetteer)
    assert read_book(world.desk, reach=idaho) == []


def test_bands_meet_without_gap_or_overlap() -> None:
    assert [band_of(speed) for speed in (25, 100, 101, 300, 940, 1000, 5000)] == [0, 0, 1, 1, 3, 3, 5]
    assert (band_label(0), band_label(1), band_label(5)) == (
        "up to 100 Mbps",
        "101 to 300 Mbps",
        "above 2,500 Mbps",
    )


def rates(world: World) -> list[Claim]:
    reach = world.desk.reach(("upstate",))
    return rate_claims(world.desk, read_book(world.desk), reach, {"our-net"}, {"acme-fiber"})


def test_our_price_stands_beside_the_rivals_of_the_same_segment_and_band(world: World) -> None:
    world.look(day(0), FIVE, GIG)
    world.look(day(0), OURS, OURS_BUSINESS, source="our-plans")
    (claim,) = rates(world)
    assert claim.text == "Acme Fiber Fiber 500 is $59.99 a month; our OurNet 500 is $64.99."
    assert claim.beside is not None
    assert (claim.beside.own_cents, claim.beside.rival_cents) == (6499, 5999)
    assert claim.detail == "residential · 301 to 600 Mbps · Greenville, SC"
    assert {item.quote for item in claim.evidence} >= {"$59.99", "$64.99", "Fiber 500", "OurNet 500"}
    assert [page.publisher for page in claim.citations] == ["Acme Fiber plan page", "OurNet"]


def test_residential_is_never_set_against_business(world: World) -> None:
    world.look(day(0), FIVE)
    world.look(day(0), OURS_BUSINESS, source="our-plans")
    assert rates(world) == []


def test_a_dedicated_line_is_never_set_against_a_shared_one(world: World) -> None:
    dia = {"name": "Dedicated Internet 500", "cents": 62500, "segment": "business"}
    world.look(day(0), dia)
    world.look(day(0), OURS_BUSINESS, source="our-plans")
    assert rates(world) == []


def test_a_price_with_autopay_is_set_against_one_with_autopay_only(world: World) -> None:
    world.look(day(0), FIVE | {"cents": None, "autopay_cents": 4999})
    world.look(day(0), OURS, source="our-plans")
    assert rates(world) == []
    world.look(day(1), OURS | {"autopay_cents": 5999}, source="our-plans")
    (claim,) = rates(world)
    assert claim.text == "Acme Fiber Fiber 500 is $49.99 a month with AutoPay; our OurNet 500 is $59.99."


def test_the_cheapest_plan_of_each_side_stands_for_its_band_and_a_withdrawn_one_for_nothing(
    world: World,
) -> None:
    cheap = {"name": "Fiber 400", "cents": 3999, "down_mbps": 400.0, "row": 5}
    world.look(day(0), FIVE, GIG, cheap)
    world.look(day(0), OURS, source="our-plans")
    assert rates(world)[0].text.startswith("Acme Fiber Fiber 400 is $39.99")
    world.look(day(1), FIVE, GIG)
    assert rates(world)[0].text.startswith("Acme Fiber Fiber 500 is $59.99")


def test_a_page_that_cannot_be_read_stands_for_what_it_showed_last_but_not_for_long(world: World) -> None:
    world.look(day(0), FIVE)
    world.look(day(1), OURS, source="our-plans")
    world.ledger.capture(capture(day(2), status=503, reader=None))
    world.look(day(14), OURS | {"cents": 6599}, source="our-plans")
    assert {plan.plan_name: plan.standing for plan in read_book(world.desk)}["Fiber 500"] == "unseen"
    assert [claim.text for claim in rates(world)] == [
        "Acme Fiber Fiber 500 is $59.99 a month; our OurNet 500 is $65.99."
    ]
    world.look(day(15), OURS | {"cents": 6699}, source="our-plans")
    assert rates(world) == []


def test_csv_reads_back_and_no_cell_runs_as_a_formula(world: World) -> None:
    world.look(day(0), FIVE | {"name": '=HYPERLINK("x")'})
    plans = read_book(world.desk)
    text = as_csv(plan_columns(24), plan_rows(plans, EASTERN, 24))
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Plan"] == '\'=HYPERLINK("x")'
    assert (row["Regular (USD)"], row["24 months from (USD)"]) == ("59.99", "1439.76")


def test_the_workbook_has_filters_a_frozen_header_and_money_as_money(world: World) -> None:
    world.look(day(0), FIVE, GIG)
    world.look(day(2), FIVE | {"cents": 6499}, GIG)
    plans = read_book(world.desk)
    content = as_xlsx(
        [
            ("Plans", plan_columns(), plan_rows(plans, EASTERN)),
            ("Changes", move_columns(), move_rows(plans, EASTERN)),
        ]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Plans"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:Y{len(plans) + 1}")
    regular = next(cell for cell in sheet[1] if cell.value == "Regular").column_letter
    assert (sheet[f"{regular}2"].value, sheet[f"{regular}2"].number_format) == (64.99, '"$"#,##0.00')
    (change,) = book["Changes"].iter_rows(min_row=2, values_only=True)
    assert change[4:8] == ("rise", "list price", 59.99, 64.99)


def test_a_cost_that_cannot_be_computed_says_why(world: World) -> None:
    world.look(day(0), FIVE | {"cents": None, "quote_only": True})
    row = plan_rows(read_book(world.desk), EASTERN, 12)[0]
    assert row[-1] == "not computed: no price is published"
