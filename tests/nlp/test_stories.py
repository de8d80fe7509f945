"""Stories: copies, rewrites and later news join; look-alikes and roundups do not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from typing import Any

import pytest

import nlp.stories
from bench.stories import articles, counts, found_in, scores
from nlp.stories import Stories, StoryKey, assign_stories
from nlp.stories_figures import agree, telling_figures, weight
from nlp.stories_key import make_key
from nlp.stories_roundups import lists_stories
from nlp.stories_text import own_text, own_title
from nlp.stories_words import names, shingles, split
from nlp.tag import Tagger, TagInput

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NOT_YET = {frozenset(("q1", "prairie-layoffs")), frozenset(("hire-a", "hire-b"))}
"""Stories of our own that are still taken for one."""
LATE = {"o98"}
"""Articles that do not find their story yet."""


@pytest.fixture(scope="module")
def told(tagger: Tagger) -> dict[str, Any]:
    rows = articles("own")
    found = dict(zip((row["id"] for row in rows), found_in(rows, tagger), strict=True))
    return {"rows": rows, "found": found}


def by_kind(kind: str) -> list[str]:
    return [row["id"] for row in articles("own") if row["kind"] == kind]


def beginning(row: dict[str, Any]) -> str:
    return next(other["id"] for other in articles("own") if other["story"] == row["story"])


@pytest.mark.parametrize("kind", ["copy", "cut copy", "rewrite", "brief", "follow-up"])
def test_what_tells_a_story_again_joins_it(told: dict[str, Any], kind: str) -> None:
    lone = [
        row["id"]
        for row in told["rows"]
        if row["kind"] == kind
        and row["id"] not in LATE
        and row["story"] != "wire-again"
        and told["found"][row["id"]] != told["found"][beginning(row)]
    ]
    assert lone == []


@pytest.mark.parametrize("article", by_kind("lookalike") + by_kind("roundup"))
def test_a_lookalike_joins_no_other_story(told: dict[str, Any], article: str) -> None:
    story = {row["id"]: row["story"] for row in told["rows"]}
    others = {
        story[name]
        for name, found in told["found"].items()
        if found == told["found"][article] and story[name] != story[article]
    }
    assert all(frozenset((story[article], other)) in NOT_YET for other in others)


def test_the_same_text_months_later_is_another_story(told: dict[str, Any]) -> None:
    assert told["found"]["o65"] == "o65"


def test_dev_set(tagger: Tagger) -> None:
    rows = articles("dev")
    assert scores(list(counts(rows, found_in(rows, tagger)).values()))[2] >= 0.95


def test_the_id_is_that_of_the_first_article(told: dict[str, Any]) -> None:
    place = {row["id"]: number for number, row in enumerate(told["rows"])}
    assert all(place[story] <= place[article] for article, story in told["found"].items())


@pytest.fixture(scope="module")
def wire(tagger: Tagger) -> list[StoryKey]:
    rows = [row for row in articles("own") if row["story"] == "wire"]
    inputs = [TagInput(id=row["id"], title=row["title"], text=row["text"], published_at=DAY) for row in rows]
    return [result.story for result in tagger.tag(inputs)]


def test_copies_join_whatever_comes_first(wire: list[StoryKey]) -> None:
    copies = [key for key in wire if key.article_id in ("o01", "o02", "o03", "o04", "o05")]
    for order in permutations(copies):
        assert len({key.story_id for key in assign_stories(order)}) == 1


def test_stories_continue_from_what_was_stored(tagger: Tagger) -> None:
    rows = articles("own")[:60]
    inputs = [TagInput(id=row["id"], title=row["title"], text=row["text"]) for row in rows]
    keys = [result.story for result in tagger.tag(inputs)]
    whole = assign_stories(keys)
    for cut in (1, 20, 59):
        stored = [StoryKey.model_validate_json(key.model_dump_json()) for key in whole[:cut]]
        assert assign_stories(keys[cut:], stored) == whole[cut:]


def test_a_key_of_the_earlier_scheme_loads_and_keeps_its_story() -> None:
    stored = '{"article_id": "a", "story_id": "s", "signature": [1, 2], "figures": [], "numbers": [4000]}'
    stories = Stories([StoryKey.model_validate_json(stored)])
    assert stories.assign(StoryKey(article_id="a")).story_id == "s"


def test_assigning_again_changes_nothing(wire: list[StoryKey]) -> None:
    stories = Stories(assign_stories(wire))
    assert stories.assign(wire[1]).story_id == wire[0].article_id
    assert len(stories) == len(wire)


def test_a_story_grows_over_weeks_and_ends(wire: list[StoryKey]) -> None:
    def copy(name: str, day: int) -> StoryKey:
        moment = DAY + timedelta(days=day)
        return wire[0].model_copy(update={"article_id": name, "published_at": moment})

    keys = [copy("a", 0), copy("b", 15), copy("c", 30), copy("d", 90)]
    assert [key.story_id for key in assign_stories(keys)] == ["a", "a", "a", "d"]


def test_the_first_to_come_are_forgotten(wire: list[StoryKey], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlp.stories, "MOST_ARTICLES", 3)
    stories = Stories()
    for key in wire:
        stories.assign(key)
    assert len(stories) == 3
    other = wire[0].model_copy(update={"article_id": "new"})
    assert stories.assign(other).story_id == wire[0].article_id


TEMPLATE = (
    "Palmetto Lightwave will build a fiber network in {city} and reach {homes} homes by the end of next "
    "year, the company said on Tuesday after the council approved the plan by six to one. Mayor Ann Porter "
    "praised the choice for residents who have waited long for faster internet and a second provider."
)


def key(article: str, text: str, title: str = "") -> StoryKey:
    return make_key(article, title, text, DAY, (), (), ())


@pytest.mark.parametrize(
    ("first", "second"),
    [(("Easley", "6,000"), ("Seneca", "4,100")), (("Easley", "6,000"), ("Easley", "4,100"))],
)
def test_one_text_with_other_figures_is_another_story(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    texts = [TEMPLATE.format(city=city, homes=homes) for city, homes in (first, second)]
    assert [k.story_id for k in assign_stories([key("a", texts[0]), key("b", texts[1])])] == ["a", "b"]


def test_short_and_empty_texts_stand_alone() -> None:
    lone = [key("a", ""), key("b", "too short"), key("c", "too short"), key("d", "¿?¡!"), key("e", "")]
    assert [k.story_id for k in assign_stories(lone)] == ["a", "b", "c", "d", "e"]


def test_any_characters_make_a_key() -> None:
    chance = random.Random(5)
    for _ in range(200):
        text = "".join(
            chr(chance.choice((chance.randrange(32, 127), chance.randrange(0xD7FF)))) for _ in "x" * 300
        )
        assert StoryKey.model_validate_json(key("a", text, text[:40]).model_dump_json()).article_id == "a"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It reaches 7,350 homes.", ("homes:7350",)),
        ("About 950 Acme Cable subscribers lost service.", ("homes:950",)),
        ("thirty-four hundred Acme customers", ("homes:3400",)),
        ("It costs $18.6 million, or 750-thousand dollars a year.", ("money:18600000", "money:750000")),
        ("a 7 percent rise, 31 miles, 300 Mbps", ("percent:7", "miles:31", "mbps:300")),
        ("By Oct. 12, in the third quarter (Q3)", ("day:10-12", "quarter:3")),
        ("At 4 p.m. in 2026 he, 12, called 555-0142 from Highway 191.", ()),
    ],
)
def test_figures_carry_their_unit(text: str, figures: tuple[str, ...]) -> None:
    assert tuple(telling_figures(text)) == figures


def test_round_figures_agree_with_exact_ones() -> None:
    assert agree("homes:20000", "homes:19800")
    assert agree("count:460", "homes:460")
    assert not agree("homes:19800", "homes:19300")
    assert not agree("homes:500", "money:500")
    assert not agree("day:10-1", "day:10-2")
    assert weight("homes:2640") > weight("homes:3000") > weight("percent:40")


def test_a_cut_copy_is_inside_of_its_original() -> None:
    words = split(TEMPLATE * 3)
    assert set(shingles(words[:50])) <= set(shingles(words))
    assert shingles(words[:4]) == ()


def test_frame_is_left_out_of_a_text() -> None:
    frame = "By Ann Porter\nThe council met.\nIt voted.\nSign up for our newsletter.\nContact: 555-0100"
    assert own_text(frame) == "The council met.\nIt voted."
    assert own_text("It met.\nIt voted.\nAbout Acme Fiber\nAcme Fiber is big.") == "It met.\nIt voted."
    assert own_text("Contact: 555-0100") == "Contact: 555-0100"
    assert own_title("Down the Wire: A goose") == "A goose"


def test_names_stand_in_capitals_within_a_sentence() -> None:
    found = names("Crews came. Acme's boss, Marvin Tolliver, met crews in ASHFORD on Monday.")
    assert found == {"acme", "marvin", "tollive", "ashford"}


def test_a_roundup_is_known_by_numbers_title_or_loose_parts() -> None:
    listed = "1. Acme picked Salina.\n2. Nova sold out.\n3. Utah killed a bill."
    loose = "Acme met Ann Porter.\nIn Lima, a barber won.\nLast, Utah voted.\nAll of Nova Scotia danced."
    assert lists_stories("Anything", listed)
    assert lists_stories("Deals", loose)
    assert lists_stories("The week in fiber", loose)
    assert not lists_stories("Acme picks Salina", TEMPLATE)
    assert not lists_stories("Barber wins in Lima as Utah votes", loose)


def test_no_two_stories_of_our_own_become_one(told: dict[str, Any]) -> None:
    joined = [
        (one["id"], other["id"])
        for one, other in combinations(told["rows"], 2)
        if one["story"] != other["story"]
        and frozenset((one["story"], other["story"])) not in NOT_YET
        and told["found"][one["id"]] == told["found"][other["id"]]
    ]
    assert joined == []
