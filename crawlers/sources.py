"""The sources that ship with Crowsnest: crawlers/catalog/*.toml, one [[source]] each."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from market.errors import SettingsError
from market.records import Source


@cache
def catalog() -> tuple[Source, ...]:
    """Return the shipped sources in the order of file and entry. Raises SettingsError on a wrong entry."""
    found: dict[str, Source] = {}
    folder = files("crawlers.catalog")
    for path in sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda p: p.name
    ):
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("source", []):
            source = _source(path.name, entry)
            if source.id in found:
                raise SettingsError("catalog-twice", f"{path.name}: source {source.id} is listed twice.")
            found[source.id] = source
    return tuple(found.values())


def _source(file: str, entry: dict[str, Any]) -> Source:
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        where = entry.get("id", entry)
        raise SettingsError("catalog-invalid", f"{file}: source {where}: {error}") from error
