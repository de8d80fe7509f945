"""The leaves of a query: words, phrases, names and wildcards as written, and what they become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.query import And, KeywordField, Node, OneOf, Or, Phrase, Term, TextField, Wildcard
from index.stems import stem, terms
from market.errors import QueryError


def joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node | None:
    """Return the nodes as one; a single node as it is, None when there are none."""
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def phrase(name: TextField, found: Sequence[str], *, exact: bool = False) -> Node:
    """Return words that stand side by side; one word is a term."""
    if len(found) == 1:
        return Term(name, found[0], exact)
    return Phrase(name, tuple(found), exact)


def near(name: TextField, found: Sequence[str], slop: int) -> Node | None:
    """Return the documents in which each word stands near the next one.

    In pairs: the engines agree on how far apart two different words are, but not three or a repeated one.
    """
    if slop == 0 or not found:
        return phrase(name, found, exact=True) if found else None
    distinct = list({stem(word): word for word in reversed(found)}.values())[::-1]
    if len(distinct) == 1:
        return Term(name, distinct[0])
    return joined(And, [Phrase(name, pair, slop=slop) for pair in pairwise(distinct)])


def named(field: KeywordField, names: TextField, key: str, value: str) -> Node | None:
    """Return the documents that have the id, or the words of the name side by side."""
    found = terms(value)
    options: list[Node] = [OneOf(field, (key,))] if key else []
    options += [phrase(names, found, exact=True)] if found else []
    return joined(Or, options)


def plain(raw: str) -> list[str]:
    """Return the terms of an unquoted word that is nothing but words, else []."""
    if raw in ("&&", "||", "!") or raw.startswith("!") or wild(raw) is not None:
        return []
    return terms(unescaped(raw))


def wild(raw: str) -> str | None:
    """Return `raw` unescaped when it has a wildcard, with "\\0" and "\\1" for "*" and "?"; else None."""
    out, skip = [], False
    for char in raw:
        if skip or char not in "\\*?":
            out.append(char if char not in "\0\1" else " ")
            skip = False
        elif char == "\\":
            skip = True
        else:
            out.append("\0" if char == "*" else "\1")
    text = "".join(out)
    return text if "\0" in text or "\1" in text else None


def wildcards(name: TextField, pieces: str, raw: str) -> Node | None:
    """Return a wildcard's node; words that other characters part from it ("wi-fi*") are joined by AND."""
    nodes: list[Node] = []
    for piece in re.findall(r"[^\W_\0\1]*(?:[\0\1][^\W_\0\1]*)+|[^\W_]+", pieces):
        if "\0" not in piece and "\1" not in piece:
            nodes += [Term(name, term, exact=True) for term in terms(piece)]
            continue
        pattern = "".join(
            {"\0": "*", "\1": "?"}.get(part) or "".join(terms(part))
            for part in re.split(r"([\0\1])", piece)
            if part
        )
        if pattern[:1] in ("*", "?", ""):
            raise QueryError(
                "query-wildcard", f"{raw!r} begins with a wildcard; write at least its first letter"
            )
        nodes.append(Wildcard(name, re.sub(r"\*+", "*", pattern)))
    return joined(And, nodes)


def unquoted(value: str) -> str:
    """Return what stands inside quotation marks, unescaped."""
    inner = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return unescaped(inner)


def unescaped(value: str) -> str:
    """Return `value` without the backslashes that escape."""
    return re.sub(r"\\(.)", r"\1", value)


def escape_slashes(text: str) -> str:
    """Return the query with each slash outside of quotation marks escaped."""
    parts = re.split(r'("(?:\\.|[^"\\])*")', text)
    return "".join(
        part if number % 2 else re.sub(r"(?<!\\)/", r"\\/", part) for number, part in enumerate(parts)
    )


def syntax(words: str) -> str:
    """Return a syntax error in plain words."""
    if "Illegal character '\"" in words:
        return "a quotation mark is left open"
    if "end of expression" in words:
        return "a bracket is left open, or a word is missing after AND, OR or NOT,"
    return re.sub(r"\s+", " ", words).rstrip("!. ").replace("Syntax error in input : ", "")
