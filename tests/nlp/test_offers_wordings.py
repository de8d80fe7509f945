"""Prices as news, releases and people word them: who asks what, how long and at which speed; by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.tag import TagResult

Tag = Callable[..., TagResult]
CASES = Path(__file__).with_name("cases") / "offers.jsonl"
SLOTS = ("company", "monthly_cents", "promo_cents", "promo_months", "down_mbps", "up_mbps")
_CASES: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", _CASES, ids=[case["text"][:40] for case in _CASES])
def test_a_price_is_read_however_it_is_worded(tag: Tag, case: dict[str, Any]) -> None:
    text = case["text"]
    told = tag(text).to_json()["offers"]
    assert [{slot: offer[slot] for slot in SLOTS if offer[slot] is not None} for offer in told] == case[
        "offers"
    ]
    for offer in told:
        for proof in offer["evidence"]:
            assert text[proof["start"] : proof["end"]] == proof["quote"]
        assert {proof["slot"] for proof in offer["evidence"]} >= {slot for slot in SLOTS[1:] if offer[slot]}


def test_the_host_of_a_service_does_not_ask_its_price(tag: Tag) -> None:
    text = "Comcast sells Xfinity Mobile, which uses Verizon's nationwide network and starts at $40 a month."
    assert [offer["company"] for offer in tag(text).to_json()["offers"]] == ["comcast"]
