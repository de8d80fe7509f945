"""The command line. Each group of commands registers itself; heavy imports stay inside the commands."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from crowsnest.cli import (
    accounts,
    brief,
    builds,
    collect,
    correct,
    demo,
    diff,
    market,
    prices,
    proof,
    read,
    search,
    serve,
    tag,
)
from crowsnest.cli.context import INTERRUPTED, UNAVAILABLE, State, fail
from market.errors import CrowsnestError, UnavailableError

app = typer.Typer(
    name="crowsnest",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help=(
        "Competitive and market intelligence for telecom and fiber sales teams. Every line it prints cites "
        "the captured page and the quoted words it came from.\n\n"
        "Begin with `crowsnest demo`, or with `crowsnest init` and `crowsnest run` for your own market.\n\n"
        "Exit codes: 0 done, 1 done with errors recorded, 2 wrong use or settings, 3 engine, ledger or "
        "network away, 130 interrupted and resumable."
    ),
)

GROUPS = (
    market,
    collect,
    read,
    tag,
    correct,
    search,
    prices,
    builds,
    brief,
    accounts,
    proof,
    diff,
    serve,
    demo,
)
for group in GROUPS:
    group.register(app)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"crowsnest {version('crowsnest')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    settings: Annotated[Path, typer.Option(help="The settings file.")] = Path("market.toml"),
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before any command."""
    context.obj = State(settings=settings)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Send a Ctrl-C again that fell into a callback in which Python drops exceptions."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    else:
        sys.__unraisablehook__(lost)


def _interrupted() -> NoReturn:
    sys.stderr.write("crowsnest: interrupted; what was done is kept, run the same command to go on\n")
    raise SystemExit(INTERRUPTED) from None


def main() -> None:
    """Run the command line and turn errors into messages and exit codes; SIGTERM is heeded like Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.unraisablehook = _unraisable
    try:
        app()
    except CrowsnestError as error:
        fail(error)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as leaving:
        # Typer turns Ctrl-C into this exit code, without a word.
        if leaving.code == INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(UNAVAILABLE) from None
    except OSError as error:
        fail(UnavailableError("system", f"{error}; nothing that was done before is lost"))
