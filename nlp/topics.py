"""Topics: what an article is about, by the words and weights of data/topics.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, Protocol, get_args

from market.records.tagged import Topic
from nlp.dateline import boilerplate_start
from nlp.document import Document, Passage

_EMERGENCY = "911"
"""The number whose calls networks carry."""
_LEAD_SENTENCES = 2
_BEHIND = 2
"""Words behind a rule's last one that may make it another thing's."""
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


class _Phrase(NamedTuple):
    second: str | None
    """The word after the first one, which is the key; None for a single word."""
    words: tuple[str, ...]
    name: str
    topic: Topic
    weight: float


@dataclass(frozen=True, slots=True)
class _Near:
    """A word of `first` (its key) with one of `then` among the `within` words after it, in one sentence."""

    topic: Topic
    name: str
    weight: float
    within: int
    then: frozenset[str]
    unless: frozenset[str]
    behind: frozenset[str]
    """Words that make the last one another thing's: "5G home plan", "business journal"."""


@dataclass(frozen=True, slots=True)
class _Rules:
    starts: dict[str, tuple[list[_Phrase], list[_Near]]]
    """The phrases and rules that begin with a word."""
    threshold: float
    title_weight: float
    lead_weight: float
    most_per_phrase: int
    trade_without_company: int
    share_of_best: float
    share_untold: dict[Topic, float]
    least_telling: float
    beside: dict[Topic, Topic]
    weak: dict[Topic, frozenset[str]]
    least_emergency: int
    power: frozenset[str]
    service: frozenset[str]
    elsewhere: frozenset[str]
    most_elsewhere: int
    regulator: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = tomllib.loads(files("nlp.data").joinpath("topics.toml").read_text("utf-8"))
    starts: dict[str, tuple[list[_Phrase], list[_Near]]] = {}
    for topic in get_args(Topic):
        # Keys such as 3.0 are dotted keys in TOML: {"3": {"0": [...]}}.
        for whole, parts in data[topic].items():
            for fraction, listed in parts.items():
                for phrase in listed:
                    words = tuple(re.findall(r"[^\W_]+", phrase))
                    second = words[1] if len(words) > 1 else None
                    told = _Phrase(second, words, " ".join(words), topic, float(f"{whole}.{fraction}"))
                    starts.setdefault(words[0], ([], []))[0].append(told)
    for row in data["near"]:
        rule = _Near(
            topic=row["topic"],
            name=row["name"],
            weight=row["weight"],
            within=row["within"],
            then=frozenset(row["then"]),
            unless=frozenset(row.get("unless", ())),
            behind=frozenset(row.get("behind", ())),
        )
        for word in row["first"]:
            starts.setdefault(word, ([], []))[1].append(rule)
    return _Rules(
        starts=starts,
        threshold=data["threshold"],
        title_weight=data["title_weight"],
        lead_weight=data["lead_weight"],
        most_per_phrase=data["most_per_phrase"],
        trade_without_company=data["trade_without_company"],
        share_of_best=data["share_of_best"],
        share_untold=data["share_untold"],
        least_telling=data["least_telling"],
        beside=data["beside"],
        weak={topic: frozenset(data["weak"].get(topic, ())) for topic in get_args(Topic)},
        elsewhere=frozenset(data["elsewhere"]),
        most_elsewhere=data["most_elsewhere"],
        regulator=tuple(tuple(phrase.split()) for phrase in data["regulator"]),
        least_emergency=data["least_emergency"],
        power=frozenset(data["power"]),
        service=frozenset(data["service"]),
    )


def topic_scores(document: Document) -> list[TopicScore]:
    """Return all topics that the words of title and text speak for, portraits left out; heaviest first."""
    rules = _rules()
    phrases: dict[Topic, dict[str, float]] = {}
    counts: dict[tuple[Topic, str], int] = {}
    for passage in document.passages:
        tail = boilerplate_start(passage) if passage.field == "text" else len(passage.text)
        lead = passage.sentences[:_LEAD_SENTENCES]
        lead_end = lead[-1].end if lead else 0
        for position, topic, name, weight in _signs(passage, rules):
            at = passage.word_spans[position][0]
            if at >= tail:
                break
            seen = counts.get((topic, name), 0)
            if seen >= rules.most_per_phrase:
                continue
            counts[topic, name] = seen + 1
            if passage.field == "title":
                weight *= rules.title_weight
            elif at < lead_end:
                weight *= rules.lead_weight
            of_topic = phrases.setdefault(topic, {})
            of_topic[name] = of_topic.get(name, 0.0) + weight
    scored = [
        TopicScore(topic, sum(found.values()), tuple(sorted(found, key=lambda name: -found[name])))
        for topic, found in phrases.items()
        if sum(weight for name, weight in found.items() if name not in rules.weak[topic])
        >= rules.least_telling
    ]
    return sorted(scored, key=lambda item: (-item.score, item.topic))


def _signs(passage: Passage, rules: _Rules) -> Iterator[tuple[int, Topic, str, float]]:
    """Yield (number of the word, topic, phrase or rule, weight) in the order of the words."""
    words, starts = passage.words, rules.starts
    for position in [number for number, word in enumerate(words) if word in starts]:
        phrases, near = starts[words[position]]
        following = words[position + 1] if position + 1 < len(words) else ""
        for second, wanted, name, topic, weight in phrases:
            if second is None or (second == following and words[position : position + len(wanted)] == wanted):
                yield position, topic, name, weight
        for rule in near:
            if _holds(rule, passage, position):
                yield position, rule.topic, rule.name, rule.weight


def _holds(rule: _Near, passage: Passage, position: int) -> bool:
    end = position + 1 + rule.within
    for number, word in enumerate(passage.words[position + 1 : end], position + 1):
        if word in rule.unless:
            return False
        if word in rule.then:
            if not rule.behind.isdisjoint(passage.words[number + 1 : number + 1 + _BEHIND]):
                return False
            spans = passage.word_spans
            return passage.sentence_at(spans[position][0]) == passage.sentence_at(spans[number][0])
    return False


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
    if not scored or (not has_company and not _is_of_the_trade(document, rules, trade, scored)):
        return ()
    # A long text touches much in passing: the bar rises with the best score, and slowly with the length.
    least = rules.threshold * (1 + len(document.text.words) / 600)
    best = scored[0]
    bar = max(least, rules.share_of_best * best.score)
    kept = tuple(item for item in scored if _holds_beside(item, best, least, bar, rules))
    if any(item.topic == "outage" for item in kept) and _is_power_cut(document, rules, has_company):
        return tuple(item for item in kept if item.topic != "outage")
    return kept


def _holds_beside(item: TopicScore, best: TopicScore, least: float, bar: float, rules: _Rules) -> bool:
    """Tell whether a topic holds beside the heaviest one.

    A build told makes "expansion" a topic, however light. Without one its words, of which any article of the
    trade has some, must weigh nearly as much as the heaviest topic's; less beside the money that pays.
    """
    if _BUILD in item.phrases:
        return True
    if rules.beside.get(item.topic) == best.topic:
        return item.score >= least
    share = rules.share_untold.get(item.topic)
    return item.score >= (bar if share is None else max(bar, share * best.score))


def _is_of_the_trade(document: Document, rules: _Rules, trade: int, scored: Sequence[TopicScore]) -> bool:
    """Tell whether an article that names no company is about networks, and not about a school or a team."""
    words = document.text.words
    if len(rules.elsewhere & {*words, *document.title.words}) > rules.most_elsewhere:
        return False
    if trade >= rules.trade_without_company or (
        scored[0].topic == "outage" and words.count(_EMERGENCY) >= rules.least_emergency
    ):
        return True
    return trade >= 2 and any(
        words[n : n + len(name)] == name
        for name in rules.regulator
        for n, word in enumerate(words)
        if word == name[0]
    )


def _is_power_cut(document: Document, rules: _Rules, has_company: bool) -> bool:
    """Tell whether an outage is one of electricity: no company of the market is named, or no service lost."""
    words = document.text.words
    power = sum(word in rules.power for word in words) + sum(w in rules.power for w in document.title.words)
    service = sum(word in rules.service for word in words)
    return power >= 2 and (service < power if has_company else service <= 2 * power)
