"""Hostile texts: offsets stay exact, and work stays bounded."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.places.gazetteer import Gazetteer
from nlp.build import sentences
from nlp.document import Passage, Span
from nlp.regions import Regions
from nlp.regions_words import tokens, vocabulary

REGIONS = Regions(Gazetteer.load())
NAMES = ["Greenville", "St. Louis", "S.C.", "SC 29601", "Lamar", "Ft. Worth", "W.Va.", "Atlanta", "İstanbul"]
BETWEEN = [
    ", ",
    " counties",
    "\u200b",
    "\u202e",
    "’s",
    "\n",
    " ",
    "(",
    "🎉",
    "north",
    "metro",
    "\x00",
    "-",
    "Township",
]
PIECES = st.sampled_from([*NAMES, *BETWEEN])


def passage(text: str) -> Passage:
    return Passage.of("text", text, sentences(text))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join))
def test_offsets_are_exact_on_any_text(text):
    end = 0
    for mention in REGIONS.find([passage(text)]):
        assert text[mention.start : mention.end] == mention.text
        assert 0 <= end <= mention.start < mention.end <= len(text)
        end = mention.end
        assert 0 <= mention.score <= 1


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=60), st.data())
def test_any_given_span_gets_one_answer(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = REGIONS.given([passage(text)], [("text", Span(start, end))])
    assert [(m.start, m.end, m.text) for m in found] == [(start, end, text[start:end])]


@pytest.mark.parametrize(
    "text",
    [
        "A" * 1_000_000,
        "Saint " * 50_000,
        "(((,,,..." * 50_000,
        "West Virginia " * 20_000,
        ", ".join(["Lamar"] * 20_000) + " counties",
        "GREENVILLE, S.C. " * 10_000,
        "def f(x): return {'A': [1, 2]}\n" * 5_000,
    ],
    ids=["one-word", "prefixes", "punctuation", "states", "list", "capitals", "code"],
)
def test_repetition_ends_and_stays_within_the_limit(text):
    found = REGIONS.find([passage(text)])
    assert len(found) <= vocabulary()["limits"]["mentions"]


def test_ten_thousand_names_are_answered():
    names = sorted(REGIONS.gazetteer.starting("saint") | REGIONS.gazetteer.starting("fort"))
    text = ", ".join(name.title() for name in names * 8)[:150_000]
    found = REGIONS.find([passage(text)])
    assert found
    assert all(text[m.start : m.end] == m.text for m in found)


def test_all_capitals_and_marks_between_letters():
    text = "GREENVILLE, SC — CREWS WILL BUILD IN SIMPSONVILLE, SC, AND FORT SMITH, ARK."
    found = {m.text: m.place.county_fips for m in REGIONS.find([passage(text)]) if m.place is not None}
    assert found["GREENVILLE"] == "45045"
    assert found["SIMPSONVILLE"] == "45045"


@given(
    st.lists(st.sampled_from(["U.S.", "Ark.", "W. Va.", "Pueblo", "Fiber", "St.", "SC", "Ft.", "of", "Zia"]))
)
def test_what_cannot_begin_a_spot_begins_none(parts):
    text = " ".join(parts)
    words = tokens(passage(text))
    scanner = REGIONS._scanner
    scanner._load()
    for at, word in enumerate(words):
        if word.capital and not scanner._may_begin(word.text):
            assert scanner._at(0, passage(text), words, at) is None
