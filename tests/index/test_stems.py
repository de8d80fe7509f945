"""Terms, stems and the passages that are shown."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.highlight import Snippet, highlight
from index.parse import parse
from index.stems import MAX_TERM, spans, stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme's Fiber®, café", ["acme", "fiber", "cafe"]),
        ("Acme’s plan", ["acme", "plan"]),
        ("ACME'S PLAN", ["acme", "plan"]),
        ("it's 5's and o's", ["it", "5", "and", "o"]),
        ("12,000 at $59.99", ["12", "000", "at", "59", "99"]),
        ("Straße Łódź Ægir ﬁber", ["strasse", "lodz", "aegir", "fiber"]),
        ("cafe\u0301 nai\u0308ve", ["cafe", "naive"]),
        ("Xfinity™ 10G²", ["xfinity", "10g²"]),
        ("snake_case", ["snake", "case"]),
        ("光ファイバー", ["光ファイバー"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # Words on which the two engines' own stemmers part ways; ours is the pinned one for both.
        ("university", "universiti"),
        ("international", "internat"),
        ("organizations", "organiz"),
        ("emergency", "emergenc"),
        ("added", "add"),
        ("evening", "evening"),
        ("buildings", "build"),
    ],
)
def test_stem(word: str, expected: str) -> None:
    assert stem(word) == expected


@given(st.text(max_size=80))
def test_spans_are_where_the_terms_stand(text: str) -> None:
    found = list(spans(text))
    assert [term for term, _, _ in found] == terms(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)


@given(st.text(alphabet="abcXYZ'’s é.-_09 \n", max_size=60))
def test_terms_hold_no_blank_and_are_the_same_when_analysed_again(text: str) -> None:
    found = terms(text)
    assert all(0 < len(term) <= MAX_TERM and not re.search(r"\s", term) for term in found)
    assert terms(" ".join(found)) == found


def _marked(text: str, query: str, **options: int) -> str:
    return highlight(text, parse(query), **options).html()


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Crews build here", "building", "Crews <mark>build</mark> here"),
        ("The CAFÉ opens", "cafe", "The <mark>CAFÉ</mark> opens"),
        ("old mill, mill quarter", '"mill quarter"', "old mill, <mark>mill quarter</mark>"),
        ("multi-gig for all", "multi-gig", "<mark>multi-gig</mark> for all"),
        ("Fiber to the home and FTTH", "ftth", "<mark>Fiber to the home</mark> and <mark>FTTH</mark>"),
        ("pole and wire", "pole -wire", "<mark>pole</mark> and wire"),
        (
            "a quarter of the old mill",
            '"mill quarter"~5',
            "a <mark>quarter</mark> of the old <mark>mill</mark>",
        ),
        ("university", "univ*", "<mark>university</mark>"),
        ("brodaband", "broadband~2", "<mark>brodaband</mark>"),
        ("<b>pole</b> & wire", "pole", "&lt;b&gt;<mark>pole</mark>&lt;/b&gt; &amp; wire"),
        ("Acme's pole", "acme", "<mark>Acme</mark>&#x27;s pole"),
        ("kind words", "kind:article words", "kind <mark>words</mark>"),
        ("pole", "title:pole", "pole"),
    ],
)
def test_highlight(text: str, query: str, expected: str) -> None:
    assert _marked(text, query) == expected


def test_a_long_text_is_cut_to_the_passage_that_answers_most_at_whole_words() -> None:
    text = (
        "The pole fell. "
        + "Nothing much happened on that day. " * 20
        + "A pole and a wire met. "
        + "End. " * 50
    )
    snippet = highlight(text, parse("pole wire"), width=60)
    assert snippet.text.startswith("A pole and a wire met.")
    assert (snippet.cut_before, snippet.cut_after) == (True, True)
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["pole", "wire"]
    assert len(snippet.text) <= 60
    assert highlight(text, parse("absent"), width=60).text.startswith("The pole fell.")


@given(st.text(max_size=300), st.sampled_from(["a", "a*", '"a b"', '"a b"~3', "abc~", "a OR é", "ab -c"]))
def test_any_text_gives_safe_html_that_says_the_same(text: str, query: str) -> None:
    snippet = highlight(text, parse(query), width=40)
    assert isinstance(snippet, Snippet)
    bare = snippet.html().replace("<mark>", "").replace("</mark>", "")
    bare = bare.removeprefix("… ") if snippet.cut_before else bare
    bare = bare.removesuffix(" …") if snippet.cut_after else bare
    assert "<" not in bare
    assert html.unescape(bare) == snippet.text
