"""`tag --explain` of companies: who bears the name, what spoke for and against, and what was passed over."""

from __future__ import annotations

from typing import Any

import pytest

from nlp.explained import explained
from nlp.results import TagResult
from nlp.tag import Tagger, TagInput

TITLE = "Spectrum and Frontier cut prices for fiber internet"
TEXT = (
    "Charter Communications lowered the price of broadband in Boise. Spectrum customers pay $50 a month. "
    "Frontier said it would follow with its fiber network. Frontier Airlines will fly to Boise, and the "
    "county sold the use of its radio spectrum to Alder Pine Broadband Cooperative."
)


@pytest.fixture(scope="module")
def result() -> TagResult:
    return next(iter(Tagger(explain=True).tag([TagInput(id="a", title=TITLE, text=TEXT)])))


@pytest.fixture(scope="module")
def rows(result: TagResult) -> list[dict[str, Any]]:
    return list(result.to_json(explain=True)["explain"]["companies"])


def of(rows: list[dict[str, Any]], start: str) -> dict[str, Any]:
    at = TEXT.index(start)
    return next(row for row in rows if row["start"] == at and "in" not in row)


def test_a_doubtful_name_says_what_made_it_the_company(rows: list[dict[str, Any]]) -> None:
    row = of(rows, "Spectrum customers")
    assert (row["id"], row["taken"], row["candidates"]) == ("charter", True, ["charter"])
    assert "the company is surely named too: Charter Communications" in row["for"]
    assert any("the article speaks of networks" in words for words in row["for"])


def test_a_clear_name_needs_no_more(rows: list[dict[str, Any]]) -> None:
    row = of(rows, "Charter Communications")
    assert (row["for"], row["against"]) == (["a name that means nothing else"], [])


def test_what_was_passed_over_says_why(rows: list[dict[str, Any]]) -> None:
    row = of(rows, "spectrum to Alder")
    assert (row["id"], row["taken"], row["method"], row["score"]) == (None, False, None, None)
    assert 'written "spectrum", not "Spectrum"' in row["against"]


def test_every_mention_is_explained_once(result: TagResult, rows: list[dict[str, Any]]) -> None:
    at = [(row.get("in", "text"), row["start"]) for row in rows]
    assert len(set(at)) == len(at)
    assert {(m.field, m.start) for m in result.mentions if m.kind == "company"} <= set(at)
    assert all(row["for"] for row in rows if row["taken"])
    assert all(row["against"] for row in rows if not row["taken"])


def test_the_text_reads_the_same(result: TagResult) -> None:
    lines = explained(result).splitlines()
    at = TEXT.index("Spectrum customers")
    head = lines.index(f'company "Spectrum" (text {at}): charter; score 0.90, by lexicon-context')
    assert lines[head + 1].startswith("    for: the company is surely named too: Charter Communications; ")
    assert f'no company "spectrum" (text {TEXT.index("spectrum to")}): passed over' in lines


def test_explaining_changes_no_answer(result: TagResult) -> None:
    plain = next(iter(Tagger().tag([TagInput(id="a", title=TITLE, text=TEXT)])))
    assert plain.to_json() == result.to_json()
    assert plain.company_grounds == ()
