"""Topics: what an article is about, by the words and weights of data/topics.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Protocol, get_args

from market.records.tagged import Topic
from nlp.dateline import boilerplate_start
from nlp.document import Document

_LEAD_SENTENCES = 2
_FACT_WEIGHT = 6.0
_BUILD, _AWARD = "a build is told", "public money for a build is told"


class Build(Protocol):
    """What topics ask of a build."""

    @property
    def stage(self) -> str:
        """Its stage."""
        ...

    @property
    def funding(self) -> str | None:
        """Its source of money."""
        ...


@dataclass(frozen=True, slots=True)
class TopicScore:
    """A topic with its weight in one article and the phrases that gave it, heaviest first."""

    topic: Topic
    score: float
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    phrases: dict[str, list[tuple[tuple[str, ...], Topic, float]]]
    threshold: float
    title_weight: float
    lead_weight: float
    most_per_phrase: int
    trade_without_company: int
    share_of_best: float
    power: frozenset[str]
    service: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = tomllib.loads(files("nlp.data").joinpath("topics.toml").read_text("utf-8"))
    phrases: dict[str, list[tuple[tuple[str, ...], Topic, float]]] = {}
    for topic in get_args(Topic):
        # Keys such as 3.0 are dotted keys in TOML: {"3": {"0": [...]}}.
        for whole, parts in data[topic].items():
            for fraction, listed in parts.items():
                for phrase in listed:
                    words = tuple(re.findall(r"[^\W_]+", phrase))
                    phrases.setdefault(words[0], []).append((words, topic, float(f"{whole}.{fraction}")))
    return _Rules(
        phrases=phrases,
        threshold=data["threshold"],
        title_weight=data["title_weight"],
        lead_weight=data["lead_weight"],
        most_per_phrase=data["most_per_phrase"],
        trade_without_company=data["trade_without_company"],
        share_of_best=data["share_of_best"],
        power=frozenset(data["power"]),
        service=frozenset(data["service"]),
    )


def topic_scores(document: Document) -> list[TopicScore]:
    """Return all topics that the words of title and text speak for, portraits left out; heaviest first."""
    rules = _rules()
    scores: dict[Topic, float] = {}
    phrases: dict[Topic, dict[str, float]] = {}
    counts: dict[tuple[Topic, tuple[str, ...]], int] = {}
    for passage in document.passages:
        lead_end = (
            passage.sentences[min(_LEAD_SENTENCES, len(passage.sentences)) - 1].end
            if passage.sentences
            else 0
        )
        tail = boilerplate_start(passage) if passage.field == "text" else len(passage.text)
        for position in [number for number, word in enumerate(passage.words) if word in rules.phrases]:
            if passage.word_spans[position][0] >= tail:
                break
            for wanted, topic, weight in rules.phrases[passage.words[position]]:
                if passage.words[position : position + len(wanted)] != wanted:
                    continue
                seen = counts.get((topic, wanted), 0)
                if seen >= rules.most_per_phrase:
                    continue
                counts[topic, wanted] = seen + 1
                if passage.field == "title":
                    weight *= rules.title_weight
                elif passage.word_spans[position][0] < lead_end:
                    weight *= rules.lead_weight
                scores[topic] = scores.get(topic, 0.0) + weight
                of_topic = phrases.setdefault(topic, {})
                of_topic[" ".join(wanted)] = of_topic.get(" ".join(wanted), 0.0) + weight
    return sorted(
        (
            TopicScore(
                topic, score, tuple(sorted(phrases[topic], key=lambda phrase: -phrases[topic][phrase]))
            )
            for topic, score in scores.items()
        ),
        key=lambda item: (-item.score, item.topic),
    )


def with_facts(scored: Sequence[TopicScore], facts: Sequence[Build]) -> list[TopicScore]:
    """Return the scores with what builds add: "expansion", and "funding" when public money pays."""
    added: dict[Topic, str] = {}
    if facts:
        added["expansion"] = _BUILD
        if any(fact.stage == "funded" or fact.funding not in (None, "private") for fact in facts):
            added["funding"] = _AWARD
    known = {item.topic: item for item in scored}
    for topic, phrase in added.items():
        item = known.get(topic, TopicScore(topic, 0.0, ()))
        known[topic] = TopicScore(topic, item.score + _FACT_WEIGHT, (phrase, *item.phrases))
    return sorted(known.values(), key=lambda item: (-item.score, item.topic))


def topics(
    document: Document, scored: Sequence[TopicScore], trade: int, has_company: bool
) -> tuple[TopicScore, ...]:
    """Return what the article is about, heaviest first; nothing for one that is not about networks.

    `trade` is the strength of the signs of the trade (nlp/companies.py); see `threshold`,
    `trade_without_company` and `share_of_best` in data/topics.toml. A topic that a build told is always in.
    """
    rules = _rules()
    if not scored or (not has_company and trade < rules.trade_without_company):
        return ()
    # A long text touches much in passing: the bar rises with the best score, and slowly with the length.
    bar = max(rules.threshold * (1 + len(document.text.words) / 600), rules.share_of_best * scored[0].score)
    told = {_BUILD, _AWARD}
    kept = tuple(item for item in scored if item.score >= bar or told & set(item.phrases))
    if any(item.topic == "outage" for item in kept) and _is_power_cut(document, rules, has_company):
        return tuple(item for item in kept if item.topic != "outage")
    return kept


def _is_power_cut(document: Document, rules: _Rules, has_company: bool) -> bool:
    """Tell whether an outage is one of electricity: no company of the market is named, or no service lost."""
    words = document.text.words
    power = sum(word in rules.power for word in words) + sum(w in rules.power for w in document.title.words)
    service = sum(word in rules.service for word in words)
    return power >= 2 and (service < power if has_company else service <= 2 * power)
