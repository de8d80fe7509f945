"""One event is told once, whoever tells it: stories folded into each other and into builds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.view import view
from briefs.week import Week
from briefs.weekly import Weekly
from market.records import Brief, Claim, Source
from tests.briefs.build import GREENVILLE, article, company, day, expansion, place, span
from tests.briefs.world import EASTERN, READER, SOURCES, World

W47 = Week.parse("2026-W47", EASTERN)
ACME = company("acme-fiber", "Acme Fiber")
GAZETTE = Source(id="gazette", kind="feed", url="https://gazette.example/feed", publisher="Piedmont Gazette")
AWARD = "The city picked Acme Fiber for a $2.7 million contract that links 46 buildings by fiber."
BUILD = "Acme Fiber will wire 12,000 homes in Greenville for $15 million by late 2027."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, (*SOURCES, GAZETTE))
    yield world
    world.ledger.close()


def brief(world: World) -> Brief:
    made = Weekly(world.desk, W47).compose(READER, day(7))
    assert made.refused == []
    return made.brief


def section(of: Brief, name: str) -> tuple[Claim, ...]:
    return next(part.claims for part in of.sections if part.id == name)


def tell(
    world: World, title: str, text: str, *, on: int = 1, source: str = "upstate-ledger", **tags: Any
) -> None:
    told = article(title, text, day(on), source=source)
    world.tell(told, **({"companies": (ACME,), "places": (place(GREENVILLE),), "topics": ()} | tags))


def announce(
    world: World, text: str = BUILD, *, source: str = "upstate-ledger", on: int = 1, **fact: Any
) -> None:
    held, item = article(f"Acme plan of day {on}", text, day(on), source=source)
    proof = tuple(span(item, text, slot) for slot in ("passings", "investment_cents"))
    values = {"passings": 12000, "investment_cents": 1_500_000_000} | fact
    told = expansion(item, evidence=proof, **values)
    world.tell((held, item), companies=(ACME,), places=(place(GREENVILLE),), expansions=(told,))


def test_two_papers_words_on_one_event_are_one_line_that_links_both(world: World) -> None:
    tell(world, "City chooses Acme", AWARD)
    tell(
        world,
        "Council signs with Acme",
        "A contract of $2.7 million for fiber to 46 buildings goes to Acme Fiber.",
        on=2,
        source="gazette",
        places=(place(GREENVILLE, "mentioned"),),
        topics=("contract",),
    )
    (claim,) = section(brief(world), "news")
    assert claim.headline == "City chooses Acme"
    assert claim.also_by == ("Piedmont Gazette",)


@pytest.mark.parametrize(
    ("other", "on"),
    [
        ("Acme Fiber takes a $9.1 million contract in 2027 for fiber to 12 schools.", 2),
        ("The $2.7 million for 46 buildings, a year of Acme Fiber and its fiber.", 6),
    ],
)
def test_other_figures_or_another_week_are_another_event(world: World, other: str, on: int) -> None:
    tell(world, "City chooses Acme", AWARD)
    tell(world, "Another story", other, on=on, topics=("contract",), places=())
    assert len(section(brief(world), "news")) == 2


def test_a_story_that_retells_a_build_is_linked_to_its_line(world: World) -> None:
    announce(world)
    tell(
        world,
        "What $15 million buys",
        "That is $1,250 a home, says a planner. Acme Fiber will spend $15 million.",
        on=2,
        source="gazette",
        topics=("funding",),
    )
    made = brief(world)
    (claim,) = section(made, "builds")
    assert section(made, "news") == ()
    assert claim.also == ("https://gazette.example/what-15-million-buys",)
    shown = view(made, EASTERN)
    line = next(part for part in shown.parts if part.id == "builds").lines[0]
    assert line.copies == (("Piedmont Gazette", claim.also[0]),)


def test_a_story_with_other_figures_stays_news_beside_a_build(world: World) -> None:
    announce(world)
    tell(world, "Acme outage", "Acme Fiber lost 900 customers' internet in Greenville.", topics=("outage",))
    assert [claim.headline for claim in section(brief(world), "news")] == ["Acme outage"]


def test_a_figure_that_only_another_teller_gives_comes_with_its_page(world: World) -> None:
    announce(world, "Acme Fiber will wire 12,000 homes in Greenville.", investment_cents=None)
    announce(world, "Acme Fiber will spend $15 million in Greenville.", on=2, source="gazette", passings=None)
    (claim,) = section(brief(world), "builds")
    assert claim.text == (
        "Acme Fiber announced a network build in Greenville, SC: 12,000 homes, $15 million investment."
    )
    assert [page.publisher for page in claim.citations] == ["Upstate Ledger", "Piedmont Gazette"]
    assert claim.also == ()


def test_a_name_that_is_a_plants_is_no_news_of_the_trade(world: World) -> None:
    tell(world, "Acme in bloom", "Acme, the shrub, wants sun. It costs $28 to $45 in Greenville.")
    assert section(brief(world), "news") == ()
