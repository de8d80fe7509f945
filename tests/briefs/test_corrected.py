"""Lines of briefs and sheets that rest on a corrected record follow the correction, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.meeting import meeting_sheet
from briefs.render import render_brief
from briefs.week import Week
from briefs.weekly import Weekly
from market.corrections import Corrector
from market.records import Account, Article, Brief, Correction
from tests.briefs.build import BOISE, GREENVILLE, article, company, day, expansion, place, span
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
