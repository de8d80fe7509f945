"""Builds told over several sentences: whose, where, how much and until when is carried along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nlp.tag import TagResult

PUBLISHED = datetime(2026, 3, 2, tzinfo=UTC)
Tag = Callable[..., TagResult]


def builds(tag: Tag, text: str, title: str = "Fiber news") -> list[dict[str, Any]]:
    return tag(text, title, PUBLISHED).to_json()["expansions"]


def by_place(facts: list[dict[str, Any]], slot: str) -> dict[str, Any]:
    return {"+".join(sorted(place["name"] for place in fact["places"])): fact[slot] for fact in facts}


def test_the_company_of_the_sentence_before_builds_what_follows(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave has news for Oconee County, S.C. The provider will string fiber past "
        "4,100 homes in "
        "Walhalla, S.C."
    )
    (fact,) = builds(tag, text)
    assert (fact["company"], fact["passings"]) == ("palmetto-lightwave", 4_100)


def test_the_town_is_the_one_spoken_of_before(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave is coming to Seneca, South Carolina. The company will lay fiber there to 3,300 "
        "addresses and says that crews arrive in May."
    )
    (fact,) = builds(tag, text)
    assert by_place([fact], "passings") == {"Seneca": 3_300}


def test_each_clause_of_a_list_has_its_own_company_amount_and_place(tag: Tag) -> None:
    text = (
        "The state awarded broadband grants on Monday. Among the winners: Palmetto Lightwave, which "
        "gets $4 million "
        "to reach 1,200 locations in Oconee County, South Carolina; and Foxglove Fiber, $2.5 million and 640 "
        "locations in Pickens County, South Carolina."
    )
    facts = builds(tag, text, "Broadband grants awarded")
    assert by_place(facts, "company") == {
        "Oconee County": "palmetto-lightwave",
        "Pickens County": "foxglove-fiber",
    }
    assert by_place(facts, "investment_cents") == {
        "Oconee County": 400_000_000,
        "Pickens County": 250_000_000,
    }
    assert by_place(facts, "passings") == {"Oconee County": 1_200, "Pickens County": 640}


def test_a_list_may_go_on_in_the_next_sentence_without_a_unit(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will bring fiber to 5,200 homes in Easley, South Carolina. Seneca's 1,900 "
        "follow a "
        "year later."
    )
    assert by_place(builds(tag, text), "passings") == {"Easley": 5_200, "Seneca": 1_900}


def test_two_companies_at_work_in_one_town_are_two_builds(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave and Foxglove Fiber are both digging in Greenville, South Carolina. "
        "Palmetto Lightwave's "
        "project takes in 21,000 homes."
    )
    facts = {fact["company"]: fact for fact in builds(tag, text)}
    assert set(facts) == {"palmetto-lightwave", "foxglove-fiber"}
    assert facts["palmetto-lightwave"]["passings"] == 21_000
    assert facts["foxglove-fiber"]["passings"] is None
    assert {fact["stage"] for fact in facts.values()} == {"construction"}


def test_a_second_phase_in_another_county_is_a_build_of_its_own(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave's fiber network in Oconee County, S.C., now reaches 2,300 homes. Phase "
        "two, in Pickens "
        "County, S.C., got under way last week. It takes in 1,700 homes at a cost of $6 million."
    )
    facts = builds(tag, text)
    assert by_place(facts, "passings") == {"Oconee County": 2_300, "Pickens County": 1_700}
    assert by_place(facts, "investment_cents") == {"Oconee County": None, "Pickens County": 600_000_000}
    assert by_place(facts, "stage") == {"Oconee County": "live", "Pickens County": "construction"}


def test_award_and_places_may_stand_before_the_company(tag: Tag) -> None:
    text = (
        "The senator announced $9.4 million in federal funding for high-speed internet in Oconee and Pickens "
        "counties, South Carolina. The award goes to Palmetto Lightwave, a company based in Greer."
    )
    (fact,) = builds(tag, text, "Senator announces broadband funding")
    assert fact["investment_cents"] == 940_000_000
    assert {place["name"] for place in fact["places"]} == {"Oconee County", "Pickens County"}
    assert fact["stage"] == "funded"


def test_a_county_and_a_provider_share_the_cost(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will run fiber to 900 homes in Oconee County, South Carolina. The county "
        "puts up $2 "
        "million and the company is adding $3.5 million of its own."
    )
    (fact,) = builds(tag, text)
    assert (fact["grant_cents"], fact["investment_cents"]) == (200_000_000, 550_000_000)


def test_a_programmes_total_is_no_builders_money(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave won a BEAD award to bring fiber to 800 homes in Oconee County, South "
        "Carolina. The state "
        "has awarded $410 million to 53 projects."
    )
    (fact,) = builds(tag, text, "Award for Oconee County")
    assert fact["investment_cents"] is None
    assert fact["funding"] == "BEAD"


@pytest.mark.parametrize(
    "words",
    [
        "Palmetto Lightwave is footing the bill.",
        "The company is paying for it with private capital.",
        "It has not asked for a dime of public money.",
        "No grants are involved.",
    ],
)
def test_who_pays_itself_is_private(tag: Tag, words: str) -> None:
    text = f"Palmetto Lightwave will build fiber for 7,000 homes in Easley, South Carolina. {words}"
    assert builds(tag, text)[0]["funding"] == "private"


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("The last street should be connected by Thanksgiving.", "2026-11"),
        ("Everything is to be done by September.", "2026-09"),
        ("The final homes come next fall.", "2026-Q4"),
        ("The work will be wrapped up before the year is out.", "2026"),
        ("The first customers go live in June 2026, and the rest by mid-2027.", "2027"),
        ("It will not be ready until October 2028.", "2028-10"),
        ("Crews have until the close of 2029.", "2029"),
        ("The company expects to pass 4 million homes by 2031.", None),
        ("Prices are guaranteed until 2030.", None),
    ],
)
def test_a_date_in_a_later_sentence_is_the_builds_unless_it_is_the_companys(
    tag: Tag, words: str, target: str | None
) -> None:
    text = f"Palmetto Lightwave will build fiber for 7,000 homes in Easley, South Carolina. {words}"
    assert builds(tag, text)[0]["target_on"] == target


@pytest.mark.parametrize(
    ("words", "homes"),
    [
        ("The 7,400-location project is on time.", 7_400),
        ("It covers 640 farms, ranches and homes.", 640),
        ("It takes in every dwelling in the city, approximately 3,300.", 3_300),
        ("Two thousand three hundred and ten homes are on the list.", 2_310),
        ("Crews have connected 400 of the 2,600 homes.", 2_600),
        ("The company has 60,000 customers.", None),
        ("In the county 5,000 homes have no access to broadband.", None),
    ],
)
def test_homes_are_counted_in_many_words(tag: Tag, words: str, homes: int | None) -> None:
    text = f"Palmetto Lightwave is building a fiber network in Easley, South Carolina. {words}"
    assert builds(tag, text, "Palmetto Lightwave builds fiber in Easley")[0]["passings"] == homes


def test_a_route_ends_in_two_cities_and_may_say_its_length_later(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will construct a fiber route linking Greenville, South Carolina, with "
        "Asheville, North "
        "Carolina. The line is 64 miles long and skirts Hendersonville."
    )
    (fact,) = builds(tag, text)
    assert by_place([fact], "route_miles") == {"Asheville+Greenville": 64.0}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Bike maker grows in Easley",
            "Ridge Cycles is building an addition to its carbon fiber plant in Easley, South "
            "Carolina, at a cost of "
            "$18 million. Palmetto Lightwave sponsors the company's race.",
        ),
        (
            "Bus network grows",
            "The transit network will reach 8,700 households in Easley, South Carolina. The buses "
            "have wireless "
            "internet from Palmetto Lightwave.",
        ),
        (
            "Palmetto Lightwave wins Navy contract",
            "Palmetto Lightwave was awarded a ten-year task order worth $41 million for voice and "
            "data services. "
            "Work will be carried out in Charleston, South Carolina.",
        ),
        (
            "Palmetto Lightwave in South Carolina",
            "Palmetto Lightwave serves 300,000 homes in South Carolina, one in three of them by fiber.",
        ),
    ],
)
def test_what_others_build_and_what_is_there_are_no_builds(tag: Tag, title: str, text: str) -> None:
    assert builds(tag, text, title) == []


def test_the_day_of_a_dateline_is_no_target_and_engineering_is_no_construction(tag: Tag) -> None:
    text = (
        "EASLEY, S.C., March 2, 2026 – Palmetto Lightwave today announced that it will build an "
        "all-fiber network for "
        "8,000 homes in Easley, South Carolina. Engineering is under way, and the first customers "
        "should be connected "
        "in the summer of 2027."
    )
    (fact,) = builds(tag, text)
    assert (fact["stage"], fact["target_on"]) == ("announced", "2027-Q3")


def test_the_places_of_a_build_stand_in_the_sentence_that_proves_them(tag: Tag) -> None:
    text = (
        "Construction of Palmetto Lightwave's fiber network in Oconee County, South Carolina, has "
        "begun. Two crews are "
        "hanging cable in Walhalla and Seneca."
    )
    (fact,) = builds(tag, text, "Crews at work in Oconee County")
    quotes = {evidence["slot"]: evidence["quote"] for evidence in fact["evidence"]}
    assert any(place["name"].removesuffix(" County") in quotes["places"] for place in fact["places"])


def test_a_stage_without_words_is_proved_by_the_build_it_goes_on_with(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will bring fiber to 5,200 homes in Easley, South Carolina, 3,100 in "
        "Seneca and 900 in "
        "Pickens.\nIn North Carolina: 2,400 in Brevard and 1,300 in Hendersonville."
    )
    for fact in builds(tag, text):
        quotes = {evidence["slot"]: evidence["quote"] for evidence in fact["evidence"]}
        assert "will bring" in quotes["stage"]


def test_an_article_tells_its_build_where_no_sentence_does(tag: Tag) -> None:
    text = (
        "Last copper retired in Walhalla, South Carolina. Palmetto Lightwave sent word on Friday. Nobody "
        "wept.\n\n"
        "The town's piece was 640 farms and homes and 88 miles of fiber cable, paid for out of savings."
    )
    (fact,) = builds(tag, text, "Palmetto Lightwave finishes fiber to the farm")
    assert (fact["company"], fact["passings"], fact["route_miles"]) == ("palmetto-lightwave", 640, 88)
    assert by_place([fact], "passings") == {"Walhalla": 640}
    assert {evidence["slot"] for evidence in fact["evidence"]} >= {"company", "places", "stage", "passings"}


@pytest.mark.parametrize(
    "text",
    [
        # A whole company's count, another company's homes, and homes on a bus line.
        "Palmetto Lightwave of Walhalla, South Carolina, is old. Its fiber has 640,000 homes on it.",
        "Palmetto Lightwave likes Walhalla, South Carolina. Its rival Foxglove Fiber has 4,200 homes.",
        "Palmetto Lightwave has internet on buses in Walhalla, South Carolina. The line has 4,200 homes.",
        "Ask Palmetto Lightwave in Walhalla, South Carolina. I drive 900 miles a week across the state.",
    ],
)
def test_figures_of_something_else_make_no_build_of_an_article(tag: Tag, text: str) -> None:
    assert builds(tag, text, "Palmetto Lightwave and its fiber") == []


def test_money_of_a_state_and_shares_of_a_programme_are_no_figures_of_a_build(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave has won a grant of $4 million to build fiber to 900 homes in Walhalla, South "
        "Carolina. South Carolina is to receive $551 million for broadband under an act. The partnership "
        "has got to 61 percent of about 36,000 homes."
    )
    (fact,) = builds(tag, text, "Palmetto Lightwave wins grant for Walhalla")
    assert (fact["passings"], fact["grant_cents"]) == (900, 400_000_000)


def test_faster_plans_for_customers_are_no_build(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave began today to move its fiber customers in Greenville and Easley, South Carolina "
        "to ten gigabits. The price stays as it was."
    )
    assert builds(tag, text, "Palmetto Lightwave customers get ten-gig at the old price") == []


def test_places_of_other_work_are_asides(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will build fiber past 4,100 homes in Walhalla, South Carolina, on top of what is "
        "being built in Seneca and Easley."
    )
    (fact,) = builds(tag, text)
    assert by_place([fact], "passings") == {"Walhalla": 4_100}


def test_lines_of_a_list_have_their_own_dates_and_share_no_money(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave has released its fiber list for South Carolina:\n\n"
        "• Walhalla: 4,100 homes, first customers in May\n"
        "• Seneca: 3,300 homes, first customers in July\n"
        "• Gaffney: 8,200 homes, first customers in October\n\n"
        "The company is putting $31 million of its own into the three."
    )
    facts = builds(tag, text, "Palmetto Lightwave adds three towns")
    assert by_place(facts, "target_on") == {"Walhalla": "2026-05", "Seneca": "2026-07", "Gaffney": "2026-10"}
    assert {fact["investment_cents"] for fact in facts} == {None}


def test_a_commission_that_a_grant_is_for_builds(tag: Tag) -> None:
    text = (
        "A senator today announced that the Appalachian Regional Commission approved a $300,000 grant for "
        "the Blue Ridge Commission to assist with fiber optic cable in Oconee County, South Carolina."
    )
    (fact,) = builds(tag, text, "Senator announces grant for broadband in Oconee County")
    assert (fact["company"], fact["grant_cents"]) == ("blue-ridge-commission", 30_000_000)
