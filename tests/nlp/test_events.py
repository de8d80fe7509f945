"""Events beside builds: one case a behaviour, precision first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.tag import TagResult

Tag = Callable[..., TagResult]
WHEN = datetime(2026, 3, 2, tzinfo=UTC)


def events(tag: Tag, text: str, title: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tag(text, title, WHEN).to_json()["events"]
    for event in found:
        for proof in event["evidence"]:
            assert text[proof["start"] : proof["end"]] == proof["quote"]
    return found


def only(tag: Tag, text: str, title: str, kind: str) -> dict[str, Any]:
    found = events(tag, text, title)
    assert [event["kind"] for event in found] == [kind], found
    return found[0]


def test_an_acquisition_has_buyer_target_price_and_closing(tag: Tag) -> None:
    text = (
        "Palmetto Lightwave has agreed to acquire Foxglove Fiber for $310 million in cash, they said. "
        "The deal is expected to close in the third quarter of 2026, pending approval by regulators."
    )
    event = only(tag, text, "Palmetto Lightwave to acquire Foxglove Fiber", "acquisition")
    assert (event["company"], event["other"], event["other_company"]) == (
        "palmetto-lightwave",
        "Foxglove Fiber",
        "foxglove-fiber",
    )
    assert (event["amount_cents"], event["stage"], event["on"]) == (31_000_000_000, "agreed", "2026-Q3")


def test_a_sale_told_from_the_other_side_has_the_same_buyer(tag: Tag) -> None:
    text = (
        "Foxglove Fiber is being bought by Palmetto Lightwave. Terms of the acquisition were not disclosed."
    )
    event = only(tag, text, "Takeover of Foxglove Fiber", "acquisition")
    assert (event["company"], event["other_company"]) == ("palmetto-lightwave", "foxglove-fiber")


def test_a_completed_purchase_says_so(tag: Tag) -> None:
    text = "Palmetto Lightwave has completed its acquisition of Foxglove Fiber, a broadband provider."
    assert only(tag, text, "Acquisition of Foxglove Fiber done", "acquisition")["stage"] == "completed"


@pytest.mark.parametrize(
    "text",
    [
        "Palmetto Lightwave is in talks to buy Foxglove Fiber, a merger that could reshape broadband.",
        "Palmetto Lightwave bought Foxglove Fiber in 2019, its last acquisition or merger to date.",
        "Palmetto Lightwave called off its plan to buy Foxglove Fiber, ending the merger.",
    ],
)
def test_rumours_history_and_failures_are_no_acquisitions(tag: Tag, text: str) -> None:
    assert events(tag, text, "A merger of broadband providers") == []


def test_an_outage_gathers_its_slots_over_sentences(tag: Tag) -> None:
    text = (
        "A backhoe severed a Foxglove Fiber line on Tuesday, and about 4,200 customers in Greenville, South "
        "Carolina, lost internet service. Crews had service restored by evening."
    )
    event = only(tag, text, "Foxglove Fiber outage in Greenville", "outage")
    assert (event["company"], event["count"], event["cause"], event["stage"]) == (
        "foxglove-fiber",
        4200,
        "backhoe",
        "restored",
    )
    assert [place["name"] for place in event["places"]] == ["Greenville"]


def test_a_power_cut_is_no_outage_of_a_network(tag: Tag) -> None:
    text = "The storm left 4,200 electric customers without power. Foxglove Fiber broadband stayed up."
    assert events(tag, text, "Storm causes power outages") == []


def test_a_contract_has_customer_value_and_term(tag: Tag) -> None:
    text = (
        "Lakeview Hospital Group has picked Foxglove Fiber in a five-year contract worth $6 million to "
        "connect its clinics by broadband."
    )
    event = only(tag, text, "Foxglove Fiber wins hospital contract", "contract")
    assert (event["company"], event["amount_cents"], event["term_months"]) == (
        "foxglove-fiber",
        600_000_000,
        60,
    )
    assert event["other"] == "Lakeview Hospital Group"


def test_a_new_office_and_a_retirement(tag: Tag) -> None:
    text = (
        "Foxglove Fiber has named Maria Delgado chief financial officer, effective April 1. She succeeds "
        "Robert Hanley, who joined the broadband provider in 2009."
    )
    event = only(tag, text, "Foxglove Fiber names new CFO", "leadership")
    assert (event["other"], event["role"], event["stage"], event["on"]) == (
        "Maria Delgado",
        "chief financial officer",
        "appointed",
        "2026-04",
    )


def test_a_former_office_is_not_the_new_one(tag: Tag) -> None:
    text = "Foxglove Fiber has named Maria Delgado, a former CEO of a rival, as its chief operating officer."
    event = only(tag, text, "Foxglove Fiber names new operating chief officer", "leadership")
    assert event["role"] == "chief operating officer"


def test_layoffs_count_jobs_not_the_payroll(tag: Tag) -> None:
    text = (
        "Foxglove Fiber will cut 150 jobs at its call center in Greenville, South Carolina. The broadband "
        "provider employs 2,300 workers. Layoffs begin in May, with severance."
    )
    event = only(tag, text, "Layoffs at Foxglove Fiber", "layoffs")
    assert (event["company"], event["count"]) == ("foxglove-fiber", 150)
    assert [place["name"] for place in event["places"]] == ["Greenville"]


def test_jobs_that_went_overseas_are_no_layoffs(tag: Tag) -> None:
    text = (
        "Workers on strike say Foxglove Fiber has cut 4,000 jobs and outsourced them overseas. The broadband "
        "provider's workers fear layoffs and more job cuts."
    )
    assert events(tag, text, "Layoffs feared in the strike at Foxglove Fiber") == []


def test_a_list_of_awards_gives_each_recipient_its_grant(tag: Tag) -> None:
    text = (
        "The state awarded two broadband grants on Monday:\n"
        "• Palmetto Lightwave – $4.5 million for Anderson County, South Carolina; 900 locations\n"
        "• Foxglove Fiber – $2,250,000 for Oconee County, South Carolina; 610 locations\n"
    )
    found = [
        event for event in events(tag, text, "State awards broadband grants") if event["kind"] == "grant"
    ]
    assert [(e["company"], e["amount_cents"], [p["name"] for p in e["places"]]) for e in found] == [
        ("palmetto-lightwave", 450_000_000, ["Anderson County"]),
        ("foxglove-fiber", 225_000_000, ["Oconee County"]),
    ]


def test_a_grant_names_its_programme(tag: Tag) -> None:
    text = "USDA awarded Foxglove Fiber $8 million through ReConnect for a broadband network in rural homes."
    event = only(tag, text, "ReConnect award for Foxglove Fiber", "grant")
    assert (event["amount_cents"], event["programme"]) == (800_000_000, "ReConnect")


def test_an_article_about_something_else_has_no_events(tag: Tag) -> None:
    text = (
        "Foxglove Fiber asks $60 a month for 500 Mbps. Its founder once bought a bakery and cut 3 jobs there."
    )
    assert events(tag, text, "Foxglove Fiber cuts prices") == []


def test_the_record_of_an_article_keeps_its_events(tag: Tag) -> None:
    text = "Foxglove Fiber will cut 150 jobs, it said. The layoffs come with severance for broadband workers."
    record = tag(text, "Layoffs at Foxglove Fiber").tagged()
    assert [(event.kind, event.count, event.record_id) for event in record.events] == [("layoffs", 150, "a1")]


WORDS = [
    "Comcast", "Foxglove Fiber", "agreed to acquire", "for $3 million", "outage", "4,000 customers",
    "lost internet", "named", "Maria Delgado", "chief executive officer", "will cut", "150 jobs", "layoffs",
    "contract", "won a",
    "with", "awarded", "grant", "$2 million", "ReConnect", "Greenville, South Carolina", ".", "\n", "—", ",",
    "expected to close", "in the third quarter", "merger", "retires", "fiber", "broadband",
]  # fmt: skip


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(WORDS)), max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_exact_quotes(tag: Tag, parts: list[str]) -> None:
    text = " ".join(parts).encode("utf-8", "replace").decode()
    for event in events(tag, text, text[:60]):
        assert event["company"]
