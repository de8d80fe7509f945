"""One highlighter for both engines: finds a query's words and phrases in a text, and the best passage."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from index.query import Fuzzy, Node, Phrase, Term, Wildcard, leaves
from index.stems import spans, stem
from market.records.base import Record

Span = tuple[int, int]
Token = tuple[str, int, int]


class Snippet(Record):
    """A passage of a text and the spans in it that answer the query, as characters of the passage."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False

    def html(self) -> str:
        """Return the passage as HTML: everything escaped, answers inside <mark>, cuts as an ellipsis."""
        parts, last = [], 0
        for start, end in self.marks:
            parts += [html.escape(self.text[last:start]), f"<mark>{html.escape(self.text[start:end])}</mark>"]
            last = end
        parts.append(html.escape(self.text[last:]))
        return ("… " if self.cut_before else "") + "".join(parts) + (" …" if self.cut_after else "")


def highlight(text: str, query: Node, *, title: bool = False, width: int = 240) -> Snippet:
    """Return the passage of about `width` characters that answers most of the query; a short text whole.

    `title` says which field the text is: words asked of another field are not marked.
    """
    tokens = list(spans(text))
    found = _found(tokens, _wanted(query, title))
    start, end = (0, len(text)) if len(text) <= width else _best(text, tokens, found, width)
    marks = _merged([span for span, _ in found if start <= span[0] and span[1] <= end])
    passage = text[start:end]
    return Snippet(
        text=re.sub(r"\s", " ", passage),
        marks=tuple((first - start, last - start) for first, last in marks),
        cut_before=start > 0,
        cut_after=end < len(text),
    )


def _wanted(query: Node, title: bool) -> list[Term | Phrase | Wildcard | Fuzzy]:
    allowed = ("text", "title") if title else ("text",)
    return [
        leaf
        for leaf in dict.fromkeys(leaves(query))
        if isinstance(leaf, Term | Phrase | Wildcard | Fuzzy) and leaf.field in allowed
    ]


def _found(
    tokens: Sequence[Token], wanted: Sequence[Term | Phrase | Wildcard | Fuzzy]
) -> list[tuple[Span, int]]:
    """Return the spans of all answers with the number of the leaf that each answers, in text order."""
    found: list[tuple[Span, int]] = []
    stemmed = [stem(token) for token, _, _ in tokens]
    for number, leaf in enumerate(wanted):
        match leaf:
            case Term():
                word = leaf.term if leaf.exact else stem(leaf.term)
                answers = [
                    i for i, token in enumerate(tokens) if (token[0] if leaf.exact else stemmed[i]) == word
                ]
                found += [((tokens[i][1], tokens[i][2]), number) for i in answers]
            case Phrase():
                terms = [token for token, _, _ in tokens] if leaf.exact else stemmed
                words = leaf.terms if leaf.exact else tuple(stem(term) for term in leaf.terms)
                found += [(span, number) for span in _phrases(tokens, terms, words, leaf.slop)]
            case Wildcard():
                form = re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in leaf.pattern))
                found += [((start, end), number) for token, start, end in tokens if form.fullmatch(token)]
            case Fuzzy():
                found += [
                    ((start, end), number)
                    for token, start, end in tokens
                    if _distance(token, leaf.term, leaf.distance) <= leaf.distance
                ]
    return sorted(found)


def _phrases(tokens: Sequence[Token], terms: Sequence[str], words: Sequence[str], slop: int) -> list[Span]:
    """Return a phrase's places; with words allowed between, each of its words near the others."""
    count = len(words)
    if slop == 0:
        starts = [i for i in range(len(terms) - count + 1) if tuple(terms[i : i + count]) == tuple(words)]
        return [(tokens[i][1], tokens[i + count - 1][2]) for i in starts]
    near: dict[int, None] = {}
    places = [[i for i, term in enumerate(terms) if term == word] for word in words]
    for first in places[0]:
        window = range(first - count - slop, first + count + slop + 1)
        around = [[i for i in places_of if i in window] for places_of in places]
        if all(around):
            near |= dict.fromkeys(i for part in around for i in part)
    return [(tokens[i][1], tokens[i][2]) for i in sorted(near)]


def _best(text: str, tokens: Sequence[Token], found: Sequence[tuple[Span, int]], width: int) -> Span:
    """Return where the passage with the most different answers (then the most answers) begins and ends."""
    best, chosen = (0, 0), None
    for index, (span, _) in enumerate(found):
        inside = [leaf for (_, end), leaf in found[index : index + 50] if end <= span[0] + width * 3 // 4]
        score = (len(set(inside)), len(inside))
        if score > best:
            best, chosen = score, span
    if chosen is None:
        start = 0
    else:
        lead = max(0, chosen[0] - width // 4)
        sentence = max(text.rfind(mark, lead, chosen[0]) for mark in (". ", "\n", "! ", "? "))
        start = lead if sentence < 0 else sentence + 1
        if chosen[1] - start > width:
            start = chosen[0]
    if 0 < start < len(text) and not text[start - 1].isspace():
        start = next((first for _, first, _ in tokens if first >= start), start)
    while start < len(text) and text[start].isspace():
        start += 1
    end = min(len(text), max(start + width, 0 if chosen is None else chosen[1]))
    if end < len(text):
        end = max((last for _, _, last in tokens if start < last <= end), default=end)
    return start, end


def _merged(found: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _distance(left: str, right: str, limit: int) -> int:
    """Return how many letters to add, drop, change or swap with a neighbour; over `limit` any such number."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
