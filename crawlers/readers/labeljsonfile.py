"""A JSON label file opened: one value, or one a line, and what is wrong where it is neither."""

from __future__ import annotations

import json
from typing import Any

from crawlers.readers.page import Trouble


def load_json(text: str) -> Any | None:
    """Return the value of a JSON file; of a file with one value a line the list of them; None for neither."""
    value, _ = loaded(text)
    return value


def loaded(text: str) -> tuple[Any | None, list[int]]:
    """Return what `load_json` does, and the numbers of lines without a value where others hold one each.

    Such a line is None in the list, so that pointers into the others hold.
    """
    try:
        return json.loads(text), []
    except (ValueError, RecursionError):
        pass
    values: list[Any] = []
    broken: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError):
            values.append(None)
            broken.append(number)
    return (values, broken) if len(values) > 1 and len(broken) * 2 < len(values) else (None, [])


def json_trouble(text: str) -> Trouble | None:
    """Return why a text that begins like JSON cannot be read as it, or None when it can."""
    value, _ = loaded(text)
    if value is not None:
        return None
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = f"at line {error.lineno}, character {error.colno}: {error.msg[:80]}"
    except (ValueError, RecursionError):
        where = "its lists lie too deep in each other, or a number is too long"
    else:
        return None
    return Trouble(
        "json-broken",
        f"The JSON file is damaged and was not read ({where}). Fetch it again; if it stays so, tell the "
        "provider.",
        "error",
    )
