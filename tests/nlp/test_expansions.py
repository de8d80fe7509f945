"""Builds: what is told, where, how much, and what must stay out. Providers are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from market.records import TextSpan
from nlp.tag import TagResult

PUBLISHED = datetime(2026, 3, 2, tzinfo=UTC)
Tag = Callable[..., TagResult]


def builds(
    tag: Tag, text: str, title: str = "Palmetto Lightwave expands its fiber network"
) -> list[dict[str, Any]]:
    result = tag(text, title, PUBLISHED)
    for row, record in zip(result.to_json()["expansions"], result.expansions, strict=True):
        assert row["company"] == record.company
        for evidence in record.evidence:
            assert isinstance(evidence.where, TextSpan)
            source = title if evidence.where.field == "title" else text
            assert source[evidence.where.start : evidence.where.end] == evidence.quote
    return result.to_json()["expansions"]


def names(fact: dict[str, Any]) -> list[str]:
    return sorted(place["name"] for place in fact["places"])


def test_a_plain_release_gives_one_build_with_its_figures(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave announced today that it will build a fiber network "
        "in Greenville, South Carolina. "
        "The $12 million project includes 140 miles of fiber and will reach "
        "more than 8,500 homes and businesses "
        "by the end of 2027."
    )
    (fact,) = builds(tag, text)
    assert names(fact) == ["Greenville"]
    assert fact["company"] == "palmetto-lightwave"
    assert fact["stage"] == "announced"
    assert fact["passings"] == 8500
    assert fact["route_miles"] == 140
    assert fact["investment_cents"] == 1_200_000_000
    assert fact["technology"] == "fiber"
    assert fact["target_on"] == "2027"
    assert fact["announced_on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("sentence", "stage"),
    [
        ("Palmetto Lightwave plans to bring fiber internet to Easley, South Carolina.", "announced"),
        ("Palmetto Lightwave broke ground on its fiber network in Easley, South Carolina.", "construction"),
        (
            "Crews are laying fiber for Palmetto Lightwave's broadband network in Easley, South Carolina.",
            "construction",
        ),
        ("Palmetto Lightwave completed its fiber network in Easley, South Carolina, in June.", "live"),
        ("Palmetto Lightwave's fiber internet is now available in Easley, South Carolina.", "live"),
        ("Palmetto Lightwave scrapped its plans for a fiber network in Easley, South Carolina.", "cancelled"),
        (
            (
                "The city council approved a franchise for Palmetto Lightwave's fiber "
                "network in Easley, South Carolina."
            ),
            "permitted",
        ),
        (
            "Palmetto Lightwave was awarded a $2 million grant to build broadband in Easley, South Carolina.",
            "funded",
        ),
        (
            (
                "Once construction has begun, Palmetto Lightwave will bring fiber "
                "internet to Easley, South Carolina."
            ),
            "announced",
        ),
        (
            (
                "The fiber network that Palmetto Lightwave will build in Easley, South "
                "Carolina, will be completed in 2027."
            ),
            "announced",
        ),
    ],
)
def test_the_stage_is_how_far_the_text_says_it_has_come(tag: Tag, sentence: str, stage: str) -> None:
    (fact,) = builds(tag, sentence)
    assert fact["stage"] == stage
    assert names(fact) == ["Easley"]


def test_each_place_of_a_list_gets_its_own_figure(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will extend its fiber network to 12,000 homes in "
        "Greenville, 8,000 in Spartanburg and "
        "3,500 in Easley, South Carolina."
    )
    figures = {fact["places"][0]["name"]: fact["passings"] for fact in builds(tag, text)}
    assert figures == {"Greenville": 12_000, "Spartanburg": 8_000, "Easley": 3_500}


def test_several_places_without_figures_of_their_own_are_one_build(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will build fiber in Greenville, Anderson and "
        "Easley, South Carolina, for 24,000 homes."
    )
    (fact,) = builds(tag, text)
    assert names(fact) == ["Anderson", "Easley", "Greenville"]
    assert fact["passings"] == 24_000


@pytest.mark.parametrize(
    "total",
    [
        "Palmetto Lightwave's network passes 30 million locations nationwide.",
        "The company has invested more than $4 billion across 12 states over the last three years.",
        "Its network already serves 500,000 homes in nine states.",
        "About Palmetto Lightwave\nPalmetto Lightwave is a fiber provider that reaches 1.2 million homes.",
        "Still, 40,000 homes in the state lack broadband access.",
    ],
)
def test_a_company_total_is_no_figure_of_the_build(tag: Tag, total: str) -> None:
    text = f"Palmetto Lightwave will build a fiber network in Easley, South Carolina.\n{total}"
    (fact,) = builds(tag, text)
    assert fact["passings"] is None
    assert fact["investment_cents"] is None


def test_homes_and_businesses_are_added_up(tag: Tag) -> None:
    text = "Palmetto Lightwave will bring fiber to 8,000 homes and 400 businesses in Easley, South Carolina."
    assert builds(tag, text)[0]["passings"] == 8400


def test_award_and_match_make_the_investment(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave was awarded a $2 million state grant to build "
        "fiber broadband in Oconee County, South "
        "Carolina. The grant will be matched with $500,000 in local funds."
    )
    (fact,) = builds(tag, text, "Broadband grant for Oconee County")
    assert (fact["grant_cents"], fact["investment_cents"]) == (200_000_000, 250_000_000)
    assert fact["funding"] == "state"
    assert fact["stage"] == "funded"


def test_an_award_may_say_where_in_the_next_sentence(tag: Tag) -> None:
    text = (
        "The agency awarded a $3,400,000 loan to Briar Creek Telephone Company "
        "for broadband. The money will allow "
        "Briar Creek Telephone to bring fiber to Seneca and Walhalla, South Carolina."
    )
    (fact,) = builds(tag, text, "Loan for rural broadband")
    assert fact["company_name"] == "Briar Creek Telephone"
    assert names(fact) == ["Seneca", "Walhalla"]
    assert fact["grant_cents"] == 340_000_000


@pytest.mark.parametrize(
    ("words", "programme"),
    [
        ("a $2 million ReConnect grant", "ReConnect"),
        ("a $2 million BEAD award", "BEAD"),
        ("a $2 million grant from the Capital Projects Fund", "CPF"),
        ("$2 million of American Rescue Plan Act money, a grant,", "ARPA"),
        ("a $2 million Rural Digital Opportunity Fund award", "RDOF"),
        ("a $2 million grant", "other"),
    ],
)
def test_the_programme_is_the_one_that_is_named(tag: Tag, words: str, programme: str) -> None:
    text = f"Palmetto Lightwave won {words} to build fiber broadband in Oconee County, South Carolina."
    assert builds(tag, text)[0]["funding"] == programme


@pytest.mark.parametrize(
    ("when", "target"),
    [
        ("by the end of 2027", "2027"),
        ("by December 2026", "2026-12"),
        ("in the fourth quarter of 2026", "2026-Q4"),
        ("by June 30, 2027", "2027-06"),
        ("by next year", "2027"),
        ("in summer 2026", "2026-Q3"),
    ],
)
def test_a_target_is_as_coarse_as_the_text(tag: Tag, when: str, target: str) -> None:
    text = f"Palmetto Lightwave will complete its fiber network in Easley, South Carolina, {when}."
    assert builds(tag, text)[0]["target_on"] == target


def test_an_older_build_with_figures_is_a_build_of_its_own(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will build a fiber network in Easley, South Carolina, for 6,000 homes. "
        "In June 2025, Palmetto Lightwave completed a fiber network for more "
        "than 2,300 homes in Clemson, South Carolina."
    )
    found = {fact["places"][0]["name"]: (fact["stage"], fact["passings"]) for fact in builds(tag, text)}
    assert found == {"Easley": ("announced", 6000), "Clemson": ("live", 2300)}


@pytest.mark.parametrize(
    "text",
    [
        "Palmetto Lightwave opened a store in Easley, South Carolina, and gives internet tips there.",
        "Palmetto Lightwave donated laptops for broadband access to a school in Easley, South Carolina.",
        "A fiber cut knocked out Palmetto Lightwave's internet in Easley, South Carolina, on Monday.",
        "Palmetto Lightwave raised internet prices in Easley, South Carolina, by $5 a month.",
        "Palmetto Lightwave, headquartered in Easley, South Carolina, named Ann Porter chief executive.",
        "Palmetto Lightwave reported revenue of $30 million and 9,000 broadband subscribers for the quarter.",
        "The county paid for a broadband feasibility study in Oconee County, South Carolina.",
    ],
)
def test_other_news_is_no_build(tag: Tag, text: str) -> None:
    assert builds(tag, text, "News of the week") == []


def test_a_dateline_and_a_city_hall_are_no_places_of_the_build(tag: Tag) -> None:
    text = (
        "CHARLOTTE, N.C. — Palmetto Lightwave will build a fiber network in "
        "Easley, South Carolina, for 6,000 homes."
    )
    (fact,) = builds(tag, text)
    assert names(fact) == ["Easley"]


def test_what_is_replaced_is_not_the_technology_of_the_build(tag: Tag) -> None:
    text = (
        "GASTONIA, N.C. - Comcast has begun construction of a fiber network that will replace its coaxial "
        "lines at 9,800 addresses in Gastonia, North Carolina."
    )
    [fact] = builds(tag, text, title="Comcast begins upgrade in Gastonia")
    assert fact["technology"] == "fiber"


def test_the_companys_home_town_is_no_place_served(tag: Tag) -> None:
    text = (
        "Comcast is heading to Spartanburg, South Carolina. The Philadelphia, Pennsylvania, company will "
        "build a fiber network that reaches 5,000 homes in Spartanburg by the end of 2027."
    )
    [fact] = builds(tag, text, title="Comcast heads to Spartanburg")
    assert names(fact) == ["Spartanburg"]
