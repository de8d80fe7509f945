"""What the commands share: settings, the opened ledger, engine and archive, and how things are printed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from market.errors import CrowsnestError

if TYPE_CHECKING:
    from rich.console import Console

    from crowsnest.settings import Settings
    from index.port import SearchEngine
    from market.companies.lexicon import Lexicon

DONE, WITH_ERRORS, WRONG_USE, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 130


@dataclass
class State:
    """The options given before the command."""

    settings: Path = Path("market.toml")


def load_settings(context: typer.Context, *, territories: bool = True) -> Settings:
    """Return the settings named by --settings, checked; the areas of territories only with `territories`."""
    from crowsnest.settings import load

    state = context.find_root().obj
    return load(state.settings if isinstance(state, State) else Path("market.toml"), territories=territories)


def open_engine(settings: Settings) -> SearchEngine:
    """Return the search engine of the settings; raises UnavailableError when it is away."""
    from crowsnest.engines import engine

    return engine(settings)


def lexicon(settings: Settings) -> Lexicon:
    """Return the company lexicon with the settings' own entries."""
    from crowsnest.known import companies

    return companies(settings)


def console() -> Console:
    """Return a console on standard error, where progress and messages go; data goes to standard output."""
    from rich.console import Console

    return Console(stderr=True)


def print_json(value: Any) -> None:
    """Print one value as one line of JSON on standard output; records print themselves."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def fail(error: CrowsnestError) -> NoReturn:
    """Print what went wrong and what to do, and leave with the error's exit code."""
    for line in error.message.splitlines():
        sys.stderr.write(f"crowsnest: {line}\n")
    raise SystemExit(error.exit_code)
