"""The key sentence: the one that says most about company, place and number; quoted, never rewritten."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from market.numbers import numbers_in
from nlp.dateline import boilerplate_start, dateline_span
from nlp.document import Passage, Span

_MOST_SENTENCES = 120
_DIGIT = re.compile(r"\d")
_QUOTES = '"“”'
_WIRE = re.compile(r"(?:[A-Z][A-Z /.,-]{2,40}\s*)?\((?:Reuters|AP|UPI|AFP|Bloomberg)\)\s*(?:[-–—]+\s*)")
"""An agency's name before the first sentence, with no date."""
_OPENING = '"“‘(['
"""What a sentence may begin with besides a letter or figure."""


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    data = tomllib.loads(files("nlp.data").joinpath("keysentence.toml").read_text("utf-8"))
    limits = data["limits"]
    for name in ("units", "events"):
        data[name] = frozenset(limits.pop(name))
    data["boilerplate"] = [f" {phrase} " for phrase in limits.pop("boilerplate")]
    return data


def key_sentence(
    passage: Passage,
    *,
    about_companies: Sequence[tuple[int, int]] = (),
    other_companies: Sequence[tuple[int, int]] = (),
    about_places: Sequence[tuple[int, int]] = (),
    facts: Sequence[tuple[int, int]] = (),
    topic_words: Collection[str] = (),
) -> Span | None:
    """Return the key sentence of a text, or None for an empty one. Spans are (start, end) in the passage."""
    rules = _rules()
    points, limits = rules["points"], rules["limits"]
    tail = boilerplate_start(passage)
    dateline = dateline_span(passage)
    best: tuple[float, Span] | None = None
    starts = [span[0] for span in passage.word_spans]
    whole_text = f" {' '.join(passage.words)} "
    boilerplate = [phrase for phrase in rules["boilerplate"] if phrase in whole_text]
    telling = frozenset(topic_words)
    named = [
        (points["company"], sorted(about_companies)),
        (points["company_other"], sorted(other_companies)),
        (points["place"], sorted(about_places)),
        (points["fact"], sorted(facts)),
    ]
    for number, whole in enumerate(_behind(passage.sentences, dateline)[:_MOST_SENTENCES]):
        sentence = _without_dateline(passage.text, whole, dateline)
        first, last = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        words = passage.words[first:last]
        text = passage.text[sentence.start : sentence.end]
        score = max(0.0, points["lead"] - number * points["lead_step"])
        for weight, spans in named:
            score += weight * _within(spans, sentence)
        score += points["event"] * (not rules["events"].isdisjoint(words))
        score += points["topic"] * min(3, len(telling.intersection(words)))
        if not rules["units"].isdisjoint(words) and _DIGIT.search(text):
            score += points["figure"]
        if "$" in text and any(number.is_money for number in numbers_in(text)):
            score += points["money"]
        if text[:1] in _QUOTES or sum(text.count(mark) for mark in _QUOTES) >= 2:
            score += points["speech"]
        if sentence.start >= tail or (boilerplate and _holds_any(words, boilerplate)):
            score += points["boilerplate"]
        if len(words) < limits["least_words"]:
            score += points["short"]
        if len(words) > limits["most_words"]:
            score += points["long"]
        if text.rstrip("\"”’')").endswith("?"):
            score += points["question"]
        if not text.rstrip("\"”’')").endswith((".", "!", "?")):
            score += points["no_verb_end"]
        if len(text) > limits["most_chars"]:
            score -= 10
        if best is None or score > best[0]:
            best = score, sentence
    return best[1] if best else None


def _behind(sentences: Sequence[Span], dateline: Span) -> Sequence[Span]:
    """Leave out what stands above and within a dateline: labels, headlines, "Nov." taken for a sentence."""
    return [sentence for sentence in sentences if sentence.end > dateline.end]


def _without_dateline(text: str, sentence: Span, dateline: Span) -> Span:
    start = max(sentence.start, dateline.end)
    if wire := _WIRE.match(text, start, sentence.end):
        start = wire.end()
    while start < sentence.end and not (text[start].isalnum() or text[start] in _OPENING):
        start += 1
    return Span(start, sentence.end) if start < sentence.end else sentence


def _holds_any(words: Sequence[str], phrases: Sequence[str]) -> bool:
    told = f" {' '.join(words)} "
    return any(map(told.__contains__, phrases))


def _within(spans: Sequence[tuple[int, int]], sentence: Span) -> bool:
    """Tell whether one of some spans in order lies in a sentence."""
    for start, end in spans[bisect_left(spans, (sentence.start, 0)) :]:
        if start >= sentence.end:
            break
        if end <= sentence.end:
            return True
    return False
