"""`make bench`: every measurement, printed as it is made and written to BENCHMARKS.md.

python -m bench                 all of them
python -m bench read tag        only these; BENCHMARKS.md is then left alone
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
from pathlib import Path

from bench.table import Table, skipped
from market.clock import SystemClock

SLOW = ("places_ablation", "tagscale")
"""Asked for by name only: what each evidence of a place gives, and the tagger's memory and second process."""
MEASURES = (
    "start",
    "read",
    "pool",
    "collect",
    "places",
    "tag",
    "events",
    "stories",
    "index",
    "prices",
    "brief",
    "recall",
)
TARGET = Path(__file__).parents[1] / "BENCHMARKS.md"


def measure(name: str) -> list[Table]:
    """Return the tables of one measurement; its module is loaded only now, so that it starts from nothing."""
    module = importlib.import_module(f"bench.{name}")
    tables: list[Table] = module.tables()
    return tables


def main(names: list[str]) -> int:
    """Measure, print, and write BENCHMARKS.md when everything was measured."""
    unknown = [name for name in names if name not in MEASURES + SLOW]
    if unknown:
        sys.stderr.write(f"bench: no measurement {unknown[0]!r}; known: {', '.join(MEASURES + SLOW)}\n")
        return 2
    parts = [_head()]
    for name in names or MEASURES:
        started = time.monotonic()
        tables = measure(name) or [skipped(name, f"python -m bench {name}", "nothing to measure here")]
        text = f"## {name}\n\n" + "\n".join(table.markdown() for table in tables)
        sys.stdout.write(f"{text}\n({time.monotonic() - started:.0f} s)\n\n")
        sys.stdout.flush()
        parts.append(text)
    if not names:
        TARGET.write_text("\n".join(parts), encoding="utf-8")
        sys.stdout.write(f"written to {TARGET.name}\n")
    return 0


def _head() -> str:
    load = os.getloadavg()[0]
    return (
        "# Benchmarks\n\n"
        "Written by `make bench`. Ratios are measured against a baseline in the same process run, "
        "interleaved, median of five; absolute figures are those of one machine on one day.\n\n"
        f"{SystemClock().now():%Y-%m-%d}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, load {load:.1f} at the start.\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
