"""How well companies, topics and the slots of builds are found, on labelled releases.

The comparison is that of the data's README: facts pair one to one so that most slots agree; a place, a number
and a word each count one; a report without a partner costs all its slots unless it is optional, a label
without a partner counts all its slots as missed. What a label accepts beside its value counts as right.
"""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import bootstrap
from market.companies.lexicon import Lexicon
from market.ids import slug
from market.places.names import name_key
from nlp.providers import usual_name
from nlp.tag import TagInput, TagResult

RELEASES = Path(__file__).resolve().parents[2] / "shared" / "data" / "releases"
CASES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "cases"
DEVELOPMENT = ("dev-1", "dev-2", "dev-3")
"""Our sample texts, by the names of their folders."""
CHECK = "check"
"""Sample texts that no rule was written on."""
SLOTS = ("stage", "passings", "route_miles", "investment_cents", "technology", "funding", "target_on")


@dataclass
class Score:
    """Right, wrongly reported and missed, by name of what was counted."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def add(self, other: Score) -> None:
        """Add another score's counts."""
        self.right.update(other.right)
        self.wrong.update(other.wrong)
        self.missed.update(other.missed)

    def of(self, names: Iterable[str]) -> tuple[float, float, float]:
        """Return precision, recall and F1 over some names; 1.0 where nothing was to be found or reported."""
        listed = list(names)
        right, wrong, missed = (
            sum(part[n] for n in listed) for part in (self.right, self.wrong, self.missed)
        )
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def total(parts: Iterable[Score]) -> Score:
    """Return the sum of scores."""
    found = Score()
    for part in parts:
        found.add(part)
    return found


def interval(parts: Sequence[Score], names: Sequence[str]) -> tuple[float, float]:
    """Return the 95% interval of F1 over texts drawn anew with their scores `parts` (bootstrap)."""
    counts = [
        tuple(sum(part[name] for name in names) for part in (score.right, score.wrong, score.missed))
        for score in parts
    ]

    def f1(drawn: Sequence[tuple[int, ...]]) -> float:
        right, wrong, missed = map(sum, zip(*drawn, strict=True))
        return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0

    return bootstrap.interval(counts, f1, seed=20261124)


def releases() -> list[tuple[TagInput, dict[str, Any]]]:
    """Return the labelled releases with their labels, in the order of the file."""
    with gzip.open(RELEASES / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        return _labelled(lines, RELEASES / "gold.jsonl")


def sample_set(name: str) -> list[tuple[TagInput, dict[str, Any]]]:
    """Return our sample texts of one folder with the labels of somebody who had not seen the rules."""
    with (CASES / name / "texts.jsonl").open(encoding="utf-8") as lines:
        return _labelled(lines, CASES / name / "gold.jsonl")


def false_facts(result: TagResult, gold: Mapping[str, Any], identity: Identity) -> int:
    """Count the builds reported of a text whose labels have none; optional ones count neither way."""
    return sum(
        not _is_optional(fact, gold["expansions_optional"], identity)
        for fact in result.to_json()["expansions"]
        if not gold["expansions"]
    )


def _labelled(lines: Iterable[str], labels: Path) -> list[tuple[TagInput, dict[str, Any]]]:
    gold = {row["id"]: row["gold"] for row in map(json.loads, labels.read_text("utf-8").splitlines())}
    texts = {row["id"]: row for row in map(json.loads, lines)}
    fields = ("id", "title", "text", "published_at")
    return [(TagInput.from_json({name: texts[key][name] for name in fields}), gold[key]) for key in gold]


class Identity:
    """Tells whether two names mean one company: brand and owner of a lexicon entry, old and new name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __call__(self, name: str) -> str:
        """Return the company's id, or the slug of an unknown name."""
        company = self._lexicon.by_name(name)
        return company.id if company else slug(usual_name(name))


def score_companies(result: TagResult, gold: Mapping[str, Any], identity: Identity) -> Score:
    """Compare the companies an article names; optional ones count neither way."""
    wanted = {identity(name) for name in gold["companies"]}
    optional = {identity(name) for name in gold["companies_optional"]}
    found = {identity(company.name) for company in result.companies}
    return _sets("companies", wanted, optional, found)


def score_topics(result: TagResult, gold: Mapping[str, Any]) -> Score:
    """Compare topics; optional ones count neither way."""
    found: set[str] = {topic.topic for topic in result.topics}
    return _sets("topics", set(gold["topics"]), set(gold["topics_optional"]), found)


def _sets(name: str, wanted: set[str], optional: set[str], found: set[str]) -> Score:
    score = Score()
    score.right[name] = len(wanted & found)
    score.wrong[name] = len(found - wanted - optional)
    score.missed[name] = len(wanted - found)
    return score


def score_facts(result: TagResult, gold: Mapping[str, Any], identity: Identity) -> Score:
    """Compare builds by the best one-to-one pairing."""
    reported = result.to_json()["expansions"]
    labelled = gold["expansions"]
    best: tuple[int, Score] | None = None
    width = max(len(reported), len(labelled))
    padded = [*reported, *[None] * (width - len(reported))]
    for order in itertools.islice(itertools.permutations(padded), 5_000):
        score = Score()
        for fact, label in itertools.zip_longest(order, labelled):
            if label is None:
                if fact is not None and not _is_optional(fact, gold["expansions_optional"], identity):
                    _all_wrong(score, fact)
            elif fact is None:
                _all_missed(score, label)
            else:
                score.add(_pair(fact, label, identity))
        agreement = sum(score.right.values()) - sum(score.wrong.values())
        if best is None or agreement > best[0]:
            best = agreement, score
    return best[1] if best else Score()


def _pair(fact: Mapping[str, Any], label: Mapping[str, Any], identity: Identity) -> Score:
    score = Score()
    accept = label["accept"]
    names = {identity(name) for name in (label["company"], *accept.get("company", ()))}
    _one(score, "company", identity(fact["company_name"]) in names)
    wanted, optional = _keys(label["places"]), _keys(label["places_optional"])
    found = _keys(fact["places"])
    score.add(_sets("places", wanted, optional, found))
    for slot in SLOTS:
        value, right = fact[slot], label[slot]
        accepted = accept.get(slot, ())
        if value is not None and (value == right or value in accepted):
            score.right[slot] += right is not None
        elif value is None:
            score.missed[slot] += right is not None and None not in accepted
        else:
            score.wrong[slot] += 1
            score.missed[slot] += right is not None and None not in accepted
    return score


def _one(score: Score, slot: str, right: bool) -> None:
    score.right[slot] += right
    score.wrong[slot] += not right
    score.missed[slot] += not right


def _keys(places: Sequence[Mapping[str, Any]]) -> set[str]:
    return {f"{name_key(place['name'])}|{place['state']}" for place in places}


def _is_optional(fact: Mapping[str, Any], optional: Sequence[Mapping[str, Any]], identity: Identity) -> bool:
    return any(
        identity(fact["company_name"]) == identity(entry["company"])
        and _keys(fact["places"]) & _keys(entry["places"])
        for entry in optional
    )


def _all_wrong(score: Score, fact: Mapping[str, Any]) -> None:
    score.wrong["company"] += 1
    score.wrong["places"] += len(fact["places"])
    for slot in SLOTS:
        score.wrong[slot] += fact[slot] is not None


def _all_missed(score: Score, label: Mapping[str, Any]) -> None:
    score.missed["company"] += 1
    score.missed["places"] += len(label["places"])
    for slot in SLOTS:
        score.missed[slot] += label[slot] is not None
