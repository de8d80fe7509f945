"""The pipeline's parts and our sentence bounds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.errors import UnavailableError
from nlp.build import build_pipeline, passages, sentences


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
    assert build_pipeline().pipe_names == ["tok2vec", "ner"]


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
