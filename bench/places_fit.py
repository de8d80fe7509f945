"""The maintainer's command that fits nlp/data/regions_weights.json: `python -m bench.places_fit`.

Fits on one half of LGL's outlets (bench.places.half) and prints how it does on the other. Only weights of
general evidence are kept, no text and no name. Needs numpy and ../shared/data/geoparsing.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.places import Text, end_to_end, finder, half, hit, on_given, parse, read_lgl
from market.places.gazetteer import Gazetteer
from nlp.regions import Regions, chance_of
from nlp.regions_evidence import Context, again_features
from nlp.regions_senses import Group, groups_of, neighbours, resolve, score, sense_features, without

TARGET = Path(__file__).resolve().parents[1] / "nlp" / "data" / "regions_weights.json"
STATES = [code for code, _, _ in Gazetteer.load().states()]
Row = tuple[dict[str, float], float, float]


def logistic(rows: Sequence[tuple[Mapping[str, float], float]], strength: float) -> dict[str, float]:
    """Return the weights of a logistic regression with an L2 penalty, by Newton's method."""
    names = sorted({name for features, _ in rows for name in features})
    column = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for number, (features, _) in enumerate(rows):
        for name, value in features.items():
            x[number, column[name]] = value
    y = np.array([label for _, label in rows])
    w = np.zeros(len(names))
    for _ in range(25):
        p = 1 / (1 + np.exp(-(x @ w)))
        grad = x.T @ (p - y) + strength * w
        hess = (x * (p * (1 - p))[:, None]).T @ x + strength * np.eye(len(names))
        step = np.linalg.solve(hess, grad)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return {name: round(float(value), 3) for name, value in zip(names, w, strict=True)}


def choice(
    sets: Sequence[tuple[list[dict[str, float]], list[bool], float]], strength: float
) -> dict[str, float]:
    """Return the weights of a conditional logit: one set of senses a group, several of which may be right."""
    names = sorted({name for senses, _, _ in sets for features in senses for name in features})
    column = {name: number for number, name in enumerate(names)}
    arrays = []
    for senses, right, weight in sets:
        x = np.zeros((len(senses), len(names)))
        for number, features in enumerate(senses):
            for name, value in features.items():
                x[number, column[name]] = value
        arrays.append((x, np.array(right), weight))
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, 401):
        grad = strength * w
        for x, correct, weight in arrays:
            s = x @ w
            p = np.exp(s - s.max())
            p /= p.sum()
            q = p * correct
            q /= q.sum() + 1e-12
            grad += weight * (x.T @ (p - q))
        m = 0.9 * m + 0.1 * grad
        v = 0.999 * v + 0.001 * grad**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
    return {name: round(float(value), 3) for name, value in zip(names, w, strict=True)}


def fit(
    texts: Sequence[Text], gazetteer: Gazetteer, detect_at: float = 0.45, sense_at: float = 0.3
) -> dict[str, Any]:
    """Return the model fitted on `texts`, which are parsed."""
    empty: dict[str, Any] = {
        "detect": {},
        "again": {},
        "first": {},
        "second": {},
        "thresholds": {"detect": 0, "sense": 0},
    }
    regions = Regions(gazetteer, empty)
    model: dict[str, Any] = dict(empty)
    works = []
    for text in texts:
        gold = {(t.start, t.end) for t in text.gold if t.lat is not None}
        for home, footprint in _told(text):
            works.append((regions.analyse([text.parsed()], home, footprint), gold))
    model["detect"] = logistic(
        [(s.features, float((s.start, s.end) in gold)) for work, gold in works for s in work.spots], 1.0
    )
    again = []
    for work, gold in works:
        chances = [chance_of(score(s.features, model["detect"])) for s in work.spots]
        looks = again_features(work.spots, chances, work.passages)
        again += [(f, float((s.start, s.end) in gold)) for f, s in zip(looks, work.spots, strict=True)]
    model["again"] = logistic(again, 1.0)
    regions = Regions(gazetteer, model)
    for name in ("first", "second"):
        sets = []
        for text in texts:
            for home, footprint in _told(text):
                sets += _sets(text, regions, model, name, home, footprint)
        model[name] = choice(sets, 0.5)
    model["thresholds"] = {"detect": detect_at, "sense": sense_at}
    return model


def _told(text: Text) -> list[tuple[str | None, frozenset[str]]]:
    """Return what a caller may know of a source: nothing, its home state, or a footprint around it.

    LGL has outlets, not companies, so a footprint is the outlet's state and three others drawn by the text.
    """
    told: list[tuple[str | None, frozenset[str]]] = [(None, frozenset()), (text.home, frozenset())]
    if text.home is not None:
        draw = random.Random(text.id)
        told.append((None, frozenset([text.home, *draw.sample(STATES, 3)])))
    return told


def _sets(
    text: Text,
    regions: Regions,
    model: Mapping[str, Any],
    name: str,
    home: str | None,
    footprint: frozenset[str],
) -> list[Any]:
    gold = {(t.start, t.end): t for t in text.gold if t.lat is not None}
    work = regions.analyse([text.parsed()], home, footprint)
    sure = zip(work.spots, work.chances, strict=True)
    kept = [spot for spot, chance in sure if (spot.start, spot.end) in gold or chance > 0.5]
    groups = groups_of(kept)
    resolve(groups, work.context, model["first"], {})
    if name == "second":
        _first_only(groups, work.context, model["first"])
    votes, anchors = neighbours(groups, 40)
    sets = []
    for group in groups:
        marked = [s for s in group.spots if (s.start, s.end) in gold]
        if len(group.senses) < 2 or not marked:
            continue
        right = [hit(n.place, gold[marked[0].start, marked[0].end]) for n in group.senses]
        if not any(right) or all(right):
            continue
        if name == "first":
            features = [sense_features(group, n, work.context, {}, ()) for n in group.senses]
        else:
            others, beside = without(group, votes, anchors)
            features = [sense_features(group, n, work.context, others, beside) for n in group.senses]
        sets.append((features, right, float(len(marked)) ** 0.5))
    return sets


def _first_only(groups: Sequence[Group], context: Context, first: Mapping[str, float]) -> None:
    for group in groups:
        if group.senses:
            scores = np.array([score(sense_features(group, n, context, {}, ()), first) for n in group.senses])
            powers = np.exp(scores - scores.max())
            group.chances = list(powers / powers.sum())


def main() -> None:
    """Fit on one half, print the check half's figures, write the weights."""
    texts = read_lgl()
    parse(texts)
    gazetteer = Gazetteer.load()
    train, check = [t for t in texts if not half(t)], [t for t in texts if half(t)]
    model = fit(train, gazetteer)
    regions = Regions(gazetteer, model)
    for name, part in (("fitted", train), ("checked", check)):
        for home in (False, True):
            p, r, f = end_to_end(part, finder(regions, home)).f1()
            given = on_given(part, regions, home).f1()[1]
            sys.stdout.write(f"{name} home={home}: P {p:.3f} R {r:.3f} F1 {f:.3f}; given {given:.3f}\n")
    TARGET.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
