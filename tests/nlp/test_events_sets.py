"""The sample sets of events: how they are scored, and what the texts developed on must reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.events import SHOWN, event_set, score_events, scores
from bench.slots import Identity, total
from market.companies.lexicon import Lexicon
from nlp.tag import TagResult

Tag = Callable[..., TagResult]
ALL = [f"{kind}: {shown}" for kind, slots in SHOWN.items() for shown in slots.values()]
TEXT = (
    "Foxglove Fiber has named Maria Delgado chief financial officer, effective April 1. "
    "The broadband provider is based in Greenville, South Carolina."
)
LABEL: dict[str, Any] = {
    "kind": "leadership",
    "company": "Foxglove Fiber",
    "other": "Maria Delgado",
    "role": "chief financial officer",
    "stage": "appointed",
    "on": "2026-04",
}


@pytest.fixture
def result(tag: Tag) -> TagResult:
    return tag(TEXT, "Foxglove Fiber names new CFO", datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture
def identity(lexicon: Lexicon) -> Identity:
    return Identity(lexicon)


def test_all_slots_right(result: TagResult, identity: Identity) -> None:
    score = score_events(result, [LABEL], identity)
    assert (score.of(ALL), sum(score.right.values())) == ((1.0, 1.0, 1.0), 5)


def test_a_wrong_value_is_wrong_and_missed_unless_it_is_accepted(
    result: TagResult, identity: Identity
) -> None:
    label = LABEL | {"other": "Ann Birch"}
    score = score_events(result, [label], identity)
    assert (score.wrong["leadership: person"], score.missed["leadership: person"]) == (1, 1)
    score = score_events(result, [label | {"accept": {"other": ["Maria Delgado"]}}], identity)
    assert score.right["leadership: person"] == 1


def test_an_event_without_a_label_is_wrong_and_a_label_without_an_event_missed(
    result: TagResult, identity: Identity
) -> None:
    assert sum(score_events(result, [], identity).wrong.values()) == 5
    other = {"kind": "layoffs", "company": "Foxglove Fiber", "count": 40, "places": ["Greenville, SC"]}
    assert sum(score_events(result, [LABEL, other], identity).missed.values()) == 3


def test_events_pair_with_the_labels_they_fit_best(result: TagResult, identity: Identity) -> None:
    second = LABEL | {"other": "Ann Birch", "stage": "leaving"}
    score = score_events(result, [second, LABEL], identity)
    assert score.right["leadership: person"] == 1


def test_the_sets_are_whole() -> None:
    for name in ("dev", "check"):
        rows = event_set(name)
        assert len(rows) == 30
        assert sum(not labels for _, labels in rows) == 10


def test_the_texts_developed_on_keep_their_score() -> None:
    assert total(scores("dev")).of(ALL)[2] >= 0.9
