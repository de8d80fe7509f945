"""Documentation that cannot drift: the generated references are what the code would write now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_generated_references_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/write_docs.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_command_has_an_example() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    without = [part.splitlines()[0] for part in text.split("\n## ")[1:] if "Example:" not in part]
    assert without == []
