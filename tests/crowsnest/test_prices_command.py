"""`crowsnest prices` over a small market that real runs have collected twice, with a price raised between."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from crowsnest.run import run
from crowsnest.settings import load
from crowsnest.ship import board
from market.clock import FixedClock
from tests.crowsnest import small_web as web
from tests.crowsnest.command import Done, ask
from tests.crowsnest.small_web import settings_for, small_web

MONDAY, TUESDAY = (FixedClock(datetime(2026, 11, day, 13, 0, tzinfo=UTC)) for day in (23, 25))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prices")
    for clock, price in ((MONDAY, "$119.99"), (TUESDAY, "$129.99")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(web, "PLANS", web.PLANS.replace("$119.99", price))
            with small_web() as base, board(load(settings_for(folder, base)), clock=clock) as ship:
                run(ship)
    return folder


def prices(folder: Path, *arguments: str) -> Done:
    return ask(folder, "prices", *arguments)


def test_prices_stand_by_company_and_segment_with_their_page(folder: Path) -> None:
    shown = prices(folder, "--plan", "business").stdout
    assert "Business 600" in shown
    assert "$129.99" in shown
    assert "$119.99" not in shown
    assert "/plans" in shown
    assert "3 plans; a list price is what a page publishes, not a quote" in shown


def test_the_history_shows_former_prices_and_both_captures(folder: Path) -> None:
    shown = prices(folder, "--plan", "business 600", "--history").stdout
    assert "2026-11-23 to 2026-11-23  $119.99 [capture c" in shown
    assert "2026-11-25 to 2026-11-25  $129.99 [capture c" in shown
    assert "2026-11-25  rise, list price $119.99 to $129.99 [captures c" in shown


def test_as_json_each_plan_has_its_points_moves_and_cost(folder: Path) -> None:
    found = json.loads(prices(folder, "--plan", "business 600", "--json", "--compare", "24").stdout)
    (plan,) = found["plans"]
    assert [point["monthly_cents"] for point in plan["points"]] == [11999, 12999]
    (move,) = plan["moves"]
    assert (move["kind"], move["before_cents"], move["after_cents"]) == ("rise", 11999, 12999)
    assert plan["cost"]["low_cents"] == plan["cost"]["high_cents"] == 24 * 12999


def test_a_comparison_prints_what_it_assumes(folder: Path) -> None:
    shown = " ".join(prices(folder, "--plan", "business 300", "--compare", "12").stdout.split())
    assert "$959.88 $79.99" in shown
    assert "the source names no fees; there may be some; taxes not counted" in shown


def test_csv_goes_to_the_screen_and_a_workbook_to_a_file(folder: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(prices(folder, "--csv").stdout)))
    assert {row["Plan"] for row in rows} >= {"Business 300", "Business 600", "Business Gig", "Home 300"}
    moves = list(csv.DictReader(io.StringIO(prices(folder, "--csv", "--history").stdout)))
    assert [(row["Change"], row["After (USD)"]) for row in moves] == [("rise", "129.99")]
    out = tmp_path / "made" / "prices.xlsx"
    assert prices(folder, "--xlsx", "--out", str(out)).stdout.strip() == str(out)
    assert openpyxl.load_workbook(out).sheetnames == ["Plans", "Changes"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--compare", "18"), "12, 24, 36"),
        (("--segment", "farm"), "residential, business"),
        (("--market", "Atlantis, SC"), "upstate"),
        (("--company", "Nobody Telecom"), "Nobody Telecom"),
        (("--since", "yesterday"), "2026-11-24"),
        (("--csv", "--json"), "--xlsx"),
    ],
)
def test_wrong_use_exits_2_and_says_what_to_write(
    folder: Path, arguments: tuple[str, ...], named: str
) -> None:
    done = prices(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr


def test_a_place_without_prices_says_where_to_look(folder: Path) -> None:
    done = prices(folder, "--market", "Boise, ID", "--plan", "no such plan")
    assert (done.returncode, done.stdout) == (
        0,
        "no published price fits; `crowsnest status` shows which sources were read\n",
    )
