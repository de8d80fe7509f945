"""Which places of the gazetteer are features of nature or wide regions, which lie in no county."""

from __future__ import annotations

from market.records import Place

FEATURES = range(-7_999_999, -7_000_000)
"""Ids of the rows of features.tsv."""
FLAGS = frozenset("fe")
"""Flags of their names: plain, and such as count only after "the" ("the Gulf")."""


def is_feature(place: Place) -> bool:
    """Tell whether a place is a sea, river, mountain range or wide region: it lies in no county."""
    return place.id in FEATURES
