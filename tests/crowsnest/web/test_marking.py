"""Quoted words are found as they stand, and cutting a text at them loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crowsnest.web.marking import Piece, merged, occurrences, paragraphs, pieces


def test_every_occurrence_is_found() -> None:
    assert occurrences("ab cd ab", "ab") == [(0, 2), (6, 8)]


def test_blanks_may_differ() -> None:
    assert occurrences("reaches 4,500\n  homes", "4,500 homes") == [(8, 21)]


def test_markup_may_part_words() -> None:
    assert occurrences("$ 59 .99/mo", "$59.99/mo") == [(0, 11)]


def test_exact_words_win_over_parted_ones() -> None:
    assert occurrences("5 9 and 59", "59") == [(8, 10)]


def test_nothing_else_may_differ() -> None:
    assert occurrences("Reaches 4,500 homes", "reaches 4,500") == []
    assert occurrences("a.b", "a*b") == []
    assert occurrences("anything", "  ") == []


def test_spans_are_joined_and_cut_to_the_text() -> None:
    assert merged([(5, 9), (0, 2), (2, 4), (8, 20), (-3, 1), (7, 7)], 10) == [(0, 4), (5, 10)]


def test_first_mark_is_the_link_target() -> None:
    assert pieces("a b c", [(4, 5), (0, 1)]) == [
        Piece("a", marked=True, first=True),
        Piece(" b ", marked=False),
        Piece("c", marked=True),
    ]


def test_mark_over_two_paragraphs() -> None:
    lines = paragraphs("one two\n\nthree four", [(4, 14)])
    assert lines == [
        [Piece("one ", marked=False), Piece("two", marked=True, first=True)],
        [Piece("three", marked=True), Piece(" four", marked=False)],
    ]


def test_only_one_target_on_a_page() -> None:
    lines = paragraphs("x\nx\nx", [(2, 3), (4, 5)])
    assert [piece.first for line in lines for piece in line] == [False, True, False]


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60))))
def test_pieces_join_to_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in pieces(text, spans)) == text


@given(
    st.lists(st.text(st.characters(exclude_characters="\n")), max_size=6),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5),
)
def test_paragraphs_keep_each_line_and_each_marked_character(
    lines: list[str], spans: list[tuple[int, int]]
) -> None:
    text = "\n".join(lines)
    cut = paragraphs(text, spans)
    assert ["".join(piece.text for piece in line) for line in cut] == [
        x for x in text.split("\n") if x.strip()
    ]
    marked = {at for start, end in merged(spans, len(text)) for at in range(start, end)}
    at, expected = 0, 0
    for line in text.split("\n"):
        if line.strip():
            expected += sum(at + offset in marked for offset in range(len(line)))
        at += len(line) + 1
    assert sum(len(p.text) for line in cut for p in line if p.marked) == expected


@given(st.text(st.sampled_from("ab \n.$*"), max_size=40), st.text(st.sampled_from("ab .$*"), max_size=6))
def test_what_is_found_is_the_quote_but_for_blanks(text: str, quote: str) -> None:
    for start, end in occurrences(text, quote):
        assert "".join(text[start:end].split()) == "".join(quote.split())
