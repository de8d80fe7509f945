"""Which figures of a sentence count what is built, and which the whole company or a wider place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.expansions_sentences import Sentence
from nlp.figures import Figure
from nlp.patterns import pattern
from nlp.stages import Cue

_SHARE = re.compile(r"(?i)\b(?:percent|per cent|%) of (?:\w+ ){0,2}$")
_STATE_GETS = re.compile(
    r"(?i)\s+(?:(?:is|was|will|has|had|to|now|already|also|been)\s+){0,3}"
    r"(?:receives?|received|gets?|got|awarded|allocated|allotted|given|spent)\s+(?:[a-z]+\s+){0,3}"
)
"""From a state's name to an amount that it gets, or gave out in years."""


def own_figures(sentence: Sentence, found: Sequence[Figure]) -> list[Figure]:
    """Leave out totals: figures beside words of company scope, unreached homes, or a wider place."""
    text, base = sentence.text, sentence.span.start
    kept = []
    if (
        found
        and pattern("context", "elsewhere").search(text)
        and not any(hit.place.kind != "state" for hit in sentence.places)
    ):
        return []
    for figure in found:
        near = text[max(0, figure.start - 90) : figure.end + 90]
        if figure.kind != "grant":
            after = re.split(r"[.;]\s", text[figure.start : figure.end + 130])[0]
            before = text[max(0, figure.start - 60) : figure.start]
            whole = text if figure.kind != "passings" else f"{before} {after}"
            if _speaks_of_all(whole):
                continue
            clause = re.split(r"[,;]\s", before)[-1]
            if (
                figure.kind in ("passings", "miles")
                and _is_held(clause, text)
                and (pattern("context", "counts").search(clause) or not _is_local(sentence, figure))
            ):
                continue
            if figure.kind in ("investment", "amount") and re.search(
                r"\bpart of\b[^.]{0,40}$", before, re.IGNORECASE
            ):
                continue
            if (
                re.search(r"\badd(?:s|ing|ed)? to\b.{0,60}$", before, re.IGNORECASE)
                and figure.kind == "investment"
            ):
                continue
        if _is_share_of(text, figure) or _is_of_state(sentence, figure):
            continue
        around = f"{text[: figure.start]} # {text[figure.end : figure.end + 90]}"
        if (
            figure.kind == "passings"
            and pattern("context", "unreached").search(near)
            and not pattern("passings", "unserved_reached").search(around)
        ):
            continue
        if belongs_to_wider(sentence, figure, base):
            continue
        kept.append(figure)
    return kept


def _is_share_of(text: str, figure: Figure) -> bool:
    """Tell whether a part of a figure is done, which counts a programme: "61 percent of 36,000 homes"."""
    return figure.kind == "passings" and _SHARE.search(text[: figure.start]) is not None


def _is_of_state(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a state itself gets an amount: "under which Ohio is to receive $652 million"."""
    if figure.kind not in ("grant", "investment", "amount"):
        return False
    base = sentence.span.start
    return any(
        hit.place.kind == "state"
        and hit.end <= base + figure.start
        and _STATE_GETS.fullmatch(sentence.passage.text, hit.end, base + figure.start) is not None
        for hit in sentence.places
    )


# Most figures of a sentence ask of the same words, which are many where no sentence ends.
@lru_cache(maxsize=64)
def _speaks_of_all(words: str) -> bool:
    """Tell whether words have the whole company in view."""
    return pattern("context", "scope").search(words) is not None


def _is_local(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a town or county stands right behind a figure: "now passes 9,000 homes in Easley"."""
    end = sentence.span.start + figure.end
    return any(end <= hit.start <= end + 40 and hit.place.kind != "state" for hit in sentence.places)


def _is_held(clause: str, sentence: str) -> bool:
    """Tell whether a figure counts what the company has: "operates 1,900 route miles", with nothing built."""
    return (
        pattern("discourse", "goes_on").match(sentence) is None
        and pattern("context", "holds").search(clause) is not None
        and pattern("stages", "announced").search(clause) is None
        and pattern("stages", "construction").search(sentence) is None
    )


def belongs_to_wider(sentence: Sentence, figure: Figure, base: int) -> bool:
    """Tell whether the place right after a figure is a state while the sentence builds in a city of it."""
    following = [hit for hit in sentence.places if base + figure.end <= hit.start <= base + figure.end + 90]
    if not following or following[0].place.kind != "state":
        return False
    state = following[0]
    gap = sentence.passage.text[base + figure.end : state.start]
    narrower = [h for h in sentence.places if h.place.kind != "state" and h.place.state == state.place.state]
    return (
        bool(narrower)
        and re.search(r"\b(?:across|throughout|in)\s+(?:the state of )?$", gap) is not None
        and "," not in gap
    )


def is_total(sentence: Sentence, found: Cue) -> bool:
    """Tell whether the words of a stage speak of the whole company, with no place named."""
    after = sentence.text[found.start : found.end + 160]
    return pattern("context", "scope").search(after) is not None and not sentence.places
