"""Builds told in the wordings of local papers, co-ops and councils; providers are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]


def builds(tag: Tag, text: str, title: str = "", **given: Any) -> list[dict[str, Any]]:
    return tag(text, title, **given).to_json()["expansions"]


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (
            "announced",
            "Palmetto Lightwave will spend $42 million on fiber in Spartanburg County, S.C.",
        ),
        ("announced", "The board of Palmetto Lightwave voted to build a fiber network in Gaffney, S.C."),
        (
            "announced",
            "Palmetto Lightwave has filed plans for fiber to 2,600 homes in Gaffney, S.C.",
        ),
        ("live", "Palmetto Lightwave has turned on its fiber network for 900 homes in Greenville, S.C."),
        ("live", "In Greenville, S.C., 310 homes can be connected to Palmetto Lightwave's fiber."),
        ("cancelled", "Palmetto Lightwave will not build fiber in Greenville, S.C., after all."),
        (
            "cancelled",
            "Palmetto Lightwave has called off fiber for 5,600 homes in Greenville, S.C.",
        ),
        (
            "permitted",
            "Greenville City Council voted 5-2 to let Palmetto Lightwave lay fiber under Main Street in "
            "Greenville, S.C.",
        ),
        (
            "construction",
            "Construction of Palmetto Lightwave's grant-funded fiber in Rutherford County, N.C., has begun.",
        ),
        (
            "announced",
            "Palmetto Lightwave will run fiber to 9,000 homes in Pitt County. Construction starts in March.",
        ),
    ],
)
def test_a_stage_is_told_in_many_ways(tag: Tag, stage: str, text: str):
    (fact,) = builds(tag, text, "Fiber news")
    assert fact["stage"] == stage


def test_what_a_company_invests_is_no_grant(tag: Tag):
    text = (
        "Palmetto Lightwave will invest $42 million to build a fiber network in Greenville, S.C. "
        "No grant money is involved."
    )
    (fact,) = builds(tag, text)
    assert (fact["stage"], fact["investment_cents"]) == ("announced", 4_200_000_000)
    assert (fact["grant_cents"], fact["funding"]) == (None, "private")


def test_miles_that_a_company_operates_are_not_built(tag: Tag):
    text = (
        "Palmetto Lightwave plans to build a 38-mile fiber ring in Greenville, S.C. "
        "Palmetto Lightwave operates 1,900 route miles in the Carolinas."
    )
    (fact,) = builds(tag, text)
    assert fact["route_miles"] == 38.0


def test_a_grant_and_the_match_add_up(tag: Tag):
    text = (
        "Palmetto Lightwave will get $6.4 million in state money to run fiber to 2,140 homes in Rutherford "
        "County, N.C. Palmetto Lightwave adds $1.9 million of its own."
    )
    (fact,) = builds(tag, text)
    assert (fact["stage"], fact["funding"], fact["passings"]) == ("funded", "state", 2_140)
    assert (fact["grant_cents"], fact["investment_cents"]) == (640_000_000, 830_000_000)


def test_towns_named_after_their_county_are_the_same_build(tag: Tag):
    text = (
        "Palmetto Lightwave will build fiber in Spartanburg County, S.C. The network will reach 18,500 homes "
        "in Boiling Springs, Inman and Landrum."
    )
    (fact,) = builds(tag, text)
    assert {place["name"] for place in fact["places"]} >= {"Boiling Springs", "Inman", "Landrum"}


def test_the_key_sentence_begins_behind_the_dateline_and_is_quoted(tag: Tag):
    text = (
        "Press release\nFiber for Greenville\nGREENVILLE, S.C. – Palmetto Lightwave will bring fiber to 900 "
        "homes in Greenville.\nThe work began at 6:10 a.m."
    )
    result = tag(text, "Fiber for Greenville")
    assert result.key_sentence is not None
    assert result.key_sentence.quote == "Palmetto Lightwave will bring fiber to 900 homes in Greenville."
    assert result.key_span is not None
    assert text[result.key_span.start : result.key_span.end] == result.key_sentence.quote


def test_a_power_cut_is_no_outage_of_networks(tag: Tag):
    text = (
        "A truck hit a utility pole in Cowpens, S.C., and 1,400 homes went without electricity until dawn. "
        "The electric cooperative restored power at 5 a.m. The outage darkened two traffic lights."
    )
    assert not tag(text, "Power outage darkens Cowpens").topics


@pytest.mark.parametrize(
    "text",
    [
        "Palmetto Lightwave was rated first for its fiber. It is at work in Gaffney, S.C., until May.",
        "Palmetto Lightwave promised internet in Gaffney, S.C., by May, the complaint says.",
        "The pipe will reach Gaffney, S.C. Palmetto Lightwave finished its fiber there three years ago.",
    ],
)
@pytest.mark.parametrize("title", ["State sues internet firm", "Gas line comes", "Ranked the best provider"])
def test_builds_told_beside_other_news_stay_out(tag: Tag, text: str, title: str):
    assert builds(tag, text, title) == []


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("construction", "Palmetto Lightwave turned the first dirt for its fiber network in Gaffney, S.C."),
        (
            "construction",
            "Palmetto Lightwave has placed 310 of 640 planned miles of fiber in Pitt County, N.C.",
        ),
        (
            "live",
            "Gaffney, S.C., met to mark the completion of Palmetto Lightwave's fiber network for 900 homes.",
        ),
        ("cancelled", "Palmetto Lightwave has returned a $4 million grant for fiber in Gaffney, S.C."),
        ("cancelled", "Palmetto Lightwave's fiber deal in Gaffney, S.C., for 900 homes is off the table."),
        (
            "announced",
            "Engineering has been completed. Palmetto Lightwave will bring fiber to Gaffney, S.C., in May.",
        ),
        ("announced", "Palmetto Lightwave will bring fiber to Gaffney, S.C., which rivals have passed over."),
        (
            "announced",
            "Palmetto Lightwave wants to turn dirt on fiber for 900 homes in Gaffney, S.C., in May.",
        ),
    ],
)
def test_more_ways_to_tell_a_stage(tag: Tag, stage: str, text: str):
    (fact,) = builds(tag, text, "Fiber news")
    assert fact["stage"] == stage


def test_a_list_takes_places_from_the_build_told_before(tag: Tag):
    text = (
        "Palmetto Lightwave is building fiber in Gaffney and Easley, S.C. In Gaffney, S.C., 5,200 passings "
        "are under construction. In Easley the number is 2,050, with activation in the first quarter of 2027."
    )
    facts = builds(tag, text, "Fiber news", published_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert [([p["name"] for p in f["places"]], f["passings"]) for f in facts] == [
        (["Gaffney"], 5200),
        (["Easley"], 2050),
    ]
    assert facts[1]["target_on"] == "2027-Q1"


def test_counts_in_the_order_of_places(tag: Tag):
    text = (
        "Palmetto Lightwave has turned up fiber service in Gaffney and Easley, S.C., where it passed 1,050 "
        "and 1,310 homes respectively."
    )
    facts = builds(tag, text, "Fiber news")
    assert [(f["places"][0]["name"], f["passings"]) for f in facts] == [("Gaffney", 1050), ("Easley", 1310)]


@pytest.mark.parametrize(
    ("slot", "value", "text"),
    [
        ("route_miles", None, "There are 58 miles of alley in Gaffney, and crews dig in all of it."),
        ("route_miles", None, "It has since strung some 840 miles of fiber."),
        ("passings", None, "It did a survey of 6,700 households in Gaffney."),
        ("investment_cents", None, "A city-owned network would cost $22 million."),
        ("investment_cents", None, "The city already invested more than $875,000 in a fiber ring."),
    ],
)
def test_figures_of_other_things_stay_out(tag: Tag, slot: str, value: None, text: str):
    (fact,) = builds(tag, f"Palmetto Lightwave will build fiber in Gaffney, S.C. {text}", "Fiber news")
    assert fact[slot] is value


def test_the_county_of_the_title_stands_beside_its_towns(tag: Tag):
    text = "Palmetto Lightwave will build fiber to 900 homes in Gaffney and Blacksburg, S.C."
    (fact,) = builds(tag, text, "Palmetto Lightwave to wire Cherokee County, South Carolina")
    assert {"Cherokee County", "Gaffney"} <= {place["name"] for place in fact["places"]}


def test_a_programme_of_the_lead_is_told_before_the_state_that_hands_it_on(tag: Tag):
    text = (
        "The state today announced grants to two providers. The awards come from the Capital Projects Fund. "
        "Palmetto Lightwave, $4.2 million, to reach 1,480 locations in Cherokee County, South Carolina. "
        "Blue Ridge Telecom, $3.1 million, to reach 1,100 locations in Pickens County, South Carolina."
    )
    facts = builds(tag, text, "State awards broadband grants")
    assert [fact["funding"] for fact in facts] == ["CPF", "CPF"]


def test_a_quarter_is_no_part_of_the_work(tag: Tag):
    text = (
        "Palmetto Lightwave will build fiber in Gaffney, S.C. Pole work begins this summer and service is "
        "expected by the first quarter of 2027."
    )
    (fact,) = builds(tag, text, "Fiber news", published_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert fact["target_on"] == "2027-Q1"


@pytest.mark.parametrize(
    "text",
    [
        "ATLANTA — Georgia will receive $840 million through the BEAD program. An estimated 310,000 homes "
        "have no broadband. For a nurse in Hall County it matters when fiber comes.",
        "The pipe will reach Gaffney, S.C. Palmetto Lightwave finished its fiber there three years ago.",
    ],
)
def test_a_state_is_no_builder_and_old_work_no_build(tag: Tag, text: str):
    assert builds(tag, text, "Governor welcomes money for internet") == []


def test_a_stray_town_of_another_state_is_no_place_of_a_build(tag: Tag):
    text = (
        "Palmetto Lightwave will build fiber in Gaffney, Greer and Easley, S.C. It will connect 900 homes on "
        "Fall Creek, Gaffney and Greer first."
    )
    facts = builds(tag, text, "Fiber for Spartanburg, S.C.")
    assert {place["state"] for fact in facts for place in fact["places"]} == {"SC"}


def test_a_privately_funded_network_is_no_award(tag: Tag) -> None:
    (build,) = builds(
        tag,
        "The privately funded network of Palmetto Lightwave will pass 18,500 homes in Greenville, S.C., "
        "and cost $42 million.",
    )
    assert (build["stage"], build["grant_cents"], build["funding"]) == ("announced", None, "private")


def test_awards_of_a_list_have_the_figures_of_the_line_below(tag: Tag) -> None:
    text = (
        "The board approved broadband grants on Tuesday.\n\n"
        "• Palmetto Lightwave: $9,850,000, Cherokee County, South Carolina. 1,940 locations.\n"
        "• Blue Ridge Telecom: $8,400,000, Pickens County, South Carolina. "
        "1,275 locations; 96 miles of fiber."
    )
    facts = builds(tag, text, "Board approves final broadband grants")
    assert [(f["places"][0]["name"], f["stage"], f["grant_cents"], f["passings"]) for f in facts] == [
        ("Cherokee County", "funded", 985_000_000, 1940),
        ("Pickens County", "funded", 840_000_000, 1275),
    ]
    assert [f["route_miles"] for f in facts] == [None, 96.0]


@pytest.mark.parametrize(
    "text",
    [
        "Palmetto Lightwave serves Gaffney, Easley and Greer, S.C. It has 22,000 customers and 710 miles of "
        "plant.",
        "The company serves Gaffney, S.C. Its network measures 6,100 miles and has the capacity to reach "
        "70,000 homes.",
        "Today Palmetto Lightwave serves 38,000 households in Cherokee County, South Carolina.",
    ],
)
def test_what_a_company_has_is_no_build(tag: Tag, text: str) -> None:
    assert builds(tag, text, "Palmetto Lightwave fiber names a new chief") == []


def test_a_question_and_a_correction_tell_nothing(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave has begun digging for fiber to 6,700 homes in Gaffney. Is this a grant project? "
        "Correction: An earlier version of this story gave the number as 7,600 homes and the grant as $14 "
        "million."
    )
    (fact,) = builds(tag, text, "Fiber comes to Gaffney, South Carolina")
    assert (fact["passings"], fact["funding"], fact["grant_cents"]) == (6700, None, None)


def test_who_is_let_dig_is_the_builder(tag: Tag) -> None:
    text = (
        "The city of Gaffney, S.C., on Monday issued right-of-way permits to MidCarolina Lightwave. "
        "MidCarolina plans to reach some 24,000 households."
    )
    (fact,) = builds(tag, text, "City issues first street permits to fiber entrant")
    assert (fact["company"], fact["stage"], fact["passings"]) == (
        "midcarolina-lightwave",
        "permitted",
        24_000,
    )


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("cancelled", "Palmetto Lightwave won't be coming to Gaffney, S.C., with fiber after all."),
        ("construction", "Palmetto Lightwave's fiber in Gaffney, S.C., is about 60 percent strung."),
        (
            "construction",
            "The work on Palmetto Lightwave's fiber in Gaffney, S.C., is past the halfway mark.",
        ),
        ("live", "Palmetto Lightwave opened its new fiber line in Gaffney, S.C., to customers."),
    ],
)
def test_stages_of_work(tag: Tag, stage: str, text: str) -> None:
    (fact,) = builds(tag, text, "Fiber news")
    assert fact["stage"] == stage


def test_shares_of_state_and_company_add_up(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave broke ground on fiber in Gaffney, S.C. The state broadband office is meeting "
        "$7.5 million of the cost, the company $5 million."
    )
    (fact,) = builds(tag, text, "Fiber news")
    assert (fact["grant_cents"], fact["investment_cents"]) == (750_000_000, 1_250_000_000)


def test_all_of_them_are_passings(tag: Tag) -> None:
    text = "Every address inside Gaffney, 16,400 of them, will get fiber from Palmetto Lightwave."
    (fact,) = builds(tag, text, "Fiber for Gaffney, South Carolina")
    assert fact["passings"] == 16_400
