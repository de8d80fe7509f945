"""State that frameworks pack for their scripts, unpacked into the plain JSON that it stands for."""

from __future__ import annotations

from typing import Any

MAX_LEVELS = 60
"""Levels that are unpacked; what lies deeper is left out."""
MAX_VALUES = 200_000
"""Values that are unpacked of one document."""
_TAGS = frozenset({"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef"})


def unwrapped(value: Any, level: int = 0) -> Any:
    """Return an island's properties without the kind before each: [0, 65] is 65, [1, [[0, 5]]] is [5]."""
    if level > MAX_LEVELS:
        return None
    if isinstance(value, dict):
        return {key: unwrapped(each, level + 1) for key, each in value.items()}
    if not isinstance(value, list) or not value or not isinstance(value[0], int):
        return value
    inner = value[1] if len(value) > 1 else None
    if value[0] == 1 and isinstance(inner, list):
        return [unwrapped(each, level + 1) for each in inner]
    return unwrapped(inner, level + 1) if isinstance(inner, dict) else inner


def unshared(table: list[Any]) -> Any:
    """Return the value that a table of values stands for; its objects and lists hold places in the table."""
    left = [MAX_VALUES]

    def at(place: Any, level: int) -> Any:
        left[0] -= 1
        if not isinstance(place, int) or isinstance(place, bool) or level > MAX_LEVELS or left[0] < 0:
            return None
        if not 0 <= place < len(table):
            return None
        value = table[place]
        if isinstance(value, dict):
            return {key: at(each, level + 1) for key, each in value.items()}
        if isinstance(value, list):
            if value and isinstance(value[0], str):
                return at(value[1], level + 1) if value[0] in _TAGS and len(value) > 1 else None
            return [at(each, level + 1) for each in value]
        return value

    return at(0, 0)
