"""How well "about" is told from "mentioned" for the places that an article names, on labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.slots import Score
from market.places.names import name_key
from nlp.tag import TagResult

ROLES = ("about", "mentioned")


def score_roles(result: TagResult, gold: Mapping[str, Any]) -> Score:
    """Compare the roles of the labelled places that were found, by role.

    A place of the wrong role is missed in the one and wrong in the other; places not found do not count here.
    """
    found = {(name_key(place.name), place.state): place.role for place in result.places}
    score = Score()
    for label in gold.get("places", ()):
        role = found.get((name_key(label["name"]), label["state"]))
        if role is None:
            continue
        if role == label["role"]:
            score.right[role] += 1
        else:
            score.wrong[role] += 1
            score.missed[label["role"]] += 1
    return score


def reasons(results: Sequence[tuple[TagResult, Mapping[str, Any]]]) -> dict[str, tuple[int, int]]:
    """Return by the reason of a role how often it was right and how often wrong, on labelled places."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for result, gold in results:
        found = {(name_key(place.name), place.state): place for place in result.places}
        for label in gold.get("places", ()):
            place = found.get((name_key(label["name"]), label["state"]))
            if place is not None:
                (right if place.role == label["role"] else wrong)[f"{place.role}: {place.reason}"] += 1
    return {reason: (right[reason], wrong[reason]) for reason in sorted({*right, *wrong})}
