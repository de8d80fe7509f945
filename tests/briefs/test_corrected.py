"""Lines of briefs and sheets that rest on a corrected record follow the correction, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.follow import follow_plans
from briefs.meeting import meeting_sheet
from briefs.render import render_brief
from briefs.week import Week
from briefs.weekly import Weekly
from market.corrections import Corrector
from market.ids import article_id
from market.price_corrections import PriceCorrector
from market.records import Account, Article, Brief, Correction
from tests.briefs.build import (
    BOISE,
    GREENVILLE,
    article,
    company,
    day,
    expansion,
    offer,
    place,
    reading,
    span,
)
from tests.briefs.world import EASTERN, READER, World

W47 = Week.parse("2026-W47", EASTERN)
ACME = company("acme-fiber", "Acme Fiber")
TOLD = "place Boise, ID corrected to Greenville, SC by N. N.: The crews are there"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


def correct(world: World, of: Article) -> None:
    said = Correction(
        id="k1",
        record=of.url,
        record_id=of.id,
        action="replace",
        kind="place",
        target=str(BOISE["id"]),
        name="Boise, ID",
        new_target=str(GREENVILLE["id"]),
        new_name="Greenville, SC",
        author="N. N.",
        reason="The crews are there",
    )
    world.ledger.put_corrections([said])
    world.ledger.correct_tags(Corrector([said], world.desk.lexicon, world.desk.gazetteer))


def brief(world: World) -> Brief:
    return Weekly(world.desk, W47).compose(READER, day(7)).brief


def lines(of: Brief, name: str) -> list[Any]:
    return [claim for section in of.sections if section.id == name for claim in section.claims]


def test_a_build_that_was_corrected_into_the_territory_is_told_with_its_correction(world: World) -> None:
    held, item = article("Acme grows", "Acme Fiber builds fiber to 12,000 homes.\nIt begins in May.", day(1))
    fact = expansion(
        item, stage="announced", passings=12000, places=(BOISE["id"],), evidence=(span(item, item.text),)
    )
    told = world.tell((held, item), places=(place(BOISE),), companies=(ACME,), expansions=(fact,))
    assert lines(brief(world), "builds") == []
    correct(world, told)
    made = brief(world)
    [claim] = lines(made, "builds")
    assert "in Greenville, SC" in claim.text
    assert claim.corrections == (TOLD,)
    shown = render_brief(made, EASTERN)
    text = " ".join(shown.text.split())
    assert TOLD[:1].upper() + TOLD[1:] in text
    assert TOLD[1:] in " ".join(shown.html.split())
    account = Account(id="mill", name="Mill", county_fips="45045")
    sheet = meeting_sheet(world.desk, account, day(8)).sheet
    assert [claim.corrections for claim in sheet.builds] == [(TOLD,)]


def test_a_story_is_told_with_its_correction_after_what_it_holds_for(world: World) -> None:
    told = world.tell(
        article("Acme opens a shop", "Acme Fiber opened a shop for broadband.", day(1)),
        companies=(ACME,),
        places=(place(BOISE),),
    )
    correct(world, told)
    [claim] = lines(brief(world), "news")
    assert (claim.detail, claim.corrections) == ("Acme Fiber", (TOLD,))
    assert f"Acme Fiber; {TOLD}" in " ".join(render_brief(brief(world), EASTERN).text.split())


def test_other_lines_say_nothing(world: World) -> None:
    world.tell(
        article("Acme opens a shop", "Acme Fiber opened a shop for broadband.", day(1)),
        companies=(ACME,),
        places=(place(GREENVILLE),),
    )
    [claim] = lines(brief(world), "news")
    assert claim.corrections == ()


FIVE: dict[str, Any] = {"name": "Fiber 500", "cents": 5999, "market": ("Boise, ID",)}


def correct_plan(world: World, plan: str, **more: Any) -> None:
    said: dict[str, Any] = {
        "action": "replace",
        "kind": "place",
        "target": str(BOISE["id"]),
        "name": "Boise, ID",
        "new_target": str(GREENVILLE["id"]),
        "new_name": "Greenville, SC",
    }
    url = world.desk.sources[0].url
    one = Correction(
        id="k1",
        record=url,
        record_id=article_id(url),
        scope="plan",
        part=plan,
        author="N. N.",
        reason="I asked them",
        **(said | more),
    )
    world.ledger.put_corrections([one])
    follow(world, one)


def follow(world: World, *corrections: Correction) -> None:
    corrector = PriceCorrector(corrections or world.ledger.corrections(), world.desk.gazetteer)
    world.ledger.correct_prices(
        corrector, {source.id: article_id(source.url) for source in world.desk.sources}
    )


def test_a_price_corrected_into_the_territory_is_told_with_its_correction(world: World) -> None:
    world.look(day(-8), FIVE)
    world.look(day(1), FIVE | {"cents": 6499})
    assert lines(brief(world), "prices") == []
    correct_plan(world, "fiber 500")
    [claim] = lines(brief(world), "prices")
    told = "plan fiber 500: place Boise, ID corrected to Greenville, SC by N. N.: I asked them"
    assert claim.corrections == (told,)
    assert told[1:] in " ".join(render_brief(brief(world), EASTERN).text.split())
    sheet = meeting_sheet(world.desk, Account(id="mill", name="Mill", county_fips="45045"), day(8)).sheet
    assert [price.claim.corrections for price in sheet.prices] == [(told,)]
    assert [claim.corrections for claim in sheet.moves] == [(told,)]


def test_a_plans_correction_follows_it_through_new_names_and_readings(world: World) -> None:
    world.look(day(0), FIVE)
    correct_plan(world, "Fiber 500")
    held = world.look(day(1), FIVE | {"name": "Fast 500"})
    follow(world)
    [plan] = world.ledger.plans()
    assert (plan.names, plan.offer.market) == (("Fiber 500", "Fast 500"), ("Greenville, SC",))
    assert [move.kind for move in plan.moves] == ["renamed"]
    assert {offer.market for offer in world.ledger.offers()} == {("Greenville, SC",)}
    # Read anew the page says what it said; the analyst's word still stands.
    again = offer(held, **FIVE | {"name": "Fast 500", "contract_months": 12})
    world.ledger.record_reading(reading(held, version=2), [again], ())
    follow_plans(world.ledger, world.desk.sources)
    follow(world)
    [plan] = world.ledger.plans()
    assert (plan.offer.market, plan.offer.contract_months) == (("Greenville, SC",), 12)
    world.ledger.put_corrections([])
    follow(world)
    assert {offer.market for offer in world.ledger.offers()} == {("Boise, ID",)}
    assert world.ledger.plans()[0].offer.market == ("Boise, ID",)


def test_a_plan_of_another_company_is_told_as_that_ones(world: World) -> None:
    theirs = FIVE | {"market": ("US",), "company": "harbor-cable"}
    world.look(day(-8), theirs)
    world.look(day(1), theirs | {"cents": 6499})
    assert lines(brief(world), "prices") == []
    who = {"kind": "company", "target": "harbor-cable", "name": "Harbor Cable"}
    correct_plan(world, "*", **who, new_target="acme-fiber", new_name="Acme Fiber")
    [claim] = lines(brief(world), "prices")
    assert claim.company == "acme-fiber"
    assert claim.text.startswith("Acme Fiber")
