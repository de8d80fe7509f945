"""Events as news words them: who buys, cuts, wins, names, loses service or is awarded money; by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]
CASES = Path(__file__).with_name("cases") / "events.jsonl"
_CASES: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", _CASES, ids=[case["title"] for case in _CASES])
def test_an_event_is_told_however_it_is_worded(tag: Tag, case: dict[str, Any]) -> None:
    text, wanted = case["text"], case["event"]
    events = tag(text, case["title"]).to_json()["events"]
    for event in events:
        for proof in event["evidence"]:
            assert text[proof["start"] : proof["end"]] == proof["quote"]
    if wanted is None:
        assert events == []
        return
    assert [{slot: event.get(slot) for slot in wanted} for event in events] == [wanted]
