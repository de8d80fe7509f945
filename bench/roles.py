"""How well "about" is told from "mentioned", for the places and companies of labelled texts.

Only what was found counts, and only what has a label; where the labels have it that either role can be
defended it counts neither way. So precision, recall and F1 over both roles together are one figure, accuracy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.slots import Identity, Score
from market.places.names import name_key
from nlp.tag import TagResult

PLACES = ("place about", "place mentioned")
COMPANIES = ("company about", "company mentioned")


def score_roles(result: TagResult, gold: Mapping[str, Any], identity: Identity) -> Score:
    """Compare the roles of the labelled places and companies that were found, by kind and role.

    One of the wrong role is missed in the one and wrong in the other.
    """
    score = Score()
    for kind, given, _, wanted in _pairs(result, gold, identity):
        if given == wanted:
            score.right[f"{kind} {given}"] += 1
        else:
            score.wrong[f"{kind} {given}"] += 1
            score.missed[f"{kind} {wanted}"] += 1
    return score


def reasons(
    results: Sequence[tuple[TagResult, Mapping[str, Any]]], identity: Identity
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return by kind and by role with its reason how often it was right and how often wrong."""
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for result, gold in results:
        for kind, given, reason, wanted in _pairs(result, gold, identity):
            (right if given == wanted else wrong)[kind, f"{given}: {reason}"] += 1
    return {told: (right[told], wrong[told]) for told in sorted({*right, *wrong})}


def _pairs(
    result: TagResult, gold: Mapping[str, Any], identity: Identity
) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, role given, its reason and the labelled role."""
    places = {(name_key(place.name), place.state): place for place in result.places}
    either = set(gold.get("place_roles_either", ()))
    for label in gold.get("places", ()):
        place = places.get((name_key(label["name"]), label["state"]))
        if place is not None and label["surface"] not in either:
            yield "place", place.role, place.reason, label["role"]
    companies = {identity(company.name): company for company in reversed(result.companies)}
    for company_id, role in _company_roles(gold, identity).items():
        company = companies.get(company_id)
        if company is not None and role != "either":
            yield "company", company.role, company.reason, role


def _company_roles(gold: Mapping[str, Any], identity: Identity) -> dict[str, str]:
    """Return the labelled roles; brand and owner are one company, and about if one of them is."""
    roles: dict[str, str] = {}
    for name, role in gold.get("company_roles", {}).items():
        # In this order: about, either, mentioned.
        roles[identity(name)] = min(role, roles.get(identity(name), role))
    return roles
