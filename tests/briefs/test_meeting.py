from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.follow import follow_plans
from briefs.meeting import meeting_sheet, prepare, write_sheet
from briefs.sheet_view import sheet_view
from market.errors import UsageError
from market.records import Account, Sheet
from tests.briefs.build import (
    BOISE,
    GREENVILLE,
    article,
    capture,
    company,
    day,
    expansion,
    offer,
    place,
    span,
)
from tests.briefs.world import EASTERN, World

ACCOUNT = Account(id="raman", name="Raman Dental", city="Greenville", state="SC", county_fips="45045")
OFFICE: dict[str, Any] = {"name": "Office 300", "cents": 14900, "segment": "business", "row": 5}
HOME: dict[str, Any] = {"name": "Fiber 500", "cents": 5999}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


def sheet(world: World, **account: Any) -> Sheet:
    return meeting_sheet(world.desk, ACCOUNT.model_copy(update=account), day(7)).sheet


def test_prices_of_the_accounts_segment_come_first_and_others_are_flagged(world: World) -> None:
    held = world.look(day(2), HOME, OFFICE)
    made = sheet(world)
    assert [(price.offer.plan_name, price.fits) for price in made.prices] == [
        ("Office 300", True),
        ("Fiber 500", False),
    ]
    assert made.prices[0].claim.text == "Acme Fiber lists Office 300 at $149.00 a month."
    assert made.prices[0].claim.citations[0].capture_id == held.id
    assert made.prices[0].seen_at == day(2)


def test_speeds_and_segment_on_a_sheet_are_quoted(world: World) -> None:
    held = capture(day(2))
    office = offer(held, **OFFICE | {"down_mbps": 300.0, "up_mbps": 20.0})
    words = (("segment", "Business internet"), ("up_mbps", "20 Mbps"))
    named = (office.evidence[0].model_copy(update={"slot": slot, "quote": quote}) for slot, quote in words)
    world.ledger.capture(held)
    world.offers(held, [office.model_copy(update={"evidence": (*office.evidence, *named)})])
    (price,) = sheet(world).prices
    quotes = [item.quote for item in price.claim.evidence]
    assert quotes[0] == "Office 300"
    assert {"Business internet", "300 Mbps", "20 Mbps", "$149.00"} <= set(quotes)


def test_only_residential_prices_are_said_to_be_no_answer(world: World) -> None:
    world.look(day(2), HOME)
    assert any("Any business list price here" in line for line in sheet(world).unknown)


def test_a_price_of_another_place_or_our_own_is_not_on_it_and_a_withdrawn_one_neither(world: World) -> None:
    world.look(day(-3), HOME, OFFICE)
    elsewhere = OFFICE | {"name": "Far", "market": ("Boise, ID",), "row": 7}
    ours = OFFICE | {"name": "Ours", "company": "our-net", "row": 8}
    world.look(day(2), OFFICE, elsewhere, ours)
    assert [price.offer.plan_name for price in sheet(world).prices] == ["Office 300"]


def test_an_unchanged_look_extends_when_a_price_was_last_seen(world: World) -> None:
    held = world.look(day(-3), OFFICE)
    again = capture(day(4), changed=False, same_as=held.id, status=304, reader=None)
    world.ledger.capture(again)
    follow_plans(world.ledger, world.desk.sources)
    (price,) = sheet(world).prices
    assert price.seen_at == day(4)
    assert price.claim.citations[0].capture_id == held.id


def build(world: World, number: int, **more: Any) -> None:
    sentence = more.pop("sentence", "Harbor Cable will reach 900 homes in Greenville.")
    text = f"{sentence}\nB."
    held, item = article(f"Harbor builds {number}", text, day(number))
    fact = expansion(
        item,
        company="harbor-cable",
        company_name="Harbor Cable",
        passings=900,
        evidence=(span(item, sentence),),
        stage=more.pop("stage", "announced"),
    )
    harbor = company("harbor-cable", "Harbor Cable")
    world.tell(
        (held, item),
        **({"places": (place(GREENVILLE),), "companies": (harbor,), "expansions": (fact,)} | more),
    )


def test_builds_and_news_of_the_last_90_days_and_who_is_there(world: World) -> None:
    world.look(day(2), OFFICE)
    build(world, -60)
    build(world, -120)
    told = article("Acme names a chief", "Acme Fiber has a new chief.", day(1))
    world.tell(told, companies=(company("acme-fiber", "Acme Fiber"),))
    made = sheet(world)
    assert [claim.headline for claim in made.builds] == ["Harbor builds -60"]
    assert [claim.headline for claim in made.stories] == ["Acme names a chief"]
    assert made.sellers == (
        ("Acme Fiber", "lists prices for the area"),
        ("Harbor Cable", "builds here: announced"),
    )
    assert any(line.startswith("What Harbor Cable charges") for line in made.unknown)


def test_price_moves_that_reach_the_account(world: World) -> None:
    world.look(day(-30), OFFICE)
    world.look(day(2), OFFICE | {"cents": 12900})
    assert [claim.text for claim in sheet(world).moves] == [
        "Acme Fiber cut Office 300 from $149.00 to $129.00 a month."
    ]


def test_an_account_nobody_can_place_gets_national_prices_only_and_is_told_so(world: World) -> None:
    world.look(day(2), OFFICE, OFFICE | {"name": "Office US", "market": ("US",), "row": 9})
    build(world, 1)
    made = sheet(world, county_fips=None)
    assert made.county == ""
    assert [price.offer.plan_name for price in made.prices] == ["Office US"]
    assert made.builds == ()
    assert made.unknown[0].startswith("Which county the account is in")
    assert "not known" in made.sellers[0][1]


def test_news_of_elsewhere_is_not_on_it(world: World) -> None:
    told = article("Acme in Boise", "Acme Fiber opens in Boise.", day(1))
    world.tell(told, companies=(company("acme-fiber", "Acme Fiber"),), places=(place(BOISE),))
    assert sheet(world).stories == ()


def test_a_sheet_is_written_as_a_page(world: World, tmp_path: Path) -> None:
    world.look(day(2), OFFICE)
    world.ledger.save_accounts([ACCOUNT])
    path = tmp_path / "sheets" / "raman.html"
    made = prepare(world.desk, "Raman Dental", day(7), command="crowsnest prep 'Raman Dental'").sheet
    write_sheet(made, path, EASTERN)
    text = path.read_text("utf-8")
    assert "Raman Dental" in text
    assert "@page" in text
    with pytest.raises(UsageError, match="no account"):
        prepare(world.desk, "Zed", day(7))


def test_the_ledger_keeps_a_sheet_with_the_command_that_made_it(world: World) -> None:
    world.look(day(2), OFFICE)
    world.ledger.save_accounts([ACCOUNT])
    first = prepare(world.desk, "raman", day(7), command="crowsnest prep raman").sheet
    assert prepare(world.desk, "raman", day(7), command="crowsnest prep raman").sheet == first
    later = prepare(world.desk, "raman", day(8), days=30).sheet
    assert world.ledger.sheets() == [later, first]
    assert world.ledger.sheets("raman")[1].command == "crowsnest prep raman"
    assert world.ledger.sheets("another") == []
    assert [claim.text for claim in first.claims()] == ["Acme Fiber lists Office 300 at $149.00 a month."]


def test_one_builds_history_is_told_once_among_who_is_there(world: World) -> None:
    build(world, -60, stage="announced")
    approved = "Greenville approved the permits with which Harbor Cable will reach 900 homes."
    build(world, -30, stage="permitted", sentence=approved)
    build(world, -2, stage="construction", sentence="Harbor Cable broke ground to reach 900 homes.")
    assert sheet(world).sellers == (
        ("Harbor Cable", "builds here: announced → permitted → under construction"),
    )


def test_news_of_a_company_that_is_not_there_is_not_on_it(world: World) -> None:
    told = article("Acme names a chief", "Acme Fiber has a new chief.", day(1))
    world.tell(told, companies=(company("acme-fiber", "Acme Fiber"),))
    assert sheet(world).stories == ()


def test_a_plan_with_an_autopay_price_only_is_listed_with_its_condition(world: World) -> None:
    world.look(day(2), OFFICE | {"cents": None, "autopay_cents": 5000})
    (price,) = sheet(world).prices
    assert price.claim.text.endswith("at $50.00 a month with AutoPay.")
    row = sheet_view(sheet(world), EASTERN).prices[0]
    assert (row.amount, row.note) == ("$50.00", "with AutoPay")
