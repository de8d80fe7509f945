"""Intervals by bootstrap: the parts of a measure are drawn anew, with a fixed seed, and it is taken again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")
_DRAWS = 1000


def interval(
    parts: Sequence[Part], measure: Callable[[Sequence[Part]], float], *, seed: int
) -> tuple[float, float]:
    """Return the 95% interval of `measure` over 1,000 draws of as many parts (documents, stories)."""
    chance = random.Random(seed)
    values = sorted(measure(chance.choices(parts, k=len(parts))) for _ in range(_DRAWS))
    return values[25], values[974]
