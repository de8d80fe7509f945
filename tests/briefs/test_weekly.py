from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefs.week import Week
from briefs.weekly import Weekly
from market.records import Article, Brief, Claim, Importance, Issue, Source
from tests.briefs.build import (
    BOISE,
    GREENVILLE,
    MONDAY,
    SPARTANBURG,
    article,
    company,
    day,
    expansion,
    place,
    span,
)
from tests.briefs.world import EASTERN, READER, World

W47 = Week.parse("2026-W47", EASTERN)
FIVE = {"name": "Fiber 500", "cents": 5999}
ACME = company("acme-fiber", "Acme Fiber")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.ledger.close()


def brief(world: World, week: Week = W47, **reader: Any) -> Brief:
    return Weekly(world.desk, week).compose(READER.model_copy(update=reader), day(7)).brief


def section(of: Brief, name: str) -> tuple[Claim, ...]:
    return next(section.claims for section in of.sections if section.id == name)


def titles(of: Brief) -> list[str]:
    return [claim.headline for claim in section(of, "news")]


def test_a_rise_is_told_with_both_quotes_and_pages(world: World) -> None:
    first = world.look(day(-3), FIVE)
    second = world.look(day(2), FIVE | {"cents": 6499})
    (claim,) = section(brief(world), "prices")
    assert claim.text == "Acme Fiber raised Fiber 500 from $59.99 to $64.99 a month."
    assert claim.numbers == ("500", "$59.99", "$64.99")
    assert [page.capture_id for page in claim.citations] == [first.id, second.id]
    assert {item.quote for item in claim.evidence} == {"Fiber 500", "$59.99", "$64.99"}
    assert claim.detail == "residential · fiber · Greenville, SC"


def test_a_change_of_another_week_or_another_market_or_our_own_is_not_told(world: World) -> None:
    world.look(day(-9), FIVE)
    world.look(day(-8), FIVE | {"cents": 6499})
    assert section(brief(world), "prices") == ()
    boise = {"market": ("Boise, ID",)}
    world.look(day(1), FIVE | boise, source="upstate-ledger")
    world.look(day(2), FIVE | {"company": "our-net"})
    world.look(day(3), FIVE | {"company": "our-net", "cents": 7000})
    assert [c for c in section(brief(world), "prices") if "OurNet" in c.text] == []


@pytest.mark.parametrize(
    ("market", "told"),
    [(("SC",), 1), (("US",), 1), ((), 1), (("Boise, ID",), 0), (("Nowhereville, ZZ",), 1), (("GA",), 0)],
)
def test_where_a_price_holds_decides(world: World, market: tuple[str, ...], told: int) -> None:
    world.look(day(-3), FIVE | {"market": market})
    world.look(day(2), FIVE | {"market": market, "cents": 6499})
    claims = section(brief(world), "prices")
    assert len(claims) == told
    if market == ():
        assert "market not stated" in claims[0].detail


def test_an_empty_section_says_so_and_how_much_was_seen(world: World) -> None:
    world.look(day(1), FIVE)
    world.feed(day(1), status=403, reader=None)
    made = brief(world)
    empty = {section.id: section.empty for section in made.sections}
    assert empty["prices"] == "No price of a competitor moved this week, in 1 of 1 price sources read."
    assert empty["news"] == "Nothing can be said: none of the 1 news sources could be read this week."
    states = {check.source_id: check.state for check in made.coverage.sources}
    assert states == {"acme-plans": "checked", "upstate-ledger": "blocked"}


STORY = "Acme Fiber will wire 12,000 homes in Greenville by late 2027.\nThe company named no price."


def build_story(world: World, at: Any, title: str = "Acme comes to Greenville", **more: Any) -> Article:
    held, item = article(title, more.pop("text", STORY), at, **more.pop("page", {}))
    first = item.text.split("\n")[0]
    fact = expansion(
        item,
        **(
            {"stage": "announced", "passings": 12000, "technology": "fiber", "target_on": "2027"}
            | more.pop("fact", {})
        ),
        evidence=(span(item, first),),
    )
    values = {"companies": (ACME,), "places": (place(GREENVILLE),), "expansions": (fact,)} | more
    return world.tell((held, item), **values)


def test_a_build_is_told_once_with_its_quote_and_not_again_as_news(world: World) -> None:
    item = build_story(world, day(1))
    made = brief(world)
    (claim,) = section(made, "builds")
    assert claim.text == (
        "Acme Fiber announced a fiber build in Greenville, SC: 12,000 homes, target late 2027."
    )
    assert claim.evidence[0].quote == STORY.split("\n")[0]
    assert claim.citations[0].url == item.url
    assert section(made, "news") == ()


def test_a_figure_without_a_quote_stays_out_of_the_sentence(world: World) -> None:
    build_story(world, day(1), fact={"investment_cents": 1_500_000_000})
    (claim,) = section(brief(world), "builds")
    assert "$" not in claim.text


def test_two_articles_on_one_build_are_one_claim(world: World) -> None:
    build_story(world, day(1))
    build_story(world, day(2), title="Fiber firm picks Greenville", text=STORY.replace("wire", "connect"))
    (claim,) = section(brief(world), "builds")
    assert claim.headline == "Acme comes to Greenville"
    assert claim.also == ("https://upstate-ledger.example/fiber-firm-picks-greenville",)


def test_a_build_known_before_is_told_again_only_with_a_new_figure(world: World) -> None:
    build_story(world, day(-20))
    build_story(world, day(1), title="Again", text=STORY + "\nMore words.")
    assert section(brief(world), "builds") == ()
    fuller = STORY.replace("12,000", "15,000")
    held, item = article("Acme grows its plan", fuller, day(2))
    fact = expansion(item, stage="announced", passings=15000, evidence=(span(item, fuller.split("\n")[0]),))
    world.tell((held, item), places=(place(GREENVILLE),), companies=(ACME,), expansions=(fact,))
    (claim,) = section(brief(world), "builds")
    assert "15,000 homes" in claim.text


def test_a_build_elsewhere_or_of_a_place_only_mentioned_or_our_own_is_not_told(world: World) -> None:
    build_story(world, day(1), places=(place(BOISE),), fact={"places": (BOISE["id"],)})
    build_story(world, day(1), title="B", places=(place(GREENVILLE, "mentioned"),))
    build_story(world, day(1), title="C", fact={"company": "our-net", "company_name": "OurNet"})
    assert section(brief(world), "builds") == ()


def test_news_about_the_territory_is_in_and_a_mere_mention_is_out(world: World) -> None:
    world.tell(
        article("Council votes", "Greenville will map its conduits.\nB.", day(1)), places=(place(GREENVILLE),)
    )
    world.tell(
        article("Boise votes", "Boise did what Greenville did.\nB.", day(1)),
        places=(place(BOISE), place(GREENVILLE, "mentioned")),
    )
    assert titles(brief(world)) == ["Council votes"]


def test_news_of_a_competitor_counts_nationally_and_here_but_not_elsewhere(world: World) -> None:
    world.tell(article("Acme names a chief", "Acme Fiber has a new chief.", day(1)), companies=(ACME,))
    world.tell(
        article("Acme in Boise", "Acme Fiber opens in Boise.", day(1)),
        companies=(ACME,),
        places=(place(BOISE),),
    )
    other = company("harbor-cable", "Harbor Cable")
    world.tell(article("Harbor elsewhere", "Harbor Cable has a new chief.", day(1)), companies=(other,))
    mentioned = company("acme-fiber", "Acme Fiber", "mentioned")
    world.tell(article("Only named", "Others, such as Acme Fiber, grew.", day(1)), companies=(mentioned,))
    assert titles(brief(world)) == ["Acme names a chief"]


def test_copies_are_one_story_led_by_the_first(world: World) -> None:
    lead = world.tell(article("Acme names a chief", "Acme Fiber has a new chief.", day(1)), companies=(ACME,))
    copy = article("Acme Fiber gets a chief", "Acme Fiber has a new chief.", day(2), source="wire")
    world.tell(copy, companies=(ACME,), story_id=lead.id)
    (claim,) = section(brief(world), "news")
    assert claim.headline == "Acme names a chief"
    assert claim.text == "Acme Fiber has a new chief."
    assert claim.also == (copy[1].url,)


def test_more_important_stories_come_first(world: World) -> None:
    for title, score in (("Small", 0.3), ("Large", 0.9)):
        told = article(f"{title} story", f"{title}: Acme Fiber has news.", day(1))
        world.tell(told, companies=(ACME,), importance=Importance(score=score))
    assert titles(brief(world)) == ["Large story", "Small story"]


def late(published: int, fetched: int, title: str = "Acme late") -> Any:
    return article(title, "Acme Fiber has a new chief.", day(published), fetched=day(fetched))


def test_a_late_article_is_told_in_the_week_that_first_saw_it(world: World) -> None:
    world.feed(day(-10))
    world.tell(late(-6, 2), companies=(ACME,))
    assert titles(brief(world)) == ["Acme late"]


def test_one_too_old_or_seen_in_an_earlier_week_is_not(world: World) -> None:
    world.feed(day(-10))
    world.tell(late(-40, 2, "Old"), companies=(ACME,))
    world.tell(late(-6, -5, "Seen"), companies=(ACME,))
    assert titles(brief(world)) == []


def test_published_in_the_week_and_seen_after_it_belongs_to_the_week_and_not_to_the_next(
    world: World,
) -> None:
    world.feed(day(-10))
    world.tell(late(6, 7), companies=(ACME,))
    made = brief(world)
    assert titles(made) == ["Acme late"]
    assert titles(brief(world, W47.shifted(1))) == ["Acme late"]
    world.ledger.save_brief(made)
    assert titles(brief(world, W47.shifted(1))) == []


def test_a_copy_that_comes_a_week_later_does_not_tell_the_story_again(world: World) -> None:
    lead = world.tell(late(-5, -5, "First"), companies=(ACME,))
    world.tell(late(1, 1, "Copy"), companies=(ACME,), story_id=lead.id)
    assert titles(brief(world)) == []


def test_an_article_without_a_date_belongs_to_the_week_that_first_saw_it(world: World) -> None:
    held, item = article("Undated", "Acme Fiber has a new chief.", None, fetched=day(2))
    world.tell((held, item), companies=(ACME,))
    made = brief(world)
    assert titles(made) == ["Undated"]
    assert section(made, "news")[0].citations[0].dated == "captured"
    assert titles(brief(world, W47.shifted(1))) == []


def test_a_date_without_a_time_is_that_date_in_every_zone(world: World) -> None:
    midnight = MONDAY.replace(hour=0)
    held, item = article("Monday's", "Acme Fiber has a new chief.", midnight, published_day_only=True)
    world.tell((held, item), companies=(ACME,))
    assert titles(brief(world)) == ["Monday's"]


def test_a_reader_gets_only_the_sections_she_asked_for(world: World) -> None:
    assert [part.id for part in brief(world, sections=("news",)).sections] == ["news"]


def test_a_reader_without_competitors_follows_all_of_the_settings(world: World) -> None:
    other = company("harbor-cable", "Harbor Cable")
    world.tell(article("Harbor chief", "Harbor Cable has a new chief.", day(1)), companies=(other,))
    assert titles(brief(world)) == []
    assert titles(brief(world, competitors=())) == ["Harbor chief"]


def test_a_refused_claim_is_counted_and_never_shown(world: World) -> None:
    held, item = article("Acme chief", "Acme Fiber has a new chief.", day(1))
    wrong = span(item, "Acme Fiber has a new chief.").model_copy(update={"quote": "Acme Fiber has 9 chiefs."})
    world.tell((held, item), companies=(ACME,), key_sentence=wrong)
    composed = Weekly(world.desk, W47).compose(READER, day(7))
    assert section(composed.brief, "news") == ()
    assert composed.brief.coverage.refused == 1
    assert [refusal.code for refusal in composed.refused] == ["quote-not-stored"]
    assert composed.refused[0].issue().code == "claim-refused"


def test_publishing_notes_what_was_refused_and_keeps_a_finished_week(world: World) -> None:
    held, item = article("Acme chief", "Acme Fiber has a new chief.", day(1))
    wrong = span(item, "Acme Fiber has a new chief.").model_copy(update={"quote": "Acme Fiber has 9 chiefs."})
    world.tell((held, item), companies=(ACME,), key_sentence=wrong)
    noted: list[Issue] = []
    first = Weekly(world.desk, W47).publish(READER, day(7), note=noted.append)
    assert first.fresh
    assert [issue.code for issue in noted] == ["claim-refused"]
    again = Weekly(world.desk, W47).publish(READER, day(8), note=noted.append)
    assert not again.fresh
    assert (again.brief, len(noted)) == (first.brief, 1)
    anew = Weekly(world.desk, W47).publish(READER, day(8), note=noted.append, again=True)
    assert anew.brief.generated_at == day(8)
    assert len(noted) == 2


def test_another_county_of_the_territory_is_in(world: World) -> None:
    world.tell(article("Hub votes", "Spartanburg votes on broadband.", day(1)), places=(place(SPARTANBURG),))
    assert titles(brief(world)) == ["Hub votes"]


def test_what_the_morning_after_shows_belongs_to_the_week_before_it_and_is_told_once(world: World) -> None:
    """Sources are read on the Monday on which the brief goes out."""
    world.look(day(0), FIVE)
    world.look(day(7), FIVE | {"cents": 6499})
    made = brief(world)
    assert len(section(made, "prices")) == 1
    assert made.coverage.sources[0].state == "checked"
    world.ledger.save_brief(made)
    assert section(brief(world, W47.shifted(1)), "prices") == ()


def test_what_changed_within_the_next_week_is_left_to_it(world: World) -> None:
    world.look(day(7, 9), FIVE)
    world.look(day(7, 14), FIVE | {"cents": 6499})
    assert section(brief(world), "prices") == ()
    assert len(section(brief(world, W47.shifted(1)), "prices")) == 1


def test_what_a_new_source_brings_along_is_no_news(world: World) -> None:
    world.tell(late(-6, 2), companies=(ACME,))
    assert titles(brief(world)) == []


def test_a_reader_with_her_own_list_hears_of_no_others(world: World) -> None:
    harbor = company("harbor-cable", "Harbor Cable")
    told = article("Harbor here", "Harbor Cable opens a shop.", day(1))
    world.tell(told, companies=(harbor,), places=(place(GREENVILLE),))
    build_story(
        world, day(1), fact={"company": "harbor-cable", "company_name": "Harbor Cable"}, companies=(harbor,)
    )
    assert titles(brief(world)) == []
    assert section(brief(world), "builds") == ()
    assert titles(brief(world, competitors=())) == ["Harbor here"]
    assert len(section(brief(world, competitors=()), "builds")) == 1


def test_an_outage_of_electric_power_is_not_of_the_trade(world: World) -> None:
    told = article("Power fails", "Greenville was dark for an hour.", day(1))
    world.tell(told, places=(place(GREENVILLE),), topics=("outage",))
    assert titles(brief(world)) == []


def test_copies_that_differ_in_stage_are_one_build(world: World) -> None:
    build_story(world, day(1))
    build_story(world, day(2), title="Rewrite", text=STORY + "\nMore.", fact={"stage": "funded"})
    (claim,) = section(brief(world), "builds")
    assert "announced" in claim.text


def test_two_stages_of_a_week_are_one_line_that_tells_both(world: World) -> None:
    build_story(world, day(1))
    held, item = article("Acme digs", "Acme Fiber has begun to dig in Greenville.", day(3))
    fact = expansion(item, stage="construction", evidence=(span(item, item.text),))
    world.tell((held, item), places=(place(GREENVILLE),), companies=(ACME,), expansions=(fact,))
    (claim,) = section(brief(world), "builds")
    assert "is building" in claim.text
    (step,) = claim.steps
    assert "announced" in step.text
    assert "12,000 homes" in step.text


def test_a_companys_own_newsroom_speaks_of_the_company(world: World) -> None:
    world.desk.sources = (
        *world.desk.sources,
        Source(id="acme-news", kind="feed", url="https://acme-news.example/feed", company="acme-fiber"),
    )
    told = article("Crews arrive", "Our crews have come to Greenville.", day(1), source="acme-news")
    world.tell(told, places=(place(GREENVILLE),))
    parade = article("We marched", "We marched in the Greenville parade.", day(1), source="acme-news")
    world.tell(parade, places=(place(GREENVILLE),), topics=())
    assert titles(brief(world)) == ["Crews arrive"]


def test_two_papers_on_one_event_are_one_line_led_by_the_fuller(world: World) -> None:
    told = article("City picks Acme", "The city of Greenville chose Acme Fiber.", day(1))
    world.tell(told, companies=(ACME,), places=(place(GREENVILLE),), topics=("contract",))
    fuller = article("Acme wins", "Acme Fiber won a $2.7 million city contract.", day(2), source="wire")
    world.tell(fuller, companies=(ACME,), places=(place(GREENVILLE),), topics=("contract",))
    outage = article("Acme fails", "Acme Fiber failed in Greenville.", day(2), source="wire")
    world.tell(outage, companies=(ACME,), places=(place(GREENVILLE),), topics=("outage",))
    claims = section(brief(world), "news")
    assert [claim.headline for claim in claims] == ["Acme fails", "Acme wins"]
    assert claims[1].also == (told[1].url,)
