"""Importance for a sales reader, from 0 to 1, with reasons in words; its points are data/importance.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
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


def importance(
    document: Document,
    topics: Sequence[Topic],
    companies: Sequence[TaggedCompany],
    places: Sequence[TaggedPlace],
    facts: Sequence[Expansion],
) -> Importance:
    """Return the score, rounded to two digits, and why, the weightiest reason first."""
    rules = _rules()
    signs: dict[str, float] = rules["signs"]
    reasons: list[tuple[float, str]] = []
    ranked = sorted(topics, key=lambda topic: -rules["topics"][topic])
    if ranked:
        reasons.append((rules["topics"][ranked[0]], f"about {ranked[0]}"))
    if len(ranked) > 1:
        reasons.append((signs["second_topic"], f"also about {ranked[1]}"))
    about = [company.name for company in companies if company.role == "about"]
    if about:
        reasons.append((signs["company_about"], f"about {about[0]}"))
    local = [
        place.name for place in places if place.role == "about" and place.kind not in ("state", "country")
    ]
    if local:
        reasons.append((signs["place_about"], f"in {local[0]}"))
    if facts:
        reasons.append((signs["fact"], "tells of a build"))
        large = rules["large"]
        if any((fact.passings or 0) >= large["passings"] for fact in facts) or any(
            (fact.investment_cents or 0) >= large["cents"] for fact in facts
        ):
            reasons.append((signs["large_build"], "a large build"))
    title = document.title
    if "pricing" in topics and "$" in title.text:
        reasons.append((signs["price_in_title"], "a price in the title"))
    if not companies and not topics:
        reasons.append((signs["mention_only"], "names no company of the market"))
    soft = set(rules["soft_words"]["words"]) & {*title.words, *document.text.words[:_LEAD_WORDS]}
    if soft and not facts and "pricing" not in topics:
        reasons.append((signs["soft"], f"an occasion ({min(soft)})"))
    score = rules["base"] + sum(points for points, _ in reasons)
    ordered = sorted(reasons, key=lambda reason: -abs(reason[0]))
    return Importance(score=round(min(1.0, max(0.0, score)), 2), reasons=tuple(text for _, text in ordered))
