"""Builds told in the wordings of local papers, co-ops and councils; providers are invented."""

from __future__ import annotations

from collections.abc import Callable
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
