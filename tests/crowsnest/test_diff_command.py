"""`diff`: what changed on a page between its captures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crowsnest.cli.main import app
from crowsnest.differences import FieldChange, difference
from market.errors import UsageError
from market.records import Fee
from tests.briefs.build import article, capture, day, reading
from tests.briefs.world import World

PLANS = "https://acme-plans.example/plans"
PAGE = "https://upstate-ledger.example/acme"
FIVE = {"name": "Fiber 500", "cents": 5999}
GIG = {"name": "Fiber Gig", "cents": 7999, "down_mbps": 1000.0, "row": 3}
SETTINGS = """\
[market]
name = "Upstate"
own_company = "charter"
data = "."
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


def tell(world: World, number: int, title: str, text: str) -> str:
    held, item = article(title, text, day(0), url=PAGE, fetched=day(number))
    world.ledger.capture(held)
    world.ledger.record_reading(reading(held), [item], ())
    return held.id


def test_plans_that_came_went_and_changed(world: World) -> None:
    fee = Fee(name="Modem", raw="$10.00", cents=1000)
    old = world.look(day(-7), FIVE, GIG, {"name": "Fiber 100", "cents": 3999, "row": 4})
    new = world.look(day(0), FIVE | {"cents": 6499, "monthly_fees": (fee,)}, GIG, {"name": "Duo", "row": 5})
    found = difference(world.ledger, PLANS)
    assert found.before is not None
    assert (found.before.capture_id, found.after.capture_id) == (old.id, new.id)
    assert [offer.plan_name for offer in found.removed] == ["Fiber 100"]
    assert [offer.plan_name for offer in found.added] == ["Duo"]
    (changed,) = found.changed
    assert changed.offer.plan_name == "Fiber 500"
    assert FieldChange(field="monthly_cents", before=5999, after=6499) in changed.changes
    assert {change.field for change in changed.changes} == {"monthly_cents", "monthly_fees"}


def test_looks_that_found_the_same_plans_are_one(world: World) -> None:
    world.look(day(-21), FIVE)
    old = world.look(day(-14), FIVE)
    new = world.look(day(-7), FIVE | {"cents": 6499})
    world.look(day(-1), FIVE | {"cents": 6499})
    again = capture(day(2), changed=False, same_as=new.id, status=304, reader=None)
    world.ledger.capture(again)
    world.ledger.capture(capture(day(3), status=503, reader=None))
    found = difference(world.ledger, PLANS)
    assert found.before is not None
    assert found.before.fetched_at == day(-21)
    assert old.fetched_at == day(-14)
    assert found.after.capture_id == new.id
    assert (found.looks, found.last_seen) == (5, day(2))


def test_a_reading_that_failed_says_nothing_of_the_plans(world: World) -> None:
    world.look(day(-7), FIVE, GIG)
    world.look(day(0), outcome="failed")
    assert difference(world.ledger, PLANS).before is None


def test_paragraphs_of_an_article_in_their_order(world: World) -> None:
    first = tell(world, 1, "Acme builds", "Acme will build in Greer.\nIt costs $2 million.\nWork is near.")
    tell(world, 2, "Acme builds", "Acme will build in Greer.\nIt costs $2 million.\nWork is near.")
    last = tell(world, 3, "Acme to build", "Acme will build in Greer.\nIt costs $3 million.\nWork is near.")
    found = difference(world.ledger, PAGE)
    assert found.before is not None
    assert (found.before.capture_id, found.after.capture_id) == (first, last)
    assert found.title == ("Acme builds", "Acme to build")
    assert [(change.op, change.text) for change in found.text] == [
        ("-", "It costs $2 million."),
        ("+", "It costs $3 million."),
    ]
    assert difference(world.ledger, PAGE + "#top") == found


def test_an_address_without_captures_or_records_says_what_to_do(world: World) -> None:
    world.look(day(0), FIVE)
    world.feed(day(0))
    with pytest.raises(UsageError, match=r"never captured; did you mean https://acme-plans\.example/plans\?"):
        difference(world.ledger, "https://acme-plans.example/plan")
    with pytest.raises(UsageError, match="whole address"):
        difference(world.ledger, "plans")
    with pytest.raises(UsageError, match="it is a feed"):
        difference(world.ledger, "https://upstate-ledger.example/feed")
    world.ledger.capture(capture(day(1), url="https://shut.example/", status=403, reader=None))
    with pytest.raises(UsageError, match="HTTP 403"):
        difference(world.ledger, "https://shut.example/")
    world.ledger.capture(capture(day(1), url="https://new.example/plans"))
    with pytest.raises(UsageError, match="not been read yet"):
        difference(world.ledger, "https://new.example/plans")


def call(folder: Path, *words: str) -> Result:
    (folder / "market.toml").write_text(SETTINGS, encoding="utf-8")
    return CliRunner().invoke(app, ["--settings", str(folder / "market.toml"), "diff", *words])


def test_the_command_prints_text_and_json(world: World, tmp_path: Path) -> None:
    world.look(day(-7), FIVE, GIG)
    printed = call(tmp_path, PLANS)
    assert printed.exit_code == 0
    assert "nothing that is read from it has changed" in printed.stdout
    world.look(day(0), FIVE | {"cents": 6499, "promo_cents": 4999, "promo_months": 12})
    printed = call(tmp_path, PLANS)
    assert "\n- Fiber Gig · $79.99/mo · 1 Gbps down · Greenville, SC\n" in printed.stdout
    assert "\n  Fiber 500\n" in printed.stdout
    assert "\n    regular price: $59.99 → $64.99\n" in printed.stdout
    assert "\n    promotional price: none → $49.99\n" in printed.stdout
    as_json = json.loads(call(tmp_path, PLANS, "--json").stdout)
    assert as_json["kind"] == "offers"
    assert as_json["removed"][0]["plan_name"] == "Fiber Gig"
    tell(world, 1, "Acme builds", "Acme will build in Greer.")
    tell(world, 3, "Acme to build", "Acme will build in Greer soon.")
    printed = call(tmp_path, PAGE)
    assert "title\n- Acme builds\n+ Acme to build\ntext\n- Acme will build in Greer.\n+ " in printed.stdout
