"""A command run in this process, as its own `main` does."""

from __future__ import annotations

import io
import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from crowsnest.cli.main import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def ask(folder: Path, *arguments: str) -> Done:
    """Run `crowsnest` with the market.toml of `folder`."""
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    settings = str(folder / "market.toml")
    try:
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", ["crowsnest", "--settings", settings, *arguments])
            with pytest.raises(SystemExit) as left:
                main()
    finally:
        signal.signal(signal.SIGTERM, before)
    return Done(int(left.value.code or 0), out.getvalue(), err.getvalue())
