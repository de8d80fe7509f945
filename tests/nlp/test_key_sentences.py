"""The key sentence: the fact with company, place and number; no dateline, question, quote or portrait."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]
CASES = Path(__file__).with_name("cases") / "key_sentences.jsonl"
_CASES: list[dict[str, str]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", _CASES, ids=[case["title"] for case in _CASES])
def test_the_sentence_with_the_fact_is_chosen_and_quoted(tag: Tag, case: dict[str, str]) -> None:
    told = tag(case["text"], case["title"]).to_json()
    assert told["key_sentence"] == case["key"]
    at = told["key_sentence_at"]
    assert case["text"][at["start"] : at["end"]] == case["key"]
