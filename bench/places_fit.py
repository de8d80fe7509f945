"""The maintainer's command that fits nlp/data/regions_weights.json: `python -m bench.places_fit`.

Fits on one half of LGL's outlets (bench.places.half) and prints how it does on the other. Only weights of
general evidence are kept, no text and no name. Weights that the file names under "by_hand" stay as they are;
the others are fitted beside them. Needs numpy and ../shared/data/geoparsing.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.places import Text, end_to_end, finder, half, hit, on_given, parse, read_lgl
from bench.places_hard import Marked, parse_hard, parsed, read_hard
from bench.places_linear import choice, logistic
from market.places.gazetteer import Gazetteer
from market.records import Place
from nlp.document import Passage
from nlp.regions import Regions, weights
from nlp.regions_analysis import Analysis, chance_of
from nlp.regions_context import Context
from nlp.regions_groups import Group, groups_of
from nlp.regions_near import again_features, nearness
from nlp.regions_senses import (
    NO_VOTES,
    neighbours,
    resolve,
    score,
    sense_features,
    without,
)

TARGET = Path(__file__).resolve().parents[1] / "nlp" / "data" / "regions_weights.json"
STATES = [code for code, _, _ in Gazetteer.load().states()]
Row = tuple[dict[str, float], float, float]


@dataclass(frozen=True)
class Example:
    """A text to fit on. `is_right` tells of the span's number in `gold` whether a place is the one meant."""

    id: str
    passage: Passage
    home: str | None
    gold: Mapping[tuple[int, int], Callable[[Place], bool]]
    fair: frozenset[tuple[int, int]] = frozenset()
    """Spans whose answer does not matter."""

    def told(self) -> list[tuple[str | None, frozenset[str]]]:
        """Return what a caller may know of a source: nothing, its home state, or a footprint around it.

        The texts have outlets, not companies, so a footprint is the outlet's state and three others drawn
        by the text.
        """
        found: list[tuple[str | None, frozenset[str]]] = [(None, frozenset())]
        if self.home is not None:
            draw = random.Random(self.id)
            found += [(self.home, frozenset()), (None, frozenset([self.home, *draw.sample(STATES, 3)]))]
        else:
            found += found
        return found


def news(text: Text) -> Example:
    """Return an article of local news as an example."""
    gold = {(t.start, t.end): partial(hit, toponym=t) for t in text.gold if t.lat is not None}
    return Example(text.id, text.parsed(), text.home, gold)


def traps(text: Marked) -> Example:
    """Return one of our own texts as an example."""
    gold = {(m.start, m.end): m.names for m in text.marks if m.state or m.abroad}
    fair = frozenset((m.start, m.end) for m in text.marks if not (m.state or m.abroad))
    return Example(text.id, parsed(text), None, gold, fair)


Work = tuple[Analysis, Example]


def empty() -> dict[str, Any]:
    """Return a model that knows nothing."""
    return {
        "detect": {},
        "again": {},
        "first": {},
        "second": {},
        "calibration": {"slope": 1.0, "bias": 0.0},
        "thresholds": {"detect": 0.0, "accept": 0.0},
    }


def examine(examples: Sequence[Example], regions: Regions) -> list[Work]:
    """Return the analyses to fit on, one for each thing that a caller may know."""
    return [
        (regions.analyse([example.passage], home, footprint), example)
        for example in examples
        for home, footprint in example.told()
    ]


def fit(
    works: Sequence[Work],
    gazetteer: Gazetteer,
    detect_at: float = 0.3,
    accept_at: float = 0.4,
    without: Collection[str] = (),
    by_hand: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return the model fitted on examined texts; the features named in `without` are left out.

    Those named in `by_hand` keep their weights in the first look and have none in the second.
    """
    model = empty()
    held = _kept(by_hand or {}, without)
    rows = []
    for work, example in works:
        rows += _labelled(work, [s.features for s in work.spots], example, without)
    model["detect"] = logistic(rows, 1.0, held)
    for work, _ in works:
        work.chances = [chance_of(score(s.features, model["detect"])) for s in work.spots]
    for name in ("first", "second"):
        sets = []
        for work, example in works:
            sets += _sets(work, example, model, name, without)
        model[name] = choice(sets, 0.5)
    rows = []
    for work, example in works:
        near = nearness(work.spots, work.chances, work.context, model["first"])
        looks = again_features(work.spots, work.chances, work.passages, near)
        rows += _labelled(work, looks, example, {*without, *held})
    model["again"] = logistic(rows, 1.0)
    model["thresholds"] = {"detect": 0.1, "accept": 0.0}
    model["calibration"] = _calibration(
        list({id(e): e for _, e in works}.values()), Regions(gazetteer, model)
    )
    model["thresholds"] = {"detect": detect_at, "accept": accept_at}
    return model


def set_by_hand(model: Mapping[str, Any]) -> dict[str, float]:
    """Return the weights of the first look that a model's file says were set by hand."""
    return {name: model["detect"][name] for name in model["by_hand"]["detect"]}


def judged(example: Example, regions: Regions, home: str | None) -> list[tuple[float, bool]]:
    """Return (score, right) of every place in the United States, the country itself left out."""
    found = []
    for mention in regions.find([example.passage], home_state=home):
        span, place = (mention.start, mention.end), mention.place
        if place is None or place.country != "US" or place.kind == "country" or span in example.fair:
            continue
        found.append((mention.score, span in example.gold and example.gold[span](place)))
    return found


def _calibration(examples: Sequence[Example], regions: Regions) -> dict[str, float]:
    """Return slope and bias of the log-odds that make the product of both models' chances a probability."""
    rows = []
    for example in examples:
        for home in {None, example.home}:
            for chance, right in judged(example, regions, home):
                odds = math.log(max(1e-6, chance) / max(1e-6, 1 - chance))
                rows.append(({"slope": odds, "bias": 1.0}, float(right)))
    return logistic(rows, 0.1)


def _kept(features: Mapping[str, float], without: Collection[str]) -> dict[str, float]:
    return {name: value for name, value in features.items() if name not in without}


def _labelled(
    work: Analysis, looks: Sequence[Mapping[str, float]], example: Example, without: Collection[str]
) -> list[tuple[dict[str, float], float]]:
    return [
        (_kept(look, without), float((spot.start, spot.end) in example.gold))
        for look, spot in zip(looks, work.spots, strict=True)
        if (spot.start, spot.end) not in example.fair
    ]


def _sets(
    work: Analysis, example: Example, model: Mapping[str, Any], name: str, without_names: Collection[str]
) -> list[Any]:
    sure = zip(work.spots, work.chances, strict=True)
    kept = [spot for spot, chance in sure if (spot.start, spot.end) in example.gold or chance > 0.5]
    groups = groups_of(kept)
    resolve(groups, work.context, model["first"], {})
    if name == "second":
        _first_only(groups, work.context, model["first"])
    votes, anchors = neighbours(groups, 40)
    sets = []
    for group in groups:
        marked = [s for s in group.spots if (s.start, s.end) in example.gold]
        if len(group.senses) < 2 or not marked:
            continue
        is_right = example.gold[marked[0].start, marked[0].end]
        right = [is_right(n.place) for n in group.senses]
        if not any(right) or all(right):
            continue
        others, beside = without(group, votes, anchors) if name == "second" else (NO_VOTES, [])
        features = [
            _kept(sense_features(group, n, work.context, others, beside), without_names) for n in group.senses
        ]
        sets.append((features, right, float(len(marked)) ** 0.5))
    return sets


def _first_only(groups: Sequence[Group], context: Context, first: Mapping[str, float]) -> None:
    for group in groups:
        if group.senses:
            scores = np.array(
                [score(sense_features(group, n, context, NO_VOTES, ()), first) for n in group.senses]
            )
            powers = np.exp(scores - scores.max())
            group.chances = list(powers / powers.sum())


def main() -> None:
    """Fit on one half, print the check half's figures, write the weights."""
    texts = read_lgl()
    parse(texts)
    gazetteer = Gazetteer.load()
    train, check = [t for t in texts if not half(t)], [t for t in texts if half(t)]
    hard = read_hard()
    parse_hard(hard)
    examples = [*map(news, train), *(traps(text) for text in hard if text.part == "fit")]
    shipped = weights()
    works = examine(examples, Regions(gazetteer, empty()))
    model = fit(works, gazetteer, by_hand=set_by_hand(shipped))
    model["by_hand"] = shipped["by_hand"]
    regions = Regions(gazetteer, model)
    for name, part in (("fitted", train), ("checked", check)):
        for home in (False, True):
            p, r, f = end_to_end(part, finder(regions, home)).f1()
            given = on_given(part, regions, home).f1()[1]
            sys.stdout.write(f"{name} home={home}: P {p:.3f} R {r:.3f} F1 {f:.3f}; given {given:.3f}\n")
    TARGET.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
