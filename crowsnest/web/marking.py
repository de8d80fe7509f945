"""Finding quoted words in a text and cutting the text at them, so that a template can mark them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of text; `first` is True for the first marked piece, the target of the page's #quote link."""

    text: str
    marked: bool
    first: bool = False


def occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Return the spans of `quote` in `text`; blanks may differ, nothing else may. Empty quotes have none."""
    words = quote.split()
    if not words:
        return []
    exact = re.compile(r"\s+".join(map(re.escape, words)))
    spans = [match.span() for match in exact.finditer(text)]
    if spans:
        return spans
    # A page's markup may part or join words that a reader's text joins or parts.
    loose = re.compile(r"\s*".join(re.escape(char) for char in "".join(words)))
    return [match.span() for match in loose.finditer(text)]


def merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return `spans` in order, cut to 0..length, with overlapping and touching ones joined."""
    result: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut `text` into marked and unmarked pieces; joined again they are `text`."""
    result: list[Piece] = []
    at = 0
    for number, (start, end) in enumerate(merged(spans, len(text))):
        if start > at:
            result.append(Piece(text[at:start], marked=False))
        result.append(Piece(text[start:end], marked=True, first=number == 0))
        at = end
    if at < len(text):
        result.append(Piece(text[at:], marked=False))
    return result


def paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Piece]]:
    """Cut `text` into its lines, each as pieces; blank lines are left out and only one piece is `first`."""
    joined = merged(spans, len(text))
    first = joined[0][0] if joined else None
    result: list[list[Piece]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            inside = [(start - at, end - at) for start, end in joined if start < at + len(line) and end > at]
            has_first = first is not None and at <= first < at + len(line)
            result.append([piece._replace(first=piece.first and has_first) for piece in pieces(line, inside)])
        at += len(line) + 1
    return result
