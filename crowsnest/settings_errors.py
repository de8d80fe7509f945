"""Words for a settings mistake: file, line, key, what is wrong and the nearest right key."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from crowsnest.toml_lines import TomlLines

NEAR = 0.6
"""difflib ratio from which a known word counts as what was meant."""
_SECRETS = {"mail.password": "CROWSNEST_MAIL_PASSWORD", "search.api_key": "CROWSNEST_SEARCH_API_KEY"}
_TOML_HINTS = {
    "Invalid value": ' (text stands in straight quotes: "like this")',
    "Cannot overwrite a value": " (this key is written twice: take one out)",
    "Cannot declare": " (this table is written twice: join the two)",
    "Unclosed": " (a bracket or quote is not closed before the end)",
    "Expected": " (something is missing or too much here)",
}


def explain(path: Path, lines: TomlLines, error: ValidationError, model: type[BaseModel]) -> str:
    """Return one line per mistake, in the order of the file."""
    found: list[tuple[int, str]] = []
    for mistake in error.errors():
        where = tuple(mistake["loc"])
        key = _dotted(where)
        if mistake["type"] == "extra_forbidden":
            words = _unknown(model, where)
        elif mistake["type"] == "missing":
            words = "is missing; add it"
        elif mistake["type"] == "value_error":
            problem = str(mistake.get("ctx", {}).get("error", mistake["msg"]))
            # A table as a whole tells nothing that its line does not.
            whole = isinstance(mistake["input"], dict)
            words = problem if whole else f"{problem} (found {_short(mistake['input'])})"
        elif mistake["type"] == "literal_error":
            words = _literal(mistake["ctx"]["expected"], mistake["input"])
        else:
            words = _kind(mistake["type"], mistake["msg"], mistake["input"], where)
        found.append((lines.line(where), f"{key}: {words}"))
    return "\n".join(f"{path}:{line}: {words}" for line, words in sorted(found))


def explain_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Return where the file stops being TOML, the line itself and what the parser's words ask for."""
    words = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", words)
    lines = text.splitlines() or [""]
    number = int(place.group(1)) if place and place.group(1) else len(lines)
    complaint = words[: place.start()] if place else words
    line = lines[min(number, len(lines)) - 1].strip()
    advice = next((hint for start, hint in _TOML_HINTS.items() if complaint.startswith(start)), "")
    return f"{path}:{number}: not valid TOML: {complaint}{advice}: {_short(line)}"


def at(path: Path, lines: TomlLines, where: tuple[str | int, ...], words: str) -> str:
    """Return one mistake's line for a key at `where`."""
    return f"{path}:{lines.line(where)}: {_dotted(where)}: {words}"


def nearest(word: str, known: list[str]) -> str:
    """Return a hint that names the nearest known word, or all of them when none is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=NEAR)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known: {', '.join(sorted(known)[:20])}" if known else "none is declared"


def _unknown(model: type[BaseModel], where: tuple[str | int, ...]) -> str:
    name = str(where[-1])
    if secret := _SECRETS.get(".".join(str(part) for part in where)):
        return f"secrets never stand in this file; set the environment variable {secret} (or {secret}_FILE)"
    known = _known(model, where[:-1])
    if near := difflib.get_close_matches(name, known, n=1, cutoff=NEAR):
        return f'unknown key; did you mean "{near[0]}"?'
    if name in _known(model, ()):
        return "unknown key here; it belongs to the top of the file, above the first [table]"
    return f"unknown key; known keys: {', '.join(known)}"


def _literal(expected: str, found: object) -> str:
    near = difflib.get_close_matches(str(found).lower(), re.findall(r"'([^']*)'", expected), n=1, cutoff=NEAR)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f"it should be {expected} (found {_short(found)}){hint}"


def _kind(kind: str, message: str, found: object, where: tuple[str | int, ...]) -> str:
    """Return words for a value of the wrong kind, as TOML writes the right one."""
    name = where[-1]
    if kind == "tuple_type" and isinstance(found, dict):
        return f"write it in double brackets, once for each: [[{name}]]"
    if kind == "tuple_type":
        value = found if isinstance(found, str) else "..."
        return f'write a list in brackets: {name} = ["{value}"] (found {_short(found)})'
    if kind == "string_type":
        return f"write text in quotes (found {_short(found)})"
    if kind.startswith("int_"):
        return f"write a whole number without quotes (found {_short(found)})"
    if kind in ("model_type", "dict_type"):
        return f"write it as a table: [{name}] and its keys below (found {_short(found)})"
    return f"{message[:1].lower()}{message[1:]} (found {_short(found)})"


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
