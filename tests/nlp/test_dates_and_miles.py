"""When a build is to be done and how many miles it has, told in many wordings; the provider is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]
PUBLISHED = datetime(2025, 5, 14, tzinfo=UTC)
BUILD = "Palmetto Lightwave will build fiber in Gaffney, S.C."


def build(tag: Tag, text: str) -> dict[str, Any]:
    (fact,) = tag(f"{BUILD} {text}", "Fiber news", PUBLISHED).to_json()["expansions"]
    assert isinstance(fact, dict)
    return fact


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("2025-10", "The network should be finished by October."),
        ("2026", "Service is expected in early 2026."),
        ("2026-Q3", "Work wraps up in the third quarter of next year."),
        ("2025-09", "Customers can expect to be hooked up by Labor Day."),
        ("2027-06", "The job has to be done by June 30, 2027."),
        ("2027", "The build will take two years."),
        ("2026", "The last homes should be connected before the end of next year."),
        ("2026-Q4", "It hopes to have everybody online by the time school starts in the fall of 2026."),
        ("2026-Q3", "The goal: first customers this fall, the whole town by summer 2026."),
        ("2026", "Palmetto expects to be done in 18 months."),
        ("2026-Q2", "Completion date: Q2 2026."),
        ("2028", "All of it must be in service by the close of 2028 under the terms of the grant."),
        ("2026-03", "Originally promised for 2024, the network is now due in March 2026."),
        ("2025-08", "Construction begins in August."),
        ("2027", "Work will start this summer and run through 2027."),
        ("2026-04", "The company moved the finish line from December to April 2026."),
        (
            "2026",
            "Lighting up the first neighborhood is planned for November, with the rest to follow in 2026.",
        ),
        ("2026-01", "Installations are to begin in January 2026."),
        ("2028", "It will be another three years before every street has it."),
        ("2026", "The project is on schedule for completion in mid-2026."),
        ("2025-12", "If the weather holds, said the manager, the town will be lit by Christmas."),
        ("2029", "The company has until 2029 to finish."),
        ("2026-05", "That would put the first hookups in September and the final ones in May."),
        ("2027", "The rollout, which will last 30 months, ends in late 2027."),
        ("2025-12", "Service will be switched on street by street, ending in December."),
        ("2025-09", "The network is to be turned up on Sept. 1, 2025."),
        (None, "The town signed the deal in March."),
        (None, "The company was founded in 2019 and bought by an investor in 2023."),
        (None, "Residents can sign up at a meeting on June 4."),
        (None, "The price is guaranteed until 2027."),
        (None, "Comments are due to the commission by July 1."),
        (
            "2027",
            "The first phase will be ready this year, phase two in 2026 and the third and last in 2027.",
        ),
        (None, "No date has been set."),
        ("2027", "It aims to pass every home within the next 24 months."),
        ("2025", "Most of the town will have service by year's end."),
        ("2026-Q3", "Ready-for-service: summer of 2026."),
        ("2026-Q1", "The last address goes live no later than the first quarter of 2026."),
        ("2026-04", "Engineering is done, and the splicing crews are to be out of town by Easter."),
    ],
)
def test_a_date_is_as_coarse_as_its_words(tag: Tag, target: str | None, text: str) -> None:
    assert build(tag, text)["target_on"] == target


@pytest.mark.parametrize(
    ("miles", "text"),
    [
        (84, "The network will be 84 miles long."),
        (84, "It calls for 84 miles of new fiber."),
        (84, "Crews will hang 60 miles on poles and bury 24."),
        (84, "Some 60 miles will be aerial and another 24 miles underground."),
        (84, "The line runs 84 miles from Gaffney to Easley."),
        (84, "An 84-mile backbone ties the towns together."),
        (84, "The ring's length is 84 miles."),
        (84, "In all, 84 route miles are planned."),
        (84, "The design has 84 miles of cable and 12 huts."),
        (84, "Of the 84 miles, 60 are on poles."),
        (84, "Workers have strung 30 of the 84 miles."),
        (84, "There will be 84 miles of plant when it is done."),
        (84, "It will lay eighty-four miles of conduit."),
        (84, "The middle-mile route stretches 84 miles along Highway 11."),
        (84, "Palmetto will trench along 84 miles of county roads."),
        (84.5, "The company plans to plow in 84.5 miles of fiber-optic line."),
        (84, "The project spans 84 route miles."),
        (84, "Roughly 84 linear miles of fiber will be placed."),
        (84, "A total of 84 fiber miles will go in."),
        (84, "They have 84 miles to dig."),
        (None, "About 443,520 feet of fiber will go in the ground."),
        (None, "Gaffney lies 84 miles from Charlotte."),
        (None, "The county covers 392 square miles."),
        (None, "Crews work 84 miles from home."),
        (None, "The company already has 1,900 miles of fiber in the Carolinas."),
        (None, "Its network of 1,900 miles serves six states."),
        (None, "The nearest hospital is 40 miles away."),
        (None, "The truck has 184,000 miles on it."),
        (None, "Palmetto operates more than 1,900 route miles across three states."),
        (None, "She walked two miles of the route with the mayor."),
        (None, "The highway is 50 miles long."),
        (None, "The speed limit is 35 miles an hour."),
        (None, "Last year it built 310 miles elsewhere."),
        (84, "Splicing is done on 40 of 84 miles."),
        (84, "The 84-mile build is its longest yet."),
        (84, "Length of the system: 84 miles."),
        (84, "The build needs 84 miles of strand and 3,100 poles."),
        (84, "Contractors are to bore 84 miles of duct."),
    ],
)
def test_miles_are_those_to_build(tag: Tag, miles: float | None, text: str) -> None:
    assert build(tag, text)["route_miles"] == miles


def test_each_place_has_the_date_told_of_it(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave will pass 5,000 homes in Gaffney, S.C., and 2,000 in Easley, S.C. The manager "
        "said Gaffney should be wrapped up by next June and Easley would be done by the end of 2027."
    )
    facts = tag(text, "Fiber news", PUBLISHED).to_json()["expansions"]
    assert {fact["places"][0]["name"]: fact["target_on"] for fact in facts} == {
        "Gaffney": "2026-06",
        "Easley": "2027",
    }
