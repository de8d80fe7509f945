"""The query language: what a user types becomes a tree that each engine compiles. No engine parses it.

Blanks and AND both mean "and" and bind tighter than OR; NOT and "-" exclude. "..." is an exact phrase,
"..."~3 lets words in any form stand near, word~ forgives typing errors, fib* and f?ber are wildcards (never
leading).
A field before a colon narrows: title:, company:, published:[2026-01 TO 2026-03], price:<60 and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

VERSION = 1
"""Raised when the same words come to mean another tree; saved searches keep it beside their text."""

TextField = Literal["text", "title", "company_names", "place_names", "publisher"]
KeywordField = Literal[
    "kind",
    "company",
    "place",
    "county",
    "state",
    "topic",
    "segment",
    "technology",
    "bundle",
    "source",
    "stage",
    "story",
    "month",
]
NumberField = Literal["date", "price", "down", "up"]


@dataclass(frozen=True)
class Term:
    """Documents whose field has the term; `exact` compares words, else their stems."""

    field: TextField
    term: str
    exact: bool = False


@dataclass(frozen=True)
class Phrase:
    """Documents in which the terms stand side by side, or at most `slop` moves from it.

    Only two words of different stems may have slop: on more the engines' notions of distance differ.
    """

    field: TextField
    terms: tuple[str, ...]
    exact: bool = False
    slop: int = 0


@dataclass(frozen=True)
class Wildcard:
    """Documents with a word of this form; "*" stands for any characters, "?" for one."""

    field: TextField
    pattern: str


@dataclass(frozen=True)
class Fuzzy:
    """Documents with a word at most `distance` letters (1 or 2) away."""

    field: TextField
    term: str
    distance: int


@dataclass(frozen=True)
class OneOf:
    """Documents that have one of the values."""

    field: KeywordField
    values: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """Documents whose number is in [low, high): dates in microseconds since 1970 UTC, prices in cents,
    speeds in kbps."""

    field: NumberField
    low: int | None
    high: int | None


@dataclass(frozen=True)
class And:
    """Documents that all parts hold for."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """Documents that at least one part holds for."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """Documents that the part does not hold for, also when it stands alone."""

    part: Node


@dataclass(frozen=True)
class Everything:
    """All documents."""


Node = Term | Phrase | Wildcard | Fuzzy | OneOf | Between | And | Or | Not | Everything


def leaves(node: Node) -> Iterator[Node]:
    """Yield the parts that a hit can be found by; what is excluded is not among them."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif not isinstance(node, Not | Everything):
        yield node


def scores(node: Node) -> bool:
    """Return whether hits can differ in relevance; otherwise they are given newest first."""
    return any(isinstance(leaf, Term | Phrase) for leaf in leaves(node))
