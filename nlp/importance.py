"""Importance for a sales reader, from 0 to 1, with reasons in words; its points are data/importance.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from market.records import Expansion, Importance
from market.records.tagged import TaggedCompany, TaggedPlace, Topic
from nlp.document import Document

_LEAD_WORDS = 60


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("nlp.data").joinpath("importance.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Weighed:
    """One rule that held: its name in data/importance.toml, its points, and what it found in words."""

    rule: str
    points: float
    reason: str


def weigh(
    document: Document,
    topics: Sequence[Topic],
    companies: Sequence[TaggedCompany],
    places: Sequence[TaggedPlace],
    facts: Sequence[Expansion],
) -> tuple[Weighed, ...]:
    """Return the rules that hold for an article, the weightiest first; the points of each are the file's."""
    rules = _rules()
    held: list[Weighed] = []

    def sign(name: str, reason: str) -> None:
        held.append(Weighed(f"signs.{name}", rules["signs"][name], reason))

    ranked = sorted(topics, key=lambda topic: -rules["topics"][topic])
    if ranked:
        held.append(Weighed(f"topics.{ranked[0]}", rules["topics"][ranked[0]], f"about {ranked[0]}"))
    if len(ranked) > 1:
        sign("second_topic", f"also about {ranked[1]}")
    about = [company.name for company in companies if company.role == "about"]
    if about:
        sign("company_about", f"about {about[0]}")
    local = [
        place.name for place in places if place.role == "about" and place.kind not in ("state", "country")
    ]
    if local:
        sign("place_about", f"in {local[0]}")
    if facts:
        sign("fact", "tells of a build")
        large = rules["large"]
        if any((fact.passings or 0) >= large["passings"] for fact in facts) or any(
            (fact.investment_cents or 0) >= large["cents"] for fact in facts
        ):
            sign("large_build", "a large build")
    title = document.title
    if "pricing" in topics and "$" in title.text:
        sign("price_in_title", "a price in the title")
    if not companies and not topics:
        sign("mention_only", "names no company of the market")
    soft = set(rules["soft_words"]["words"]) & {*title.words, *document.text.words[:_LEAD_WORDS]}
    if soft and not facts and "pricing" not in topics:
        sign("soft", f"an occasion ({min(soft)})")
    return tuple(sorted(held, key=lambda rule: -abs(rule.points)))


def base() -> float:
    """Return the points that every article has."""
    points: float = _rules()["base"]
    return points


def importance(held: Sequence[Weighed]) -> Importance:
    """Return the sum of the points and the base, cut to 0..1 and rounded to two digits, and the reasons."""
    score = base() + sum(rule.points for rule in held)
    return Importance(score=round(min(1.0, max(0.0, score)), 2), reasons=tuple(rule.reason for rule in held))
