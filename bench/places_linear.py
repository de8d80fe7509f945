"""The two linear models of the places' weights: a logistic regression and a choice among senses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def logistic(
    rows: Sequence[tuple[Mapping[str, float], float]],
    strength: float,
    held: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return the weights of a logistic regression with an L2 penalty, by Newton's method.

    Those in `held` are given: the others are fitted beside them.
    """
    held = held or {}
    names = sorted({name for features, _ in rows for name in features if name not in held})
    column = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    given = np.zeros(len(rows))
    for number, (features, _) in enumerate(rows):
        for name, value in features.items():
            if name in held:
                given[number] += value * held[name]
            else:
                x[number, column[name]] = value
    y = np.array([label for _, label in rows])
    w = np.zeros(len(names))
    for _ in range(25):
        p = 1 / (1 + np.exp(-(x @ w + given)))
        grad = x.T @ (p - y) + strength * w
        hess = (x * (p * (1 - p))[:, None]).T @ x + strength * np.eye(len(names))
        step = np.linalg.solve(hess, grad)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return {**{name: round(float(value), 3) for name, value in zip(names, w, strict=True)}, **held}


def choice(
    sets: Sequence[tuple[list[dict[str, float]], list[bool], float]], strength: float
) -> dict[str, float]:
    """Return the weights of a conditional logit: one set of senses a group, several of which may be right."""
    names = sorted({name for senses, _, _ in sets for features in senses for name in features})
    column = {name: number for number, name in enumerate(names)}
    sizes = np.array([len(senses) for senses, _, _ in sets])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    x = np.zeros((int(sizes.sum()), len(names)))
    for number, features in enumerate(features for senses, _, _ in sets for features in senses):
        for name, value in features.items():
            x[number, column[name]] = value
    correct = np.array([right for _, rights, _ in sets for right in rights], dtype=float)
    weight = np.repeat([weight for _, _, weight in sets], sizes)
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, 401):
        s = x @ w
        p = np.exp(s - np.repeat(np.maximum.reduceat(s, starts), sizes))
        p /= np.repeat(np.add.reduceat(p, starts), sizes)
        q = p * correct
        q /= np.repeat(np.add.reduceat(q, starts), sizes) + 1e-12
        grad = strength * w + x.T @ (weight * (p - q))
        m = 0.9 * m + 0.1 * grad
        v = 0.999 * v + 0.001 * grad**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
    return {name: round(float(value), 3) for name, value in zip(names, w, strict=True)}
