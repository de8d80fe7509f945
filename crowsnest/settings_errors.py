"""Words for a settings mistake: file, line, key, what is wrong and the nearest right key."""

from __future__ import annotations

import difflib
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from crowsnest.toml_lines import TomlLines


def explain(path: Path, lines: TomlLines, error: ValidationError, model: type[BaseModel]) -> str:
    """Return one line per mistake, in the order of the file."""
    found: list[tuple[int, str]] = []
    for mistake in error.errors():
        where = tuple(mistake["loc"])
        key = _dotted(where)
        if mistake["type"] == "extra_forbidden":
            known = _known(model, where[:-1])
            near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
            hint = f'; did you mean "{near[0]}"?' if near else f"; known keys: {', '.join(known)}"
            words = f"unknown key{hint}"
        elif mistake["type"] == "missing":
            words = "is missing; add it"
        elif mistake["type"] == "value_error":
            words = (
                str(mistake.get("ctx", {}).get("error", mistake["msg"])) + f" (found {mistake['input']!r})"
            )
        else:
            words = f"{mistake['msg'][:1].lower()}{mistake['msg'][1:]} (found {_short(mistake['input'])})"
        found.append((lines.line(where), f"{key}: {words}"))
    return "\n".join(f"{path}:{line}: {words}" for line, words in sorted(found))


def at(path: Path, lines: TomlLines, where: tuple[str | int, ...], words: str) -> str:
    """Return one mistake's line for a key at `where`."""
    return f"{path}:{lines.line(where)}: {_dotted(where)}: {words}"


def nearest(word: str, known: list[str]) -> str:
    """Return a hint that names the nearest known word, or all of them when none is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known: {', '.join(sorted(known)[:20])}" if known else "none is declared"


def _dotted(where: tuple[str | int, ...]) -> str:
    words = ""
    for part in where:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _known(model: type[BaseModel], where: tuple[str | int, ...]) -> list[str]:
    """Return the keys that a table at `where` may have."""
    current: Any = model
    for part in where:
        if isinstance(part, int):
            continue
        field = _field(current, part)
        if field is None:
            return []
        current = _model_of(field)
        if current is None:
            return []
    names = [info.alias or name for name, info in current.model_fields.items()]
    return [name for name in names if not name.startswith("<")]


def _field(model: type[BaseModel], name: str) -> Any:
    for field_name, info in model.model_fields.items():
        if name in (field_name, info.alias):
            return info.annotation
    return None


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, list, Union, UnionType):
        for argument in get_args(annotation):
            if model := _model_of(argument):
                return model
    return None
