"""Price moves as sentences: what each kind says, and that one move is one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.view import view
from briefs.week import Week
from briefs.weekly import Weekly
from market.records import Claim, Fee, Source
from market.records.source import SourceOptions
from tests.briefs.build import day
from tests.briefs.world import EASTERN, READER, SOURCES, World

W47 = Week.parse("2026-W47", EASTERN)
LABELS = Source(
    id="acme-labels",
    kind="labels",
    url="https://acme-labels.example/labels.csv",
    company="acme-fiber",
    publisher="Acme Fiber labels",
    options=SourceOptions(segment="residential", market=("Greenville, SC",)),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, (*SOURCES, LABELS))
    yield world
    world.ledger.close()


def prices(world: World) -> tuple[Claim, ...]:
    made = Weekly(world.desk, W47).compose(READER, day(7))
    assert made.refused == []
    return made.brief.sections[0].claims


def rental(cents: int) -> dict[str, Any]:
    return {"monthly_fees": (Fee(name="Modem rental", raw=f"${cents / 100:.2f}", cents=cents),)}


def plans(count: int, cents: int) -> list[dict[str, Any]]:
    return [
        {"name": f"Fiber {n}00", "down_mbps": n * 100.0, "cents": 4000 + n, "row": n + 1} | rental(cents)
        for n in range(1, count + 1)
    ]


def test_one_fee_on_several_plans_is_one_line(world: World) -> None:
    world.look(day(-3), *plans(3, 1000))
    world.look(day(2), *plans(3, 1500))
    (claim,) = prices(world)
    assert claim.text == (
        "Acme Fiber raised the modem rental fee on Fiber 100, Fiber 200 and Fiber 300 from $10.00 to $15.00 "
        "a month."
    )
    assert claim.detail.endswith("on 3 plans")
    assert len(claim.record_ids) == 6


def test_a_fee_on_many_plans_names_the_first(world: World) -> None:
    world.look(day(-3), *plans(5, 1000))
    world.look(day(2), *plans(5, 1500))
    (claim,) = prices(world)
    assert "on Fiber 100, Fiber 200, Fiber 300 and others from" in claim.text
    assert claim.detail.endswith("on 5 plans")


def test_fees_that_move_differently_stay_two_lines(world: World) -> None:
    first, second = plans(2, 1000)
    world.look(day(-3), first, second)
    world.look(day(2), first | rental(1500), second | rental(1200))
    assert len(prices(world)) == 2


def test_a_move_that_page_and_label_show_is_one_line_with_both_pages(world: World) -> None:
    five = {"name": "Fiber 500", "cents": 5999}
    for source in ("acme-plans", "acme-labels"):
        world.look(day(-3), five, source=source)
        world.look(day(2), five | {"cents": 6499}, source=source)
    (claim,) = prices(world)
    assert [page.publisher for page in claim.citations] == ["Acme Fiber plan page"] * 2 + [
        "Acme Fiber labels"
    ] * 2


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            {"cents": 5999},
            {"cents": None, "quote_only": True},
            "Acme Fiber no longer prints a price for Fiber 500, last listed at $59.99 a month; it asks to be "
            "called.",
        ),
        (
            {"cents": None, "quote_only": True},
            {"cents": 5999},
            "Acme Fiber now prints a price for Fiber 500: $59.99 a month.",
        ),
        (
            {"cents": None, "autopay_cents": 5000},
            {"cents": None, "autopay_cents": 5500},
            "Acme Fiber raised the price with AutoPay of Fiber 500 from $50.00 to $55.00 a month.",
        ),
    ],
)
def test_what_is_said(world: World, before: dict[str, Any], after: dict[str, Any], says: str) -> None:
    world.look(day(-3), {"name": "Fiber 500"} | before)
    world.look(day(2), {"name": "Fiber 500"} | after)
    (claim,) = prices(world)
    assert claim.text == says


def test_a_new_plan_with_a_price_on_a_condition_names_the_condition(world: World) -> None:
    old = {"name": "Fiber 500", "cents": 5999}
    world.look(day(-3), old)
    world.look(
        day(2), old, {"name": "Fiber 300", "cents": None, "autopay_cents": 5000, "down_mbps": 300.0, "row": 3}
    )
    (claim,) = prices(world)
    assert claim.text == "Acme Fiber added Fiber 300 at $50.00 a month with AutoPay."


def test_the_page_that_lacks_a_plan_is_linked_without_words_to_mark(world: World) -> None:
    world.look(day(-3), {"name": "Fiber 500", "cents": 5999}, {"name": "Fiber Gig", "cents": 7999, "row": 3})
    gone = world.look(day(2), {"name": "Fiber 500", "cents": 5999})
    made = Weekly(world.desk, W47).compose(READER, day(7)).brief
    (line,) = view(made, EASTERN, "http://127.0.0.1:1").parts[0].lines
    urls = {source.capture_id: source.capture_url for source in line.sources}
    assert urls[gone.id] == f"http://127.0.0.1:1/capture/{gone.id}"
    assert all("?quote=Fiber+Gig" in url for capture, url in urls.items() if capture != gone.id)
