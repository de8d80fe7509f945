"""`crowsnest prices` where a company sells internet alone and in bundles: both listed, never compared."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from briefs.follow import follow_plans
from crowsnest.settings import load
from crowsnest.ship import board
from market.clock import FixedClock
from tests.briefs.build import capture, offer, reading
from tests.crowsnest.command import Done, ask
from tests.crowsnest.small_web import settings_for

AT = datetime(2026, 11, 23, 13, tzinfo=UTC)
LEFT = "2 bundles with other services are left out"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    settings = load(settings_for(folder, "http://127.0.0.1:9"))
    held = capture(AT, source="plans", url="http://127.0.0.1:9/plans")
    sold = (("Fiber 500", 5999, ()), ("Duo 500", 8999, ("tv",)), ("Trio 500", 9999, ("tv", "phone")))
    with board(settings, clock=FixedClock(AT)) as ship:
        ship.ledger.capture(held)
        offers = [
            offer(held, name, cents, company="bluewater", bundled_with=services, row=row)
            for row, (name, cents, services) in enumerate(sold)
        ]
        ship.ledger.record_reading(reading(held), offers, ())
        follow_plans(ship.ledger, settings.sources)
    return folder


def prices(folder: Path, *arguments: str) -> Done:
    return ask(folder, "prices", *arguments)


def test_bundles_are_listed_in_a_table_of_their_own_and_named(folder: Path) -> None:
    shown = prices(folder).stdout
    alone, bundles = shown.split("Bluewater Fiber, residential, bundles")
    assert "Fiber 500" in alone
    assert "Duo 500" not in alone
    assert "Trio 500 · bundle with TV and phone · fiber" in " ".join(bundles.split())
    assert "3 plans, 2 of them bundles; a list price" in bundles


def test_the_history_says_that_a_plan_is_a_bundle(folder: Path) -> None:
    assert "Duo 500 · bundle with TV" in prices(folder, "--history").stdout


def test_a_comparison_leaves_bundles_out_and_says_so(folder: Path) -> None:
    done = prices(folder, "--compare", "12")
    assert "Fiber 500" in done.stdout
    assert "Duo 500" not in done.stdout
    assert LEFT in done.stderr
    assert "--bundles" in done.stderr


def test_bundles_are_compared_with_bundles_of_the_same_services_only(folder: Path) -> None:
    done = prices(folder, "--compare", "12", "--bundles")
    assert done.stderr == ""
    assert "Fiber 500" not in done.stdout
    _, tv, both = done.stdout.split("residential, bundle with TV")
    assert ("Duo 500" in tv, "Trio 500" in tv) == (True, False)
    assert both.startswith(" and phone, 301 to 600 Mbps, over 12 months")


def test_bundles_alone_are_listed_on_request(folder: Path) -> None:
    shown = prices(folder, "--bundles").stdout
    assert "Fiber 500" not in shown
    assert "2 plans, 2 of them bundles" in shown


def test_a_comparison_as_data_holds_no_bundle_either(folder: Path, tmp_path: Path) -> None:
    told = json.loads(prices(folder, "--json", "--compare", "12").stdout)
    assert ([plan["plan_name"] for plan in told["plans"]], told["bundles_left_out"]) == (["Fiber 500"], 2)
    done = prices(folder, "--csv", "--compare", "12")
    assert [row["Plan"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["Fiber 500"]
    assert LEFT in done.stderr
    out = tmp_path / "prices.xlsx"
    prices(folder, "--xlsx", "--compare", "12", "--out", str(out))
    assert openpyxl.load_workbook(out)["Plans"].max_row == 2


def test_data_says_what_a_bundle_holds(folder: Path, tmp_path: Path) -> None:
    plans = json.loads(prices(folder, "--json").stdout)["plans"]
    assert [plan["bundled_with"] for plan in plans] == [[], ["tv"], ["tv", "phone"]]
    rows = csv.DictReader(io.StringIO(prices(folder, "--csv").stdout))
    assert [row["Bundled with"] for row in rows] == ["", "TV", "TV and phone"]
    out = tmp_path / "prices.xlsx"
    prices(folder, "--xlsx", "--out", str(out))
    header, *_, last = openpyxl.load_workbook(out)["Plans"].iter_rows(values_only=True)
    assert dict(zip(header, last, strict=True))["Bundled with"] == "TV and phone"
