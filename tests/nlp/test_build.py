"""The pipeline's parts and our sentence bounds."""

from __future__ import annotations

import importlib
import sys
import time
from types import SimpleNamespace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from market.errors import UnavailableError
from nlp.build import MODEL, NER_LIMIT, NER_WORDS, build_pipeline, model_end, passages, sentences


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Work began. It ended.", ["Work began.", "It ended."]),
        (
            "Comcast Inc. grew in Fort Smith, Ark. The city agreed.",
            ["Comcast Inc. grew in Fort Smith, Ark.", "The city agreed."],
        ),
        ("Dr. Ann Lee of St. Louis, Mo., spoke.", ["Dr. Ann Lee of St. Louis, Mo., spoke."]),
        (
            "U.S. Sen. Bob Hill met AT&T Inc. managers at 5 p.m. Friday.",
            ["U.S. Sen. Bob Hill met AT&T Inc. managers at 5 p.m. Friday."],
        ),
        ("It costs $4.5 million! Who pays?", ["It costs $4.5 million!", "Who pays?"]),
        ('"We build." He left.', ['"We build."', "He left."]),
        ("One line\nAnother line", ["One line", "Another line"]),
        ("A line that\nis wrapped", ["A line that\nis wrapped"]),
        ("J. Smith came. She saw.", ["J. Smith came.", "She saw."]),
        ("No. 2 carrier.", ["No. 2 carrier."]),
        ("", []),
        (" \n\n ", []),
        ("no stop at all", ["no stop at all"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = sentences(text)
    position = 0
    for span in spans:
        assert span.start >= position
        assert not text[position : span.start].strip()
        assert span.start < span.end
        position = span.end
    assert not text[position:].strip()


def test_only_the_needed_parts_of_the_model_run() -> None:
    assert build_pipeline().pipe_names == ["ner"]


def test_leaving_the_shared_vectors_out_changes_no_entity() -> None:
    whole = importlib.import_module(MODEL).load()
    text = "Ann Porter of Comcast came to Boise, Idaho, on Friday; AT&T paid $3 million for 500 homes there."
    found = [
        [(entity.start_char, entity.end_char, entity.label_) for entity in nlp(text).ents]
        for nlp in (whole, build_pipeline())
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 3


def test_vectors_that_the_entities_are_read_from_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}
    nlp.add_pipe("ner", config={"model": {"tok2vec": shared}}).add_label("GPE")
    nlp.initialize()
    monkeypatch.setitem(sys.modules, "en_shared", SimpleNamespace(load=lambda exclude: nlp))
    assert build_pipeline("en_shared").pipe_names == ["tok2vec", "ner"]


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(UnavailableError, match="pip install en-core-web-none"):
        build_pipeline("en_core_web_none")


def test_passages_come_in_order_with_exact_entities() -> None:
    pairs = [(f"Title {n}", f"Comcast serves Denver, Colorado, in {n} towns.") for n in range(70)]
    for (title, text), (first, second) in zip(
        pairs, passages(build_pipeline(), pairs, batch_size=16), strict=True
    ):
        assert (first.text, second.text) == (title, text)
        assert all(0 <= entity.start < entity.end <= len(text) for entity in second.entities)


def test_a_run_of_signs_costs_no_time_and_moves_nothing():
    text = "Comcast " + "$" * 50_000 + " grew in Denver."
    started = time.process_time()
    _, passage = next(iter(passages(build_pipeline(), [("", text)])))
    assert time.process_time() - started < 10
    assert passage.text == text
    assert "Denver" in {text[entity.start : entity.end] for entity in passage.entities}


@pytest.mark.parametrize("part", ["$3 million ", "from Acme to Greer ", "x" * 900, "a\u00a0b "])
def test_a_run_without_an_end_is_cut_into_sentences_of_bounded_length(part: str) -> None:
    text = part * (60_000 // len(part))
    spans = sentences(text)
    assert max(span.end - span.start for span in spans) <= 4_000
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_a_run_of_stops_is_passed_once() -> None:
    # Looked at from each of its stops this takes minutes.
    text = "..." * 80_000
    assert [(span.start, span.end) for span in sentences(text)][-1][1] == len(text)


def test_the_model_is_given_so_many_words_of_a_text_of_signs() -> None:
    assert model_end("plain words " * 2_000) == 24_000
    assert model_end("( [ " * 60_000) == 2 * NER_WORDS - 1
    assert model_end("abcdefghi " * 20_000) == NER_LIMIT


def test_new_words_are_forgotten_once_the_vocabulary_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = build_pipeline()
    monkeypatch.setattr("nlp.build.KEPT_WORDS", 0)
    before = len(nlp.vocab.strings)
    texts = [(f"Qzx{n}vw met Kpt{n}ly", f"Wubble{n} paid Acme{n}zz in Boise.") for n in range(200)]
    found = list(passages(nlp, texts))
    assert len(nlp.vocab.strings) == before
    assert any(entity.label for _, text in found for entity in text.entities)


def test_two_streams_may_be_read_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.build.KEPT_WORDS", 0)
    nlp = build_pipeline()
    streams = [passages(nlp, [("", "Boise"), ("", "Greer")] * 3, batch_size=2) for _ in "12"]
    pairs = list(zip(*streams, strict=True))
    assert [first[1].text for first, _ in pairs] == ["Boise", "Greer"] * 3
