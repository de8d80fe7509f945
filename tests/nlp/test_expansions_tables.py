"""Builds of tables in the text: columns with and without separators, bare names of counties, footers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nlp.tag import TagResult

PUBLISHED = datetime(2026, 3, 2, tzinfo=UTC)
Tag = Callable[..., TagResult]
INTRO = "The South Carolina Broadband Office published this year's awards for fiber networks on Monday.\n\n"
ROWS = (
    ("Palmetto Lightwave", "Oconee", "1,214", "$3,100,000", "$900,000"),
    ("Foxglove Fiber", "Pickens", "388", "$1.2M", "$0.4M"),
)


def builds(tag: Tag, text: str) -> list[dict[str, Any]]:
    return tag(text, "Broadband grants: who gets what", PUBLISHED).to_json()["expansions"]


def rows_of(facts: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    return [
        (fact["company"], fact["places"][0]["name"], fact["passings"], fact["grant_cents"]) for fact in facts
    ]


EXPECTED = [
    ("palmetto-lightwave", "Oconee County", 1_214, 310_000_000),
    ("foxglove-fiber", "Pickens County", 388, 120_000_000),
]


@pytest.mark.parametrize("separator", [" | ", "\t", " / ", "; ", " – "])
def test_each_row_of_a_table_is_a_build(tag: Tag, separator: str) -> None:
    head = separator.join(("Recipient", "County", "Locations", "Grant", "Match"))
    lines = "\n".join(separator.join(row) for row in ROWS)
    facts = builds(tag, f"{INTRO}{head}\n{lines}\n\nWork must be finished by the end of 2028.")
    assert rows_of(facts) == EXPECTED
    assert [fact["investment_cents"] for fact in facts] == [400_000_000, 160_000_000]
    assert {fact["stage"] for fact in facts} == {"funded"}


def test_a_sentence_may_name_the_columns_of_rows_without_separators(tag: Tag) -> None:
    lines = "\n".join(" ".join(row) for row in ROWS)
    total = "TOTAL 1,602 $4,300,000 $1,300,000"
    text = f"{INTRO}Columns are: applicant, county, locations, award, match.\n\n{lines}\n\n{total}"
    assert rows_of(builds(tag, text)) == EXPECTED


def test_the_rows_of_a_table_are_evidence_and_their_counties_are_places(tag: Tag) -> None:
    head, row = "Provider | County | Homes | Award", "Palmetto Lightwave | Oconee | 1,214 | $3,100,000"
    result = tag(f"{INTRO}{head}\n{row}\n", "Broadband grants: who gets what", PUBLISHED)
    (fact,) = result.to_json()["expansions"]
    quotes = {evidence["slot"]: evidence["quote"] for evidence in fact["evidence"]}
    assert quotes["passings"] == quotes["grant_cents"] == row
    assert any(place["name"] == "Oconee County" for place in result.to_json()["places"])


def test_a_table_without_companies_or_counts_gives_no_rows(tag: Tag) -> None:
    for head, row in (
        ("County | Office | Phone", "Oconee | Walhalla | 1,214"),
        ("Recipient | County | Contact", "Palmetto Lightwave | Oconee | J. Ames"),
    ):
        assert not any(fact["passings"] for fact in builds(tag, f"{INTRO}{head}\n{row}\n"))


def test_the_table_ends_where_a_line_has_other_cells(tag: Tag) -> None:
    head = "Provider | County | Homes | Award"
    row = "Palmetto Lightwave | Oconee | 1,214 | $3,100,000"
    text = f"{INTRO}{head}\n{row}\nSource | the office\nFoxglove Fiber | Pickens | 388 | $1,200,000\n"
    assert rows_of(builds(tag, text))[:1] == EXPECTED[:1]


def test_a_label_names_the_programme_that_pays_for_all_rows(tag: Tag) -> None:
    head = "Provider | County | Homes | Award"
    lines = "\n".join(" | ".join(row[:4]) for row in ROWS)
    facts = builds(tag, f"{INTRO}{head}\n{lines}\n\nSource of funds: Capital Projects Fund.")
    assert {fact["funding"] for fact in facts} == {"CPF"}
