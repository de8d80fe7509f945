"""Write the generated documentation: docs/commands.md and docs/settings.md, from the code they describe.

    python scripts/write_docs.py            writes both
    python scripts/write_docs.py --check    says which is out of date, and exits 1

tests/crowsnest/test_docs.py runs the check, so that the documentation cannot drift.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel

from crowsnest.cli.main import app
from crowsnest.corrections import CorrectionsFile
from crowsnest.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
_KINDS = {
    str: "text",
    bool: "`true` or `false`",
    int: "whole number",
    Path: "text, a path",
    timedelta: "text, a period",
    datetime: "date and time",
    date: "date",
}
MADE_BY = "<!-- Written by scripts/write_docs.py; do not edit. -->\n\n"


def commands() -> str:
    """Return the command reference: every command's help as the command line prints it."""
    root = typer.main.get_command(app)
    parts = [
        MADE_BY + "# Commands\n\n`--settings FILE` (default `./market.toml`) stands before any command.\n"
    ]
    for name, command in _walk(root, ()):
        context = typer.Context(command, info_name=name)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _walk(command: Any, path: tuple[str, ...]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, child in getattr(command, "commands", {}).items():
        if getattr(child, "commands", None):
            found += _walk(child, (*path, name))
        else:
            found.append((" ".join(("crowsnest", *path, name)), child))
    return found


def settings() -> str:
    """Return the settings reference: every table and key with its type, default and meaning."""
    parts = [
        MADE_BY
        + "# Settings: market.toml\n\n`crowsnest init` writes a commented file to start from. Secrets never "
        "stand in it: `CROWSNEST_MAIL_PASSWORD` and `CROWSNEST_SEARCH_API_KEY` hold them, or the same name "
        'with `_FILE` names a file.\n\n`use = ["id", ...]` takes sources from the catalog '
        "(`crowsnest check --catalog`).\n",
        *_tables(Settings),
        "# Corrections: corrections.toml\n\nThe analyst's file beside `market.toml`, read at every run; "
        "`crowsnest correct` adds to it. What it says of the places and companies of an article (and their "
        "roles), of the builds that it tells of, and of a published plan stands above what was read, also "
        "after re-tagging, re-reading and rebuilding, and is shown wherever the record is. Of two that "
        "disagree the later stands; a run tells of those that disagree, wait or change nothing.\n",
        *_tables(CorrectionsFile),
    ]
    return "\n".join(parts)


def _tables(whole: type[BaseModel]) -> list[str]:
    """Return a heading, a line and a table of keys for each table of a file."""
    parts = []
    for name, field in whole.model_fields.items():
        model = _model(field.annotation)
        if model is None:
            continue
        many = "tuple" in str(field.annotation)
        parts.append(f"## {'[[' if many else '['}{name}{']]' if many else ']'}\n\n{_first_line(model)}\n")
        parts.append(
            "| key | type | default | meaning |\n|---|---|---|---|\n" + "\n".join(_rows(model, "")) + "\n"
        )
    return parts


def _rows(model: type[BaseModel], prefix: str) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        inner = _model(field.annotation)
        if inner is not None:
            rows += _rows(inner, f"{key}.")
            continue
        default = "needed" if field.is_required() else _toml(field.get_default(call_default_factory=True))
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        rows.append(f"| `{key}` | {_kind(field.annotation)} | {default} | {meaning} |")
    return rows


def _kind(annotation: Any) -> str:
    """Return what to write for a key, in the words of one who writes TOML."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return "one of " + ", ".join(f'`"{value}"`' for value in arguments)
    if origin is tuple:
        return f"list of {_kind(arguments[0]).removeprefix('one of ')}"
    if origin in (Union, UnionType):
        return " or ".join(_kind(one) for one in arguments if one is not NoneType)
    return _KINDS[annotation]


def _toml(value: Any) -> str:
    """Return a default as TOML writes it."""
    if value is None:
        return "optional"
    if isinstance(value, timedelta):
        return f'`"{value.days}d"`'
    if isinstance(value, tuple):
        return f"`{json.dumps(value)}`"
    return f"`{json.dumps(value if isinstance(value, (bool, int)) else str(value))}`"


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := _model(argument):
            return found
    return None


def _first_line(model: type[BaseModel]) -> str:
    words = (model.__doc__ or "").split(":", 1)[-1].strip().splitlines()
    return words[0][:1].upper() + words[0][1:] if words and not words[0].startswith("[") else ""


def main(arguments: list[str]) -> int:
    """Write the files, or check that they are what would be written."""
    stale = 0
    for name, text in (("commands.md", commands()), ("settings.md", settings())):
        path = DOCS / name
        if "--check" in arguments:
            if not path.exists() or path.read_text("utf-8") != text:
                sys.stderr.write(f"docs/{name} is out of date: python scripts/write_docs.py\n")
                stale = 1
        else:
            path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
