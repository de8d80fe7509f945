"""How long the command line takes to answer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench.table import Table

ROUNDS = 9


def _seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], capture_output=True, check=True)
    return time.perf_counter() - started


def tables() -> list[Table]:
    """Return the wall time of `crowsnest --help` beside that of an empty Python and of typer alone."""
    ours, typer, empty = [], [], []
    for _ in range(ROUNDS):
        ours.append(_seconds("-m", "crowsnest", "--help"))
        typer.append(_seconds("-c", "import typer"))
        empty.append(_seconds("-c", "pass"))
    figures = [f"{statistics.median(times) * 1000:.0f} ms" for times in (ours, typer, empty)]
    return [
        Table(
            "Start",
            "python -m bench start",
            ("what", "ours", "import typer", "empty Python", "target"),
            (("crowsnest --help", *figures, "<= 300 ms"),),
        )
    ]
