"""Work on a hostile text is capped: calls are counted, no clock is read."""

from __future__ import annotations

import pytest

from market.records import Mention
from nlp import patterns
from nlp.build import sentences
from nlp.document import Document, Passage
from nlp.offers import find_prices
from nlp.offers_amounts import MOST_AMOUNTS
from nlp.offers_rules import clause_before
from nlp.roles_signs import in_quotation


def _passage(text: str) -> Passage:
    return Passage.of("text", text, sentences(text))


def test_so_many_amounts_of_a_text_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []

    def judge(*arguments: object) -> bool:
        judged.append(arguments)
        return False

    monkeypatch.setattr("nlp.offers.is_price", judge)
    text = "Acme Fiber asks " + "$50/mo " * 30_000
    document = Document(id="1", title=Passage.of("title", "", ()), text=_passage(text))
    mention = Mention(text="Acme Fiber", start=0, end=10, kind="company", target="acme")
    assert find_prices(document, [mention]) == []
    assert MOST_AMOUNTS <= len(judged) <= 2 * MOST_AMOUNTS


def test_the_clause_of_an_amount_is_no_longer_than_a_sentence_is() -> None:
    text = "fiber " * 600 + "$50"
    whole = _passage(text).sentences[0]
    assert len(clause_before(text, whole, len(text) - 3)) == 600


def test_a_long_text_is_put_into_small_letters_once() -> None:
    text = "Greer, " * 20_000
    patterns._long_small.cache_clear()
    found = patterns.Folded(r"\bgreer\b")
    assert all(found.match(text, start) for start in range(0, len(text), 7))
    assert patterns._long_small.cache_info().misses == 1


def test_quotation_marks_far_before_a_name_are_not_counted() -> None:
    near, far = '"We build in ' + "a" * 100 + " Greer", '"We build in ' + "a" * 5_000 + " Greer"
    assert in_quotation(_passage(near), len(near) - 5)
    assert not in_quotation(_passage(far), len(far) - 5)
