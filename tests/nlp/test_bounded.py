"""Work on a hostile text is capped: calls are counted, no clock is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.records import Mention
from nlp import expansions_figures, patterns, roles_places
from nlp.build import model_end, sentences
from nlp.document import Document, Entity, Passage, Span
from nlp.expansions import find_facts
from nlp.offers import find_prices
from nlp.offers_amounts import MOST_AMOUNTS
from nlp.offers_rules import clause_before
from nlp.providers_operator import _ends_person
from nlp.providers_places import _bounded
from nlp.regions_near import again_features
from nlp.regions_spans import Spot
from nlp.regions_words import most_mentions
from nlp.roles_signs import in_quotation
from nlp.tag import Tagger, TagInput


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


def test_more_places_than_are_judged_are_never_left_out_in_silence() -> None:
    text = "Lima " * (most_mentions() + 1)
    assert model_end(text) < len(text)
    cut = "abcdefghijklmnop " * 7_100
    result = next(iter(Tagger().tag([TagInput(id="1", title="", text=cut)])))
    issue = result.issue()
    assert issue is not None
    assert str(most_mentions()) in issue.message


def test_the_words_of_a_sentence_are_judged_once_for_all_its_amounts() -> None:
    text = "Acme Fiber will build a network for " + "$3 million, " * 300 + "in Greenville, S.C."
    document = Document(id="1", title=Passage.of("title", "", ()), text=_passage(text))
    mention = Mention(text="Acme Fiber", start=0, end=10, kind="company", target="acme")
    expansions_figures._speaks_of_all.cache_clear()
    find_facts(document, [mention], [])
    told = expansions_figures._speaks_of_all.cache_info()
    assert told.misses <= 3
    assert told.hits > 250


@given(st.text("aB_.& é\n", max_size=60), st.text("aB_.&é", min_size=1, max_size=4))
def test_a_name_is_found_where_a_pattern_with_word_boundaries_finds_it(text: str, name: str) -> None:
    expected = [match.span() for match in re.finditer(rf"\b{re.escape(name)}\b", text)]
    assert list(_bounded(name, text)) == expected


@given(st.lists(st.integers(1, 4), max_size=9), st.lists(st.sampled_from(["PERSON", "ORG"]), max_size=9))
def test_a_persons_name_ends_where_one_of_the_model_does(lengths: list[int], labels: list[str]) -> None:
    entities, end = [], 0
    for length, label in zip(lengths, labels, strict=False):
        entities.append(Entity(end + 1, end + 1 + length, label))
        end += 1 + length
    passage = Passage.of("text", " " * (end + 2), [Span(0, 1)], entities)
    for at in range(end + 2):
        told = any(entity.label == "PERSON" and entity.end == at for entity in entities)
        assert _ends_person(passage, at) is told


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0.01, 0.99)), max_size=12))
def test_a_name_looks_at_its_likeliest_namesake(names: list[tuple[str, float]]) -> None:
    spots = [Spot(0, n, n + 1, 9 * n, 9 * n + 1, key, key, ()) for n, (key, _) in enumerate(names)]
    passage = Passage.of("text", "-" * 200, ())
    looks = again_features(spots, [chance for _, chance in names], [passage], {})
    for number, (key, _) in enumerate(names):
        others = [
            looks[n]["alone_odds"] for n, (other, _) in enumerate(names) if other == key and n != number
        ]
        assert looks[number].get("same_best") == max(others, default=None)


def test_what_was_done_before_is_sought_where_the_news_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    sought = []
    found = roles_places.found
    monkeypatch.setattr(
        roles_places, "found", lambda part, name, *rest: sought.append(name) or found(part, name, *rest)
    )
    text = "The council met. It was cold. Nothing new was said on Monday. " + "Ohio, Texas and Iowa, " * 900
    result = next(iter(Tagger().tag([TagInput(id="1", title="", text=text)])))
    assert len(result.place_mentions) > 2_500
    assert sought.count("done_before") < 1_500
